package io.etcdmedic.node.nix;

import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.host.ToolAnswer;
import io.etcdmedic.host.ToolCall;
import io.etcdmedic.host.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// nix-instantiate over our own declarations of options: no store, no network, no file outside the configuration's
/// folder, bounded time, memory and output.
///
/// Source: nix-instantiate(1); `--store dummy://` needs neither a store nor root; restrict-eval forbids other paths.
final class NixInstantiate implements AutoCloseable {
    private static final List<String> OWN =
            List.of("lib.nix", "packages.nix", "modules.nix", "options.nix", "eval.nix", "nixpkgs/default.nix");
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int OUTPUT_BYTES_MAX = 16 << 20;
    private static final String MEMORY_BYTES_MAX = Long.toString(4L << 30);
    private final NixFiles files;
    private final Path own;

    private NixInstantiate(NixFiles files, Path own) {
        this.files = files;
        this.own = own;
    }

    static boolean isInstalled() {
        return Tools.find("nix-instantiate").isPresent();
    }

    static NixInstantiate over(NixFiles files) {
        try {
            Path own = Files.createTempDirectory("medic-nix");
            Files.createDirectory(own.resolve("nixpkgs"));
            for (String name : OWN) {
                try (InputStream in = NixInstantiate.class.getResourceAsStream(name)) {
                    if (in == null) {
                        throw new IllegalStateException(name + " is not in the jar");
                    }
                    Files.copy(in, own.resolve(name));
                }
            }
            Files.writeString(own.resolve("names.json"), Json.compact(texts(files.names())));
            return new NixInstantiate(files, own);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What came of one evaluation.
    ///
    /// @param result empty when it failed
    /// @param trouble what nix said, its trace included; empty when it did not fail
    record Answer(Optional<Document> result, String trouble) {}

    /// @param host the host name where the configuration names none; empty for none
    Answer evaluate(String configuration, String host, Set<String> skipped, String sandbox) {
        List<String> argv = new ArrayList<>();
        if (Tools.find("prlimit").isPresent()) {
            argv.addAll(List.of("prlimit", "--as=" + MEMORY_BYTES_MAX));
        }
        argv.addAll(List.of("nix-instantiate", "--eval", "--strict", "--json", "--show-trace", "--store", "dummy://"));
        argv.addAll(option("build-users-group", ""));
        argv.addAll(option("restrict-eval", "true"));
        argv.addAll(option("allow-import-from-derivation", "false"));
        argv.addAll(option("allowed-uris", ""));
        // With a name before it, a path may hold an equals sign.
        argv.addAll(List.of("-I", "medic-own=" + own, "-I", "medic-subject=" + files.folder()));
        argv.add(own.resolve("eval.nix").toString());
        argv.addAll(List.of("--arg", "flake", Boolean.toString(files.isFlake())));
        argv.addAll(text("subject", files.subject().toString()));
        argv.addAll(text("wanted", configuration));
        argv.addAll(text("host", host));
        argv.addAll(text("skipped", Json.compact(texts(skipped))));
        argv.addAll(text("namesFile", own.resolve("names.json").toString()));
        argv.addAll(text("sandbox", sandbox));
        return answer(Tools.run(new ToolCall(argv, TIMEOUT, OUTPUT_BYTES_MAX)));
    }

    /// A path of ours in nix's words is no place that a person could look at.
    boolean isOwn(String path) {
        return path.startsWith(own + "/");
    }

    private static Answer answer(ToolAnswer answer) {
        return switch (answer) {
            case ToolAnswer.Ran ran
            when ran.ok() && !ran.cut() ->
                new Answer(Optional.of(Json.read(io.etcdmedic.bytes.Bytes.utf8(ran.stdout()))), "");
            case ToolAnswer.Ran ran when ran.ok() -> new Answer(Optional.empty(), "error: its answer is too large");
            case ToolAnswer.Ran ran ->
                new Answer(
                        Optional.empty(),
                        ran.stderr().isBlank() ? "error: nix ended with status " + ran.exitStatus() : ran.stderr());
            case ToolAnswer.Missing missing -> new Answer(Optional.empty(), "error: " + missing.why());
            case ToolAnswer.TimedOut late ->
                new Answer(
                        Optional.empty(),
                        "error: no answer within " + late.after().toSeconds() + " s: the evaluation does not end");
        };
    }

    private static List<String> option(String name, String value) {
        return List.of("--option", name, value);
    }

    private static List<String> text(String name, String value) {
        return List.of("--argstr", name, value);
    }

    private static Document texts(Set<String> texts) {
        return new Document.Sequence(
                texts.stream().map(t -> (Document) new Document.Text(t)).toList());
    }

    @Override
    public void close() {
        try (Stream<Path> walk = Files.walk(own)) {
            for (Path path : walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException leftInTmp) {
            // Only our own published sources lie there; the system clears its temporary folder.
        }
    }
}

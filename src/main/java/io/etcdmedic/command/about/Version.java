package io.etcdmedic.command.about;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.connect.Profiles;
import io.etcdmedic.host.ToolAnswer;
import io.etcdmedic.host.ToolCall;
import io.etcdmedic.host.Tools;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import io.etcdmedic.schema.Schema;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;

/// `version`: what a bug report needs.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {"  medic version", "  medic --version           the number alone"})
public final class Version implements Command {
    /// The project's version in pom.xml.
    public static final String NUMBER = "0.1.0";

    private static final String AOT_CACHE = "-XX:AOTCache=";

    @Override
    public Report run(Session session) {
        StringBuilder text = new StringBuilder("medic " + NUMBER + "\n");
        line(text, "commit", commit());
        line(text, "java", Runtime.version() + " (" + property("java.vm.name") + ", " + property("java.vendor") + ")");
        line(text, "start", aheadOfTime());
        line(text, "system", property("os.name") + " " + property("os.version") + " " + property("os.arch"));
        line(text, "terminal", terminal(session));
        line(text, "encoding", property("native.encoding") + ", locale " + Locale.getDefault());
        line(text, "memory", Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB at most");
        line(
                text,
                "configuration",
                Profiles.of(session.environment()).file().resolveSibling("").toString());
        line(text, "state", session.state().path().toString());
        line(text, "schema", "Kubernetes " + Schema.RELEASES);
        libraries().forEach(library -> line(text, "library", library));
        return Report.of(new Content.Prose(text.toString()));
    }

    /// The commit that the build wrote beside the jar.
    private static String commit() {
        return jar().map(jar -> jar.resolveSibling("commit"))
                .flatMap(Version::firstLine)
                .orElse("unknown: not built by scripts/build in a git repository");
    }

    private static Optional<Path> jar() {
        return Arrays.stream(property("java.class.path").split(File.pathSeparator, -1))
                .filter(path -> path.endsWith("/medic.jar"))
                .map(Path::of)
                .findFirst();
    }

    private static Optional<String> firstLine(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.findFirst();
        } catch (IOException | UncheckedIOException notThere) {
            return Optional.empty();
        }
    }

    /// Whether the cache that the launcher names fits this JVM and these jars; one that does not is passed over.
    private static String aheadOfTime() {
        Optional<String> named = firstLine(Path.of("/proc/self/cmdline")).stream()
                .flatMap(line -> Arrays.stream(line.split("\u0000", -1)))
                .filter(word -> word.startsWith(AOT_CACHE))
                .map(word -> word.substring(AOT_CACHE.length()))
                .findFirst();
        boolean shares = property("java.vm.info").contains("sharing");
        return named.map(file ->
                        (shares ? "with" : "without, because it does not fit:") + " the ahead-of-time cache " + file)
                .orElse("without an ahead-of-time cache");
    }

    private static String terminal(Session session) {
        String type = session.environment().getOrDefault("TERM", "none");
        if (!session.console().terminal()) {
            return type + ", output is no terminal";
        }
        return Tools.run(ToolCall.of("stty", "-F", "/dev/tty", "size")) instanceof ToolAnswer.Ran ran && ran.ok()
                ? type + ", " + ran.stdout().strip().replace(" ", " lines of ") + " columns"
                : type;
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name).append(' ').append(value).append('\n');
    }

    private static String property(String name) {
        return System.getProperty(name, "unknown");
    }

    /// The libraries that answers depend on, as their files are called.
    private static List<String> libraries() {
        return Arrays.stream(property("java.class.path").split(File.pathSeparator, -1))
                .map(path -> path.substring(path.lastIndexOf('/') + 1))
                .filter(name -> name.matches(
                        "(jetcd-core|grpc-netty|netty-handler|protobuf-java|client-java-api|client-java|picocli|jline"
                                + "|jackson-core|snakeyaml-engine)-[0-9].*\\.jar"))
                .map(name -> name.substring(0, name.length() - ".jar".length()))
                .sorted()
                .toList();
    }
}

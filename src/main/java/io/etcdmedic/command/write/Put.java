package io.etcdmedic.command.write;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.command.Command;
import io.etcdmedic.command.KeyWords;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.change.ChangeOptions;
import io.etcdmedic.document.Document;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.IoReason;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.render.Report;
import io.etcdmedic.runbook.keys.Edited;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// `put KEY`: writes one key, from a document or from the stored bytes.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic put svc/web -n shop --file web.yaml        stored as it was stored",
            "  medic put svc/web -n shop --file web.bin --raw   these very bytes",
            "  medic put /registry/ranges/serviceips --raw --plan p < bytes",
            "etcdctl put takes the bytes of an argument or of a terminal, and loses some of them."
        })
public final class Put implements Command {
    /// Twice what etcd takes by default (`--max-request-bytes`, 1.5 MiB), for clusters that raised it.
    private static final int VALUE_BYTES_MAX = 64 << 20;

    @CommandLine.Parameters(arity = "1..*", paramLabel = "KEY", description = "one key, or a resource and a name")
    private List<String> words = new ArrayList<>();

    @CommandLine.Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description = "namespace (default: default)")
    private Optional<String> namespace = Optional.empty();

    @CommandLine.Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "where the value is (default: standard input)")
    private Optional<Path> file = Optional.empty();

    @CommandLine.Option(names = "--raw", description = "the bytes are stored as they are")
    private boolean raw;

    @CommandLine.Mixin
    private ChangeOptions options = new ChangeOptions();

    @Override
    public Report run(Session session) {
        Key key = one(session, namespace, words);
        Storing storing = new Storing(session, "put", key, options);
        Bytes given = given(session);
        Optional<Entry> seen = session.keyspace().get(key);
        if (raw) {
            return storing.raw(given, seen);
        }
        String where = file.map(Path::toString).orElse("standard input");
        Document wanted = Storing.read(given, where);
        Optional<Document> before = seen.map(entry -> session.codec().document(entry));
        Edited edited = new Edited(before, wanted).check(where);
        session.registry().parse(key.bytes()).ifPresent(name -> edited.belongs(name, where));
        return storing.document(edited, seen);
    }

    static Key one(Session session, Optional<String> namespace, List<String> words) {
        List<Key> keys = new KeyWords(session, namespace.orElseGet(session::namespace))
                .parse(words)
                .keys();
        if (keys.size() != 1) {
            throw new Failure.Usage(Problem.in("reading the command line")
                    .found(keys.size() + " keys")
                    .expected("one"));
        }
        return keys.getFirst();
    }

    private Bytes given(Session session) {
        Problem reading = Problem.in("reading " + file.map(Path::toString).orElse("standard input"));
        try {
            byte[] bytes;
            if (file.isPresent()) {
                try (var in = Files.newInputStream(file.get())) {
                    bytes = in.readNBytes(VALUE_BYTES_MAX + 1);
                }
            } else {
                bytes = session.console().in().readNBytes(VALUE_BYTES_MAX + 1);
            }
            if (bytes.length == 0 || bytes.length > VALUE_BYTES_MAX) {
                throw new Failure.Usage(reading.found(bytes.length == 0 ? "nothing" : "more than 64 MiB")
                        .expected("a value"));
            }
            return Bytes.owned(bytes);
        } catch (IOException e) {
            throw new Failure.Unreachable(reading.found(IoReason.of(e))).because(e);
        }
    }
}

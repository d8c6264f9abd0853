package io.etcdmedic.command.file;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.Codec;
import io.etcdmedic.codec.Display;
import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Format;
import io.etcdmedic.render.Report;
import io.etcdmedic.render.Yaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import picocli.CommandLine;

/// `decode [FILE…]`: stored values from files, or from standard input, as objects.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  etcdctl get /registry/pods/shop/web | medic decode       the key line is understood",
            "  medic decode pod.pb -o json",
            "  medic decode *.pb                                        a line of JSON for each file",
            "  medic decode damaged.pb -o proto                         fields and offsets, up to the damage",
            "  medic decode secret.bin --encryption-config enc.yaml     the key line is needed for aesgcm and kms"
        })
public final class Decode implements Command {
    private static final List<Column> META = List.of(
            Column.of("FILE", "file"),
            Column.of("ENCODING", "encoding"),
            Column.of("APIVERSION", "apiVersion"),
            Column.of("KIND", "kind"),
            Column.of("NAMESPACE", "namespace"),
            Column.of("NAME", "name"),
            Column.bytes("SIZE", "valueBytes"),
            Column.of("ERROR", "error"));
    private static final List<Column> WIRE = List.of(
            Column.of("OFFSET", "offset"),
            Column.of("NUMBER", "number"),
            Column.of("WIRE", "wire"),
            Column.of("FIELD", "field"),
            Column.of("VALUE", "value"));

    @CommandLine.Parameters(arity = "0..*", paramLabel = "FILE", description = "stored values; standard input if none")
    private List<Path> files = new ArrayList<>();

    @Override
    public Report run(Session session) {
        Codec codec = session.fileCodec();
        Display display = session.display(codec);
        List<Path> inputs = Inputs.of(files);
        return Report.of(
                switch (session.format(Format.YAML)) {
                    case META -> new Content.Table(META, each(inputs, file -> meta(file, display, session)));
                    case PROTO -> proto(inputs, display, session);
                    case JSON, YAML, JSONL, TABLE, WIDE, NAME, RAW, HEX ->
                        inputs.size() == 1
                                ? single(inputs.getFirst(), display, session)
                                : new Content.Lines(each(inputs, file -> line(file, display, session)));
                });
    }

    private static Content single(Path file, Display display, Session session) {
        StoredFile stored = StoredFile.of(file, Inputs.read(file, session));
        Document object = stored.object(display);
        return session.options().output().isEmpty()
                ? new Content.Raw(Bytes.utf8(Yaml.of(object)))
                : new Content.Items(List.of(new Content.Item(stored.key().bytes(), object)), true);
    }

    private static Bytes line(Path file, Display display, Session session) {
        SequencedMap<String, Document> fields = new LinkedHashMap<>();
        fields.put("file", new Document.Text(file.toString()));
        try {
            fields.put("object", StoredFile.of(file, Inputs.read(file, session)).object(display));
        } catch (Failure failure) {
            fields.put("error", new Document.Text(failure.problem().message()));
        }
        return Json.compactBytes(new Document.Mapping(fields)).concat(Bytes.utf8("\n"));
    }

    private static List<Document> meta(Path file, Display display, Session session) {
        StoredFile stored = StoredFile.of(file, Inputs.read(file, session));
        Document object = Document.Mapping.EMPTY;
        Document error = Document.Nil.NULL;
        try {
            object = stored.object(display);
        } catch (Failure failure) {
            error = new Document.Text(failure.problem().message());
        }
        return List.of(
                new Document.Text(file.toString()),
                new Document.Text(stored.encoding()),
                object.at("apiVersion").orElse(Document.Nil.NULL),
                object.at("kind").orElse(Document.Nil.NULL),
                object.at("metadata", "namespace").orElse(Document.Nil.NULL),
                object.at("metadata", "name").orElse(Document.Nil.NULL),
                new Document.Whole(stored.value().length()),
                error);
    }

    private static Content proto(List<Path> inputs, Display display, Session session) {
        List<Content.Part> parts = new ArrayList<>();
        for (Path file : inputs) {
            StoredFile stored = StoredFile.of(file, Inputs.read(file, session));
            Bytes plain = display.codec().decrypted(stored.key(), stored.value());
            if (display.hides(stored.key(), plain)) {
                throw new Failure.Refused(Problem.in("showing " + file)
                        .found("bytes that hold a secret")
                        .hint("--show-secrets shows them"));
            }
            List<List<Document>> rows = display.codec().outline(stored.key(), plain).stream()
                    .<List<Document>>map(l -> List.of(
                            new Document.Whole(l.offset()),
                            new Document.Whole(l.number()),
                            new Document.Text(l.wire()),
                            new Document.Text("  ".repeat(l.depth()) + l.field()),
                            new Document.Text(l.value())))
                    .toList();
            parts.add(new Content.Part(file.toString(), file.toString(), new Content.Table(WIRE, rows)));
        }
        return parts.size() == 1 ? parts.getFirst().content() : new Content.Parts(parts);
    }

    private interface OfFile<T> {
        T of(Path file);
    }

    /// File by file, so that any number of them fits in memory.
    private static <T> Iterator<T> each(List<Path> files, OfFile<T> made) {
        return files.stream().map(made::of).iterator();
    }
}

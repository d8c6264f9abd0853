package io.etcdmedic.command.file;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.Codec;
import io.etcdmedic.codec.Encoding;
import io.etcdmedic.codec.protobuf.Encoder;
import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.document.YamlReader;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.DurableFile;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// `encode [FILE…]`: objects as JSON or YAML, from files or from standard input, as the bytes that Kubernetes
/// stores.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic encode pod.yaml > pod.pb                           protobuf, if the kind is built in",
            "  medic encode --to json widget.yaml",
            "  medic encode --out-dir stored *.json                     stored/NAME.pb for each NAME.json",
            "  medic decode pod.pb -o json | medic encode | cmp - pod.pb",
            "Nothing is written to etcd; a document in which a secret is not shown is refused."
        })
public final class Encode implements Command {
    private static final List<Column> COLUMNS =
            List.of(Column.of("FILE", "file"), Column.of("WRITTEN", "written"), Column.bytes("SIZE", "valueBytes"));

    @CommandLine.Parameters(arity = "0..*", paramLabel = "FILE", description = "JSON or YAML; standard input if none")
    private List<Path> files = new ArrayList<>();

    @CommandLine.Option(
            names = "--to",
            paramLabel = "FORMAT",
            description = "protobuf, json or cbor (default: protobuf, and json for custom resources)")
    private Optional<Encoding> to = Optional.empty();

    @CommandLine.Option(names = "--out-dir", paramLabel = "DIR", description = "write NAME.pb there for each NAME.json")
    private Optional<Path> folder = Optional.empty();

    @CommandLine.Option(
            names = "--keep-dropped",
            description = "keep fields that the newest Kubernetes has dropped (default: leave them out and say so)")
    private boolean keepDropped;

    @Override
    public Report run(Session session) {
        Codec codec = session.fileCodec();
        List<Path> inputs = Inputs.of(files);
        if (folder.isPresent()) {
            return written(inputs, codec, folder.get(), session);
        }
        if (inputs.size() > 1) {
            throw new Failure.Usage(Problem.in("reading the command line")
                    .found(inputs.size() + " files")
                    .expected("--out-dir DIR, or one file"));
        }
        List<Document> documents = documents(inputs.getFirst(), session);
        if (documents.size() != 1) {
            throw new Failure.Usage(Problem.in("reading " + inputs.getFirst())
                    .found(documents.size() + " documents")
                    .expected("--out-dir DIR, or one document"));
        }
        Encoder.Newest made = encoded(codec, documents.getFirst());
        return saying(Report.of(new Content.Raw(made.value())), inputs.getFirst(), made.dropped());
    }

    private Encoder.Newest encoded(Codec codec, Document document) {
        if (!keepDropped) {
            return codec.newest(document, to);
        }
        Bytes kept = to.map(encoding -> codec.encode(document, encoding))
                .orElseGet(() -> codec.encode(document, Bytes.EMPTY));
        return new Encoder.Newest(kept, List.of());
    }

    private static Report saying(Report report, Path file, List<String> dropped) {
        return dropped.isEmpty()
                ? report
                : report.saying("medic: " + file + ": left out " + String.join(", ", dropped)
                        + ", which the newest Kubernetes does not know; --keep-dropped keeps it");
    }

    /// Every file is encoded before the first is written.
    private Report written(List<Path> inputs, Codec codec, Path folder, Session session) {
        record Made(Path from, Path file, Encoder.Newest encoded) {}
        List<Made> made = new ArrayList<>();
        for (Path input : inputs) {
            List<Document> documents = documents(input, session);
            for (int i = 0; i < documents.size(); i++) {
                Encoder.Newest encoded = encoded(codec, documents.get(i));
                String number = documents.size() == 1 ? "" : "-" + (i + 1);
                Path file = folder.resolve(stem(input) + number + suffix(encoded.value()));
                if (Files.exists(file)
                        && file.toAbsolutePath()
                                .normalize()
                                .equals(input.toAbsolutePath().normalize())) {
                    throw new Failure.Refused(Problem.in("writing " + file)
                            .found("the file that is read")
                            .expected("another folder in --out-dir"));
                }
                made.add(new Made(input, file, encoded));
            }
        }
        DurableFile.folder(folder);
        List<List<Document>> rows = new ArrayList<>();
        for (Made one : made) {
            DurableFile.write(one.file(), one.encoded().value());
            rows.add(List.of(
                    new Document.Text(one.from().toString()),
                    new Document.Text(one.file().toString()),
                    new Document.Whole(one.encoded().value().length())));
        }
        Report report = Report.of(new Content.Table(COLUMNS, rows));
        for (Made one : made) {
            report = saying(report, one.from(), one.encoded().dropped());
        }
        return report;
    }

    private static String suffix(Bytes value) {
        return switch (Encoding.of(value).orElseThrow()) {
            case PROTOBUF -> ".pb";
            case JSON -> ".json";
            case CBOR -> ".cbor";
        };
    }

    private static String stem(Path input) {
        Path last = input.getFileName();
        String name = last == null || input.equals(Inputs.STANDARD) ? "stdin" : last.toString();
        return name.replaceFirst("\\.(json|ya?ml)$", "");
    }

    private static List<Document> documents(Path file, Session session) {
        Bytes content = Inputs.read(file, session);
        if (Encoding.of(content).filter(e -> e == Encoding.JSON).isPresent()) {
            return List.of(Json.read(content));
        }
        return YamlReader.readAll(content, file.equals(Inputs.STANDARD) ? "standard input" : file.toString());
    }
}

package io.etcdmedic.archive;

import io.etcdmedic.archive.Manifest.ArchivedFile;
import io.etcdmedic.archive.Manifest.ArchivedKey;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The manifest of an archive, read line by line while it passes: one line is in memory at a time.
final class ManifestLines {
    static final String NAME = "manifest.jsonl";

    /// etcd takes keys of 1.5 MiB (`--max-request-bytes`), and an escaped byte takes four.
    private static final int LINE_BYTES_MAX = 7 << 20;

    private final Path archive;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final List<ArchivedKey> keys = new ArrayList<>();
    private final List<ArchivedFile> files = new ArrayList<>();
    private long lines;
    private Optional<Manifest.Head> head = Optional.empty();

    ManifestLines(Path archive) {
        this.archive = archive;
    }

    ArchiveStream.Sink sink(String name) {
        return name.equals(NAME) ? this::take : ArchiveStream.Sink.NOWHERE;
    }

    private void take(byte[] piece, int length) {
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (piece[i] == '\n') {
                line.write(piece, start, i - start);
                ended();
                start = i + 1;
            }
        }
        line.write(piece, start, length - start);
        if (line.size() > LINE_BYTES_MAX) {
            throw Archive.corrupt(archive, "a line of more than " + LINE_BYTES_MAX + " bytes in its manifest");
        }
    }

    private void ended() {
        Bytes text = Bytes.owned(line.toByteArray());
        line.reset();
        lines++;
        try {
            take(Json.read(text));
        } catch (Failure.Corrupt wrong) {
            throw Archive.corrupt(
                            archive,
                            "line " + lines + " of its manifest: "
                                    + wrong.problem().message())
                    .because(wrong);
        }
    }

    private void take(Document read) {
        if (head.isEmpty()) {
            head = Optional.of(head(read));
        } else if (read.at("path").isPresent()) {
            files.add(Manifest.FORM.read(ArchivedFile.class, read));
        } else {
            keys.add(Manifest.FORM.read(ArchivedKey.class, read));
        }
    }

    private Manifest.Head head(Document first) {
        long format = first.whole("format").orElse(-1);
        if (format != Manifest.FORMAT) {
            throw new Failure.Refused(Problem.in("reading the archive " + archive)
                    .found("it has format " + format)
                    .expected("format " + Manifest.FORMAT + ", which this version of medic reads"));
        }
        return Manifest.FORM.read(Manifest.Head.class, first);
    }

    /// @throws Failure.Corrupt when there was none, or it broke off
    Manifest whole() {
        if (line.size() > 0) {
            throw Archive.corrupt(archive, "a manifest that breaks off");
        }
        return new Manifest(
                head.orElseThrow(() -> Archive.corrupt(archive, "no manifest, or an empty one")), keys, files);
    }
}

package io.etcdmedic.archive;

import io.etcdmedic.archive.Manifest.ArchivedFile;
import io.etcdmedic.archive.Manifest.ArchivedKey;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/// The manifest of an archive, read line by line: one line is in memory at a time.
final class ManifestLines {
    static final String NAME = "manifest.jsonl";

    /// etcd takes keys of 1.5 MiB (`--max-request-bytes`), and an escaped byte takes four.
    private static final int LINE_BYTES_MAX = 7 << 20;

    private final Path archive;
    private final InputStream content;
    private final Manifest.Head head;
    private final byte[] piece = new byte[1 << 16];
    private int at;
    private int end;
    private long lines;

    /// Reads the head.
    ///
    /// @throws Failure.Corrupt when there is none
    /// @throws Failure.Refused when it is of another format
    ManifestLines(Path archive, InputStream content) throws IOException {
        this.archive = archive;
        this.content = content;
        this.head = head(read(line().orElseThrow(() -> none(archive))));
    }

    static Failure.Corrupt none(Path archive) {
        return Archive.corrupt(archive, "no manifest, or an empty one");
    }

    Manifest.Head head() {
        return head;
    }

    /// The next line; empty at the end.
    ///
    /// @throws Failure.Corrupt when it is none, or the manifest breaks off in it
    Optional<Manifest.Line> next() throws IOException {
        Optional<Bytes> text = line();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Document read = read(text.get());
        try {
            return Optional.of(
                    read.at("path").isPresent()
                            ? Manifest.FORM.read(ArchivedFile.class, read)
                            : Manifest.FORM.read(ArchivedKey.class, read));
        } catch (Failure.Corrupt wrong) {
            throw unread(wrong);
        }
    }

    private Document read(Bytes line) {
        lines++;
        try {
            return Json.read(line);
        } catch (Failure.Corrupt wrong) {
            throw unread(wrong);
        }
    }

    private Failure unread(Failure.Corrupt wrong) {
        return Archive.corrupt(
                        archive,
                        "line " + lines + " of its manifest: " + wrong.problem().message())
                .because(wrong);
    }

    private Manifest.Head head(Document first) {
        long format = first.whole("format").orElse(-1);
        if (format != Manifest.FORMAT) {
            throw new Failure.Refused(Problem.in("reading the archive " + archive)
                    .found("it has format " + format)
                    .expected("format " + Manifest.FORMAT + ", which this version of medic reads"));
        }
        try {
            return Manifest.FORM.read(Manifest.Head.class, first);
        } catch (Failure.Corrupt wrong) {
            throw unread(wrong);
        }
    }

    private Optional<Bytes> line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (at < end || filled()) {
            int start = at;
            while (at < end && piece[at] != '\n') {
                at++;
            }
            line.write(piece, start, at - start);
            if (at < end) {
                at++;
                return Optional.of(Bytes.owned(line.toByteArray()));
            }
            if (line.size() > LINE_BYTES_MAX) {
                throw Archive.corrupt(archive, "a line of more than " + LINE_BYTES_MAX + " bytes in its manifest");
            }
        }
        if (line.size() > 0) {
            throw Archive.corrupt(archive, "a manifest that breaks off");
        }
        return Optional.empty();
    }

    private boolean filled() throws IOException {
        at = 0;
        end = Math.max(0, content.read(piece, 0, piece.length));
        return end > 0;
    }
}

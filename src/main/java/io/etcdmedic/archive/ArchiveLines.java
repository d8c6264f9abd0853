package io.etcdmedic.archive;

import io.etcdmedic.failure.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/// The lines of an archive's manifest, as they are asked for: they lie behind all its values.
public final class ArchiveLines implements Iterator<Manifest.Line>, AutoCloseable {
    private final Archive archive;
    private final ArchiveStream files;
    private final ManifestLines lines;
    private Optional<Manifest.Line> next;

    /// @throws Failure as [Archive#open]
    ArchiveLines(Archive archive) {
        this.archive = archive;
        try {
            this.files = archive.again();
            this.lines = manifest(archive.path(), files);
            this.next = lines.next();
        } catch (IOException e) {
            throw Archive.unreachable(archive.path(), e);
        }
    }

    private static ManifestLines manifest(Path path, ArchiveStream files) throws IOException {
        for (Optional<Tar> file = files.next(); file.isPresent(); file = files.next()) {
            if (file.get().name().equals(ManifestLines.NAME)) {
                return new ManifestLines(path, files.content());
            }
        }
        throw ManifestLines.none(path);
    }

    @Override
    public boolean hasNext() {
        return next.isPresent();
    }

    @Override
    public Manifest.Line next() {
        Manifest.Line line = next.orElseThrow(NoSuchElementException::new);
        try {
            next = lines.next();
        } catch (IOException e) {
            throw Archive.unreachable(archive.path(), e);
        }
        return line;
    }

    @Override
    public void close() {
        try {
            files.close();
        } catch (IOException e) {
            throw Archive.unreachable(archive.path(), e);
        }
    }
}

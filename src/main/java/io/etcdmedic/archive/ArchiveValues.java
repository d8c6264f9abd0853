package io.etcdmedic.archive;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;

/// An archive's values, by the number of their file: read onward from where the last ones were, which is where the
/// next ones of a walk in key order lie.
final class ArchiveValues implements AutoCloseable {
    /// A value that several keys have lies where the first of them is. Small ones are kept for the others.
    private static final int SHARED_BYTES_MAX = 4096;

    private static final long KEPT_BYTES_MAX = 8L << 20;

    private final Archive archive;
    private final ArchiveIndex index;
    private final Map<Integer, Bytes> known;
    private final Map<Integer, Bytes> kept = new HashMap<>();
    private Map<Integer, Bytes> batch = Map.of();
    private long keptBytes;
    private Optional<ArchiveStream> files = Optional.empty();
    private int passed;

    /// @param known what need not be read
    ArchiveValues(Archive archive, ArchiveIndex index, Map<Integer, Bytes> known) {
        this.archive = archive;
        this.index = index;
        this.known = known;
    }

    /// Whether it need not be read.
    boolean has(int file) {
        return known.containsKey(file) || kept.containsKey(file);
    }

    /// One that was wanted last, or that is had anyway.
    Bytes get(int file) {
        return Optional.ofNullable(batch.get(file))
                .or(() -> Optional.ofNullable(kept.get(file)))
                .or(() -> Optional.ofNullable(known.get(file)))
                .orElseThrow(() -> new IllegalStateException("a value that was not read"));
    }

    /// All that were wanted last.
    Map<Integer, Bytes> batch() {
        return batch;
    }

    /// Reads those that are wanted, in place of the last ones.
    ///
    /// @throws Failure as [Archive#open]
    void read(NavigableSet<Integer> wanted) {
        Map<Integer, Bytes> values = new HashMap<>();
        batch = values;
        try {
            if (!wanted.isEmpty() && (files.isEmpty() || passed > wanted.first())) {
                close();
                files = Optional.of(archive.again());
                passed = 0;
            }
            while (values.size() < wanted.size()) {
                pass(files.orElseThrow(), wanted, values);
            }
        } catch (IOException e) {
            throw Archive.unreachable(archive.path(), e);
        }
    }

    private void pass(ArchiveStream stream, NavigableSet<Integer> wanted, Map<Integer, Bytes> values)
            throws IOException {
        Tar header = stream.next().orElseThrow(() -> ManifestLines.none(archive.path()));
        int number = passed++;
        boolean keeps = keeps(number, header);
        if (!keeps && !wanted.contains(number)) {
            return;
        }
        Bytes content = archive.content(stream, header);
        if (keeps) {
            kept.put(number, content);
            keptBytes += content.length();
        }
        if (wanted.contains(number)) {
            values.put(number, content);
        }
    }

    private boolean keeps(int number, Tar header) {
        return index.isShared(number)
                && !kept.containsKey(number)
                && header.size() <= SHARED_BYTES_MAX
                && keptBytes + header.size() <= KEPT_BYTES_MAX;
    }

    @Override
    public void close() {
        try {
            if (files.isPresent()) {
                files.get().close();
                files = Optional.empty();
            }
        } catch (IOException e) {
            throw Archive.unreachable(archive.path(), e);
        }
    }
}

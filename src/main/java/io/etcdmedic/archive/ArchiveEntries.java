package io.etcdmedic.archive;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Revision;
import java.util.NavigableSet;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeSet;

/// A walk through an archive's keys, with their values a batch at a time.
final class ArchiveEntries implements Entries {
    private static final long BATCH_BYTES_MAX = 8L << 20;
    private static final int BATCH_KEYS_MAX = 20_000;

    private final Revision revision;
    private final ArchiveIndex index;
    private final int end;
    private final Optional<ArchiveValues> values;
    private int at;
    private int batchEnd;

    /// @param values empty: none are wanted
    ArchiveEntries(Revision revision, ArchiveIndex index, int from, int end, Optional<ArchiveValues> values) {
        this.revision = revision;
        this.index = index;
        this.at = from;
        this.batchEnd = from;
        this.end = end;
        this.values = values;
    }

    @Override
    public Revision revision() {
        return revision;
    }

    @Override
    public boolean hasNext() {
        return at < end;
    }

    @Override
    public Entry next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        if (values.isEmpty()) {
            return index.entry(at++, Bytes.EMPTY);
        }
        if (at == batchEnd) {
            values.get().read(ahead(values.get()));
        }
        Bytes value = values.get().get(index.file(at));
        return index.entry(at++, value);
    }

    /// The files of the next keys: as many as fit, and one at least.
    private NavigableSet<Integer> ahead(ArchiveValues known) {
        NavigableSet<Integer> files = new TreeSet<>();
        long bytes = 0;
        while (batchEnd < end && batchEnd - at < BATCH_KEYS_MAX) {
            int file = index.file(batchEnd);
            if (!known.has(file) && !files.contains(file)) {
                bytes += index.valueBytes(batchEnd);
                if (bytes > BATCH_BYTES_MAX && !files.isEmpty()) {
                    break;
                }
                files.add(file);
            }
            batchEnd++;
        }
        return files;
    }

    @Override
    public void close() {
        values.ifPresent(ArchiveValues::close);
    }
}

package io.etcdmedic.snapshot;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import java.util.NoSuchElementException;

/// The live keys of a range at one revision, in key order.
final class RangeEntries implements Entries {
    private final SnapshotKeyspace keyspace;
    private final KeyIndex index;
    private final int[] order;
    private final int end;
    private final long revision;
    private final Scan.Content content;
    private int next;
    private int change = -1;

    RangeEntries(SnapshotKeyspace keyspace, KeyIndex index, KeyRange range, long revision, Scan.Content content) {
        this.keyspace = keyspace;
        this.index = index;
        this.order = index.order();
        this.next = index.lowerBound(range.from());
        this.end = index.upperBound(range);
        this.revision = revision;
        this.content = content;
    }

    @Override
    public Revision revision() {
        return Revision.of(revision);
    }

    @Override
    public boolean hasNext() {
        while (change < 0 && next < end) {
            int found = index.newestAt(order[next++], revision);
            change = found >= 0 && !index.tombstone(found) ? found : -1;
        }
        return change >= 0;
    }

    @Override
    public Entry next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Entry entry = keyspace.entry(change);
        change = -1;
        return content == Scan.Content.VALUES ? entry : withoutValue(entry);
    }

    static Entry withoutValue(Entry entry) {
        return new Entry(
                entry.key(), Bytes.EMPTY, entry.createRevision(), entry.modRevision(), entry.version(), entry.lease());
    }

    @Override
    public void close() {
        next = end;
        change = -1;
    }
}

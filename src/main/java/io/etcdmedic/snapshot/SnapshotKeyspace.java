package io.etcdmedic.snapshot;

import io.etcdmedic.bbolt.BoltFile;
import io.etcdmedic.bbolt.Bucket;
import io.etcdmedic.bytes.Progress;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Change;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Gone;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.keyspace.Sizes;
import io.etcdmedic.keyspace.Source;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// An etcd database file as a keyspace, at every revision that it still holds.
///
/// The index is built at the first read, by one walk through the file; values are read from the file when asked for.
/// Any number of threads may read.
public final class SnapshotKeyspace implements Keyspace {
    /// The prefix's landmark, a key, and one to spare: a search takes a quarter of the time of the index.
    private static final int LOOKUPS_MAX = 3;

    private final BoltFile file;
    private final Compaction compaction;
    private final long lastMain;
    private volatile Progress progress = Progress.UNSEEN;
    /// Who listens may change during a walk.
    private final Progress relay = new Progress() {
        @Override
        public void at(long done, long all) {
            progress.at(done, all);
        }

        @Override
        public void end() {
            progress.end();
        }
    };

    private Optional<KeyIndex> built = Optional.empty();
    private int lookups;

    SnapshotKeyspace(BoltFile file) {
        this.file = file;
        this.compaction = Compaction.of(file);
        this.lastMain = Lookup.lastMain(file.root().bucket("key"));
    }

    @Override
    public Source source() {
        return new Source(Source.Kind.SNAPSHOT, file.path().toString(), "");
    }

    @Override
    public Revision revision() {
        long last = lastMain > 0 ? lastMain : index().lastMain();
        return Revision.of(Math.max(Math.max(1, last), compaction.revision()));
    }

    @Override
    public Revision oldest() {
        return Revision.of(Math.max(1, compaction.revision()));
    }

    /// From now on `listener` is told, in bytes, of every walk through the whole file, one that has begun included.
    public void tell(Progress listener) {
        progress = listener;
    }

    /// How far the history is compacted.
    public Compaction compaction() {
        return compaction;
    }

    /// The changes that cannot be decoded, of which nothing is in this keyspace; at most 1,000 of them.
    public List<StoredFault> faults() {
        return index().faults();
    }

    /// What the file says beside the keys: members, leases, versions.
    public SnapshotFacts facts() {
        return SnapshotFacts.of(file);
    }

    /// The hash by which etcd's members compare themselves, at `at` or now.
    ///
    /// @throws Failure.Compacted when history at `at` is compacted away
    public KeyspaceHash hash(Optional<Revision> at) {
        return KeyspaceHash.of(this, Revision.of(pin(at)));
    }

    @Override
    public Optional<Entry> get(Key key, Optional<Revision> at) {
        long revision = pin(at);
        if (isLookup()) {
            return Lookup.newest(file, key, revision);
        }
        int id = index().find(key);
        if (id < 0) {
            return Optional.empty();
        }
        int change = index().newestAt(id, revision);
        return change < 0 || index().tombstone(change) ? Optional.empty() : Optional.of(entry(change));
    }

    @Override
    public Entries scan(KeyRange range, Scan scan) {
        long revision = pin(scan.revision());
        return new RangeEntries(this, index(), range, revision, scan.content());
    }

    @Override
    public long count(KeyRange range, Optional<Revision> at) {
        long revision = pin(at);
        int[] order = index().order();
        int end = index().upperBound(range);
        long count = 0;
        for (int i = index().lowerBound(range.from()); i < end; i++) {
            int change = index().newestAt(order[i], revision);
            if (change >= 0 && !index().tombstone(change)) {
                count++;
            }
        }
        return count;
    }

    @Override
    public void sizes(KeyRange range, Optional<Revision> at, Sizes sizes) {
        long revision = pin(at);
        file.root()
                .bucket("key")
                .map(bucket -> file.telling(relay, file.dataBytes(), () -> LiveSizes.at(revision, bucket)))
                .ifPresent(live -> live.each(range, sizes));
    }

    @Override
    public List<Change> history(Key key) {
        int id = index().find(key);
        if (id < 0) {
            return List.of();
        }
        List<Change> changes = new ArrayList<>();
        for (int change = index().newest(id); change >= 0; change = index().previous(change)) {
            changes.add(change(key, change));
        }
        Collections.reverse(changes);
        return List.copyOf(changes);
    }

    @Override
    public List<Gone> gone(KeyRange range) {
        KeyIndex index = index();
        int[] order = index.order();
        int end = index.upperBound(range);
        List<Gone> gone = new ArrayList<>();
        for (int i = index.lowerBound(range.from()); i < end; i++) {
            int deletion = index.newest(order[i]);
            if (index.tombstone(deletion)) {
                Revision deleted = Revision.of(index.main(deletion));
                lastPut(deletion).ifPresent(put -> gone.add(Gone.of(entry(put), deleted)));
            }
        }
        return List.copyOf(gone);
    }

    /// The newest change at or before `change`, of the same key, that is no deletion.
    private Optional<Integer> lastPut(int change) {
        int put = change;
        while (put >= 0 && index().tombstone(put)) {
            put = index().previous(put);
        }
        return put < 0 ? Optional.empty() : Optional.of(put);
    }

    /// A few single keys are found faster by as many searches than by an index of all.
    private synchronized boolean isLookup() {
        return built.isEmpty() && lookups++ < LOOKUPS_MAX;
    }

    private Change change(Key key, int change) {
        return index().tombstone(change)
                ? new Change.Delete(key, Revision.of(index().main(change)))
                : new Change.Put(entry(change));
    }

    /// The entry that a change left.
    ///
    /// @throws Failure.Corrupt when its bytes are not what they were when the index was made
    Entry entry(int change) {
        KeyIndex index = index();
        return StoredEntry.read(file, index.place(change), index.length(change), index.main(change));
    }

    BoltFile file() {
        return file;
    }

    synchronized KeyIndex index() {
        if (built.isEmpty()) {
            Optional<Bucket> bucket = file.root().bucket("key");
            built = Optional.of(file.telling(relay, file.dataBytes(), () -> KeyIndex.of(bucket)));
        }
        return built.get();
    }

    private long pin(Optional<Revision> at) {
        if (at.isEmpty() || at.get().number() == 0) {
            return revision().number();
        }
        long wanted = at.get().number();
        Problem reading = Problem.in("reading " + file.path() + " at revision " + wanted);
        if (wanted < compaction.revision()) {
            throw new Failure.Compacted(reading.found("history is compacted up to revision " + compaction.revision())
                    .expected("a revision from " + oldest() + " to " + revision()));
        }
        if (wanted > revision().number()) {
            throw new Failure.Refused(reading.found("the file ends at revision " + revision())
                    .expected("a revision from " + oldest() + " to " + revision()));
        }
        return wanted;
    }

    @Override
    public void close() {
        file.close();
    }
}

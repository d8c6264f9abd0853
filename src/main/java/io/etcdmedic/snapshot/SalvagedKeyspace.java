package io.etcdmedic.snapshot;

import io.etcdmedic.bbolt.BoltFile;
import io.etcdmedic.bbolt.PageFault;
import io.etcdmedic.bbolt.Structure;
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
import io.etcdmedic.keyspace.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/// What was salvaged from a damaged file: the newest change of each key that could be found, at one revision only.
///
/// The keys were found one by one: together they are no state that the cluster ever was in.
public final class SalvagedKeyspace implements Keyspace {
    private final BoltFile file;
    private final Structure structure;
    private final SalvagedKeys keys;
    private final Salvage.Tally tally;
    private final int[] order;
    private Salvage.Certainty believed = Salvage.Certainty.FREED;

    SalvagedKeyspace(BoltFile file, Structure structure, SalvagedKeys keys, Salvage.Tally tally) {
        this.file = file;
        this.structure = structure;
        this.keys = keys;
        this.tally = tally;
        this.order = keys.order();
    }

    /// Takes as there only what is at least as sure as `least`; [#found] still tells everything.
    ///
    /// Pages that are free may bring back what was deleted and compacted since.
    public SalvagedKeyspace believing(Salvage.Certainty least) {
        believed = least;
        return this;
    }

    /// How many live keys were found with this certainty, believed or not.
    public long keysWith(Salvage.Certainty certainty) {
        return java.util.Arrays.stream(order)
                .filter(id -> !keys.deleted(id) && keys.certainty(id) == certainty)
                .count();
    }

    /// One key that was found.
    ///
    /// @param deleted whether its newest change is a deletion
    /// @param page the page that holds the change, and `offset` of its value in the file
    public record Found(
            Key key, Revision revision, boolean deleted, Salvage.Certainty certainty, long page, long offset) {}

    /// Every key that was found, in key order, the deleted ones too.
    public List<Found> found() {
        List<Found> found = new ArrayList<>(order.length);
        for (int id : order) {
            found.add(found(id));
        }
        return found;
    }

    public Optional<Found> find(Key key) {
        int id = keys.find(key);
        return id < 0 ? Optional.empty() : Optional.of(found(id));
    }

    /// The pages that cannot be read and why, at most 1,000 of them.
    public List<PageFault> faults() {
        return structure.faults();
    }

    public long faultCount() {
        return structure.faultCount();
    }

    public Salvage.Tally tally() {
        return tally;
    }

    private Found found(int id) {
        return new Found(
                keys.key(id),
                Revision.of(keys.main(id)),
                keys.deleted(id),
                keys.certainty(id),
                keys.page(id),
                keys.place(id));
    }

    @Override
    public Source source() {
        return new Source(Source.Kind.SNAPSHOT, file.path() + " (salvaged)", "");
    }

    @Override
    public Revision revision() {
        return Revision.of(Math.max(1, keys.lastMain()));
    }

    @Override
    public Revision oldest() {
        return revision();
    }

    @Override
    public Optional<Entry> get(Key key, Optional<Revision> at) {
        requireNewest(at);
        int id = keys.find(key);
        return id < 0 || !isThere(id) ? Optional.empty() : Optional.of(entry(id));
    }

    @Override
    public long count(KeyRange range, Optional<Revision> at) {
        requireNewest(at);
        return java.util.Arrays.stream(order)
                .filter(id -> isThere(id) && range.contains(keys.key(id)))
                .count();
    }

    @Override
    public List<Change> history(Key key) {
        int id = keys.find(key);
        if (id < 0 || !isBelieved(id)) {
            return List.of();
        }
        return List.of(
                keys.deleted(id) ? new Change.Delete(key, Revision.of(keys.main(id))) : new Change.Put(entry(id)));
    }

    /// Nothing: of each key only its newest change was kept.
    @Override
    public List<Gone> gone(KeyRange range) {
        return List.of();
    }

    @Override
    public Entries scan(KeyRange range, Scan scan) {
        requireNewest(scan.revision());
        return new Entries() {
            private int next;

            @Override
            public Revision revision() {
                return SalvagedKeyspace.this.revision();
            }

            @Override
            public boolean hasNext() {
                while (next < order.length && !(isThere(order[next]) && range.contains(keys.key(order[next])))) {
                    next++;
                }
                return next < order.length;
            }

            @Override
            public Entry next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                Entry entry = entry(order[next++]);
                return scan.content() == Scan.Content.VALUES ? entry : RangeEntries.withoutValue(entry);
            }

            @Override
            public void close() {
                next = order.length;
            }
        };
    }

    private boolean isThere(int id) {
        return !keys.deleted(id) && isBelieved(id);
    }

    private boolean isBelieved(int id) {
        return keys.certainty(id).compareTo(believed) <= 0;
    }

    private Entry entry(int id) {
        return StoredEntry.read(file, keys.place(id), keys.length(id), keys.main(id));
    }

    private void requireNewest(Optional<Revision> at) {
        if (at.filter(r -> r.number() != 0 && !r.equals(revision())).isPresent()) {
            throw new Failure.Refused(Problem.in("reading " + source() + " at revision " + at.get())
                    .found("a salvaged file has only the newest change of each key")
                    .expected("revision " + revision()));
        }
    }

    @Override
    public void close() {
        file.close();
    }
}

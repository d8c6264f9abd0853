package io.etcdmedic.keyspace;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// The model that the others are compared with: one whole map for each revision, so plain that it can be read.
public final class Memory implements WritableKeyspace {
    /// The keyspace at revision `i + 1`.
    private final List<TreeMap<Key, Entry>> states = new ArrayList<>(List.of(new TreeMap<>()));

    /// The keyspace after these transactions; the first one makes revision 2.
    public static Memory after(List<List<Write>> transactions) {
        Memory memory = new Memory();
        transactions.forEach(writes -> memory.apply(new Transaction(List.of(), writes, List.of())));
        return memory;
    }

    public Transaction.Answer apply(Transaction transaction) {
        TreeMap<Key, Entry> now = states.getLast();
        for (Compare compare : transaction.compares()) {
            if (!holds(compare, Optional.ofNullable(now.get(compare.key())))) {
                return new Transaction.Answer(
                        false,
                        revision(),
                        transaction.otherwise().stream().map(this::get).toList());
            }
        }
        TreeMap<Key, Entry> next = new TreeMap<>(now);
        long written = transaction.writes().stream().map(Write::key).distinct().count();
        if (written < transaction.writes().size()) {
            throw new Failure.Refused(Problem.in("writing").found("a key twice"));
        }
        for (Write write : transaction.writes()) {
            if (write instanceof Write.Put put) {
                Entry before = now.get(put.key());
                next.put(
                        put.key(),
                        new Entry(
                                put.key(),
                                put.value(),
                                before == null ? revision().after() : before.createRevision(),
                                revision().after(),
                                before == null ? 1 : before.version() + 1,
                                put.lease()));
            } else {
                next.remove(write.key());
            }
        }
        if (!next.equals(now)) {
            states.add(next);
        }
        return new Transaction.Answer(true, revision(), List.of());
    }

    private static boolean holds(Compare compare, Optional<Entry> found) {
        return switch (compare) {
            case Compare.Mod c ->
                c.revision() == found.map(e -> e.modRevision().number()).orElse(0L);
            case Compare.Create c ->
                c.revision() == found.map(e -> e.createRevision().number()).orElse(0L);
            case Compare.Version c -> c.version() == found.map(Entry::version).orElse(0L);
            case Compare.Lease c ->
                c.lease().id() == found.map(e -> e.lease().id()).orElse(0L);
            case Compare.Value c -> found.isPresent() && found.get().value().equals(c.value());
        };
    }

    @Override
    public Transaction.Answer commit(Transaction transaction, WritePermit permit) {
        permit.check(transaction);
        return apply(transaction);
    }

    @Override
    public Source source() {
        return new Source(Source.Kind.MEMORY, "model", "");
    }

    @Override
    public Revision revision() {
        return Revision.of(states.size());
    }

    @Override
    public Revision oldest() {
        return Revision.of(1);
    }

    private TreeMap<Key, Entry> state(Optional<Revision> at) {
        long revision = at.orElse(revision()).number();
        if (revision > states.size()) {
            throw new Failure.Refused(Problem.in("reading").found("revision " + revision + " does not exist yet"));
        }
        return states.get((int) revision - 1);
    }

    @Override
    public Optional<Entry> get(Key key, Optional<Revision> at) {
        return Optional.ofNullable(state(at).get(key));
    }

    @Override
    public Entries scan(KeyRange range, Scan scan) {
        Revision revision = scan.revision().orElse(revision());
        Iterator<Entry> entries = state(scan.revision()).values().stream()
                .filter(e -> range.contains(e.key()))
                .map(e -> scan.content() == Scan.Content.VALUES
                        ? e
                        : new Entry(e.key(), Bytes.EMPTY, e.createRevision(), e.modRevision(), e.version(), e.lease()))
                .iterator();
        return new Entries() {
            @Override
            public Revision revision() {
                return revision;
            }

            @Override
            public boolean hasNext() {
                return entries.hasNext();
            }

            @Override
            public Entry next() {
                return entries.next();
            }

            @Override
            public void close() {
                // Nothing is held open.
            }
        };
    }

    @Override
    public long count(KeyRange range, Optional<Revision> at) {
        return state(at).keySet().stream().filter(range::contains).count();
    }

    @Override
    public List<Gone> gone(KeyRange range) {
        return states.stream()
                .flatMap(state -> state.keySet().stream())
                .distinct()
                .filter(range::contains)
                .sorted()
                .flatMap(key -> Gone.of(history(key)).stream())
                .toList();
    }

    @Override
    public List<Change> history(Key key) {
        List<Change> changes = new ArrayList<>();
        for (int i = 1; i < states.size(); i++) {
            Entry before = states.get(i - 1).get(key);
            Entry after = states.get(i).get(key);
            if (after != null && !after.equals(before)) {
                changes.add(new Change.Put(after));
            } else if (before != null && after == null) {
                changes.add(new Change.Delete(key, Revision.of(i + 1L)));
            }
        }
        return changes;
    }

    @Override
    public void close() {
        // Nothing is held open.
    }
}

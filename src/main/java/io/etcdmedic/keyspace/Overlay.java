package io.etcdmedic.keyspace;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// A keyspace over another one that takes writes and keeps them to itself: what dry runs and the demo write to.
///
/// The base is seen as it stood when the overlay was made; each transaction that changes something makes the next
/// revision above it, as in etcd. Reads at the base's revisions are still the base's. Nothing is ever written to the
/// base. Any number of threads may use it.
public final class Overlay implements WritableKeyspace {
    private final Keyspace base;
    private final Revision baseRevision;
    /// Every change made here, oldest first, by key.
    private final NavigableMap<Key, List<Change>> changes = new TreeMap<>();
    private Revision newest;

    public Overlay(Keyspace base) {
        this.base = base;
        this.baseRevision = base.revision();
        this.newest = baseRevision;
    }

    @Override
    public Source source() {
        Source below = base.source();
        return new Source(Source.Kind.OVERLAY, below.toString(), below.clusterId());
    }

    /// The base's revision when the overlay was made: below it nothing here differs.
    public Revision baseRevision() {
        return baseRevision;
    }

    /// Every change made here, in the order in which they were made; those of one transaction by key.
    public synchronized List<Change> changes() {
        return changes.values().stream()
                .flatMap(List::stream)
                .sorted(java.util.Comparator.comparing(Change::revision).thenComparing(Change::key))
                .toList();
    }

    @Override
    public synchronized Revision revision() {
        return newest;
    }

    @Override
    public Revision oldest() {
        return base.oldest();
    }

    @Override
    public synchronized Optional<Entry> get(Key key, Optional<Revision> at) {
        Revision revision = pin(at);
        Optional<Change> own = own(key, revision);
        return own.isPresent() ? entry(own.get()) : base.get(key, below(revision));
    }

    @Override
    public synchronized long count(KeyRange range, Optional<Revision> at) {
        Revision revision = pin(at);
        long count = base.count(range, below(revision));
        for (Key key : within(range).keySet()) {
            Optional<Change> own = own(key, revision);
            if (own.isPresent()) {
                count += entry(own.get()).isPresent() ? 1 : 0;
                count -= base.get(key, Optional.of(baseRevision)).isPresent() ? 1 : 0;
            }
        }
        return count;
    }

    @Override
    public synchronized Entries scan(KeyRange range, Scan scan) {
        Revision revision = pin(scan.revision());
        NavigableMap<Key, Optional<Entry>> own = new TreeMap<>();
        for (Key key : within(range).keySet()) {
            own(key, revision).ifPresent(change -> own.put(key, entry(change, scan.content())));
        }
        return new MergedEntries(base.scan(range, scan.at(below(revision).orElseThrow())), own, revision);
    }

    @Override
    public synchronized List<Change> history(Key key) {
        List<Change> all = new ArrayList<>(base.history(key));
        all.removeIf(change -> change.revision().compareTo(baseRevision) > 0);
        all.addAll(changes.getOrDefault(key, List.of()));
        return List.copyOf(all);
    }

    @Override
    public synchronized List<Gone> gone(KeyRange range) {
        NavigableMap<Key, Gone> gone = new TreeMap<>();
        base.gone(range).forEach(each -> gone.put(each.key(), each));
        for (Key key : within(range).keySet()) {
            gone.remove(key);
            Gone.of(history(key)).ifPresent(each -> gone.put(key, each));
        }
        return List.copyOf(gone.values());
    }

    @Override
    public Transaction.Answer commit(Transaction transaction, WritePermit permit) {
        permit.check(transaction);
        return apply(transaction);
    }

    /// Does what [#commit] does, without a permit: nothing outside this process changes. A played controller or
    /// apiserver writes like this.
    ///
    /// @throws Failure.Refused when a key is written twice, as etcd does
    public synchronized Transaction.Answer apply(Transaction transaction) {
        requireOnce(transaction);
        if (!transaction.compares().stream().allMatch(this::holds)) {
            return new Transaction.Answer(
                    false,
                    newest,
                    transaction.otherwise().stream().map(this::get).toList());
        }
        Revision next = newest.after();
        boolean changed = false;
        for (Write write : transaction.writes()) {
            changed |= write(write, next);
        }
        newest = changed ? next : newest;
        return new Transaction.Answer(true, newest, List.of());
    }

    private static void requireOnce(Transaction transaction) {
        Set<Key> seen = new HashSet<>();
        for (Write write : transaction.writes()) {
            if (!seen.add(write.key())) {
                throw new Failure.Refused(Problem.in("writing " + write.key().display())
                        .found("it is written twice in one transaction")
                        .expected("each key at most once"));
            }
        }
    }

    private boolean write(Write write, Revision next) {
        Optional<Entry> before = get(write.key());
        if (write instanceof Write.Delete && before.isEmpty()) {
            return false;
        }
        Change change = switch (write) {
            case Write.Put put ->
                new Change.Put(new Entry(
                        put.key(),
                        put.value(),
                        before.map(Entry::createRevision).orElse(next),
                        next,
                        before.map(Entry::version).orElse(0L) + 1,
                        put.lease()));
            case Write.Delete delete -> new Change.Delete(delete.key(), next);
        };
        changes.computeIfAbsent(write.key(), _ -> new ArrayList<>()).add(change);
        return true;
    }

    private boolean holds(Compare compare) {
        Optional<Entry> entry = get(compare.key());
        return switch (compare) {
            case Compare.Mod mod -> entry.map(e -> e.modRevision().number()).orElse(0L) == mod.revision();
            case Compare.Create create ->
                entry.map(e -> e.createRevision().number()).orElse(0L) == create.revision();
            case Compare.Version version -> entry.map(Entry::version).orElse(0L) == version.version();
            case Compare.Lease lease ->
                entry.map(Entry::lease).orElse(LeaseId.NONE).equals(lease.lease());
            case Compare.Value value ->
                entry.map(Entry::value).filter(value.value()::equals).isPresent();
        };
    }

    private NavigableMap<Key, List<Change>> within(KeyRange range) {
        if (range.end().isEmpty()) {
            return changes.tailMap(range.from(), true);
        }
        Key end = range.end().get();
        return range.from().compareTo(end) < 0 ? changes.subMap(range.from(), true, end, false) : new TreeMap<>();
    }

    /// The newest change made here of `key` that is not above `revision`.
    private Optional<Change> own(Key key, Revision revision) {
        List<Change> made = changes.getOrDefault(key, List.of());
        return made.reversed().stream()
                .filter(change -> change.revision().compareTo(revision) <= 0)
                .findFirst();
    }

    private static Optional<Entry> entry(Change change) {
        return switch (change) {
            case Change.Put put -> Optional.of(put.entry());
            case Change.Delete _ -> Optional.empty();
        };
    }

    private static Optional<Entry> entry(Change change, Scan.Content content) {
        return entry(change).map(e -> content == Scan.Content.VALUES ? e : withoutValue(e));
    }

    private static Entry withoutValue(Entry e) {
        return new Entry(e.key(), Bytes.EMPTY, e.createRevision(), e.modRevision(), e.version(), e.lease());
    }

    private Revision pin(Optional<Revision> at) {
        Revision wanted = at.filter(r -> r.number() != 0).orElse(newest);
        if (wanted.compareTo(newest) > 0) {
            throw new Failure.Refused(Problem.in("reading " + source() + " at revision " + wanted)
                    .found("its newest revision is " + newest)
                    .expected("a revision from " + oldest() + " to " + newest));
        }
        return wanted;
    }

    private Optional<Revision> below(Revision revision) {
        return Optional.of(revision.compareTo(baseRevision) < 0 ? revision : baseRevision);
    }

    @Override
    public void close() {
        base.close();
    }
}

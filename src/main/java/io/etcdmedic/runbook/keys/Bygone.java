package io.etcdmedic.runbook.keys;

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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What keys held before they were deleted, as far as etcd's history still holds it.
public final class Bygone {
    private Bygone() {}

    /// The key as it was when it was deleted, or at `at`.
    ///
    /// @throws Failure.Refused when it is there
    /// @throws Failure.Absent when the history does not hold it
    public static Entry of(Keyspace keyspace, Key key, Optional<Revision> at) {
        Problem looking = Problem.in("looking for " + key.display() + " in the history of " + keyspace.source());
        if (keyspace.get(key).isPresent()) {
            throw new Failure.Refused(looking.found("it is there")
                    .expected("a key that was deleted")
                    .hint("medic history " + key.display() + " shows its revisions"));
        }
        Optional<Entry> then = at.isPresent() ? keyspace.get(key, at) : newest(keyspace.history(key));
        return then.orElseThrow(() -> new Failure.Absent(looking.found("no value of it")
                .hint("etcd's history begins at revision " + keyspace.oldest()
                        + "; an older value may be in a backup: medic restore --from FILE")));
    }

    private static Optional<Entry> newest(List<Change> history) {
        return history.reversed().stream()
                .filter(Change.Put.class::isInstance)
                .map(change -> ((Change.Put) change).entry())
                .findFirst();
    }

    /// The keys of `range` that were alive at `at` and are gone now; without it, all that the history still holds a
    /// value of.
    public static List<Gone> below(Keyspace keyspace, KeyRange range, Optional<Revision> at) {
        List<Gone> all = keyspace.gone(range);
        if (at.isEmpty()) {
            return all;
        }
        Set<Key> then = new HashSet<>();
        try (Entries entries = keyspace.scan(range, Scan.keys().at(at.get()))) {
            entries.forEachRemaining(entry -> then.add(entry.key()));
        }
        return all.stream().filter(gone -> then.contains(gone.key())).toList();
    }
}

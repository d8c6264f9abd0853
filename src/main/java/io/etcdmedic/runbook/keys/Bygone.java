package io.etcdmedic.runbook.keys;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Change;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

    /// The keys of `range` that were alive at `at` (else at the oldest revision that can be read) and are gone now.
    public static List<Entry> below(Keyspace keyspace, KeyRange range, Optional<Revision> at) {
        Revision now = keyspace.revision();
        List<Entry> gone = new ArrayList<>();
        try (Entries then = keyspace.scan(range, Scan.values().at(at.orElse(keyspace.oldest())));
                Entries today = keyspace.scan(range, Scan.keys().at(now))) {
            Optional<Key> present = next(today);
            while (then.hasNext()) {
                Entry entry = then.next();
                while (present.isPresent() && present.get().compareTo(entry.key()) < 0) {
                    present = next(today);
                }
                if (present.isEmpty() || !present.get().equals(entry.key())) {
                    gone.add(entry);
                }
            }
        }
        return gone;
    }

    private static Optional<Key> next(Entries entries) {
        return entries.hasNext() ? Optional.of(entries.next().key()) : Optional.empty();
    }
}

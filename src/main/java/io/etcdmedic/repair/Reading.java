package io.etcdmedic.repair;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Restart;
import io.etcdmedic.keyspace.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Keys read at one revision that is not older than what is known to have happened.
///
/// A linearizable read has been stale in released versions of etcd when processes paused (etcd#20418): an answer
/// below the floor is discarded, never believed.
public record Reading(Keyspace keyspace, Revision revision) {

    /// @throws Failure.Stale when the newest revision is below `floor`: the cluster was restored, or the member lags
    public static Reading atLeast(Keyspace keyspace, Revision floor) {
        Revision now = keyspace.revision();
        if (now.compareTo(floor) < 0) {
            throw new Failure.Stale(Problem.in("reading " + keyspace.source())
                    .found("revision " + now)
                    .expected("revision " + floor + " or later")
                    .hint("the cluster was restored from an older snapshot, or this member lags behind"));
        }
        return new Reading(keyspace, now);
    }

    public Optional<Entry> get(Key key) {
        return keyspace.get(key, Optional.of(revision));
    }

    /// All of `keys` at one revision; begins anew when that is compacted away meanwhile.
    public static List<Optional<Entry>> all(Keyspace keyspace, Revision floor, List<Key> keys) {
        return Restart.onCompaction(() -> {
            Reading reading = atLeast(keyspace, floor);
            List<Optional<Entry>> found = new ArrayList<>();
            keys.forEach(key -> found.add(reading.get(key)));
            return found;
        });
    }
}

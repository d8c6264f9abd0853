package io.etcdmedic.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.WatchResponse;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Change;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Restart;
import io.etcdmedic.keyspace.Revision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a cluster still knows of the past. etcd has no call for it, but a watch that begins in the past replays it.
final class KeyHistory {
    /// etcd replays to watches that begin in the past every 100 ms; after this long without an event there is none.
    /// Source: etcd server/storage/mvcc/watchable_store.go, syncWatchersLoop.
    static final Duration QUIET = Duration.ofSeconds(1);

    /// Source: etcd mvcc/watcher_group.go, watchBatchMaxRevs: a batch of fewer revisions is the whole replay.
    private static final int REVISIONS_IN_BATCH = 1000;

    private final EtcdClient client;

    KeyHistory(EtcdClient client) {
        this.client = client;
    }

    /// The revision of the last compaction, or 1 when there was none.
    Revision oldest() {
        Key key = Key.of("\0");
        EtcdKeyspace keyspace = new EtcdKeyspace(
                client, new io.etcdmedic.keyspace.Source(io.etcdmedic.keyspace.Source.Kind.LIVE, "", ""));
        try {
            keyspace.get(key, Optional.of(Revision.of(1)));
            return Revision.of(1);
        } catch (Failure.Compacted compacted) {
            try (WatchStream watch = WatchStream.open(client, KeyRange.single(key), Revision.of(1), false)) {
                while (true) {
                    Optional<WatchResponse> response =
                            watch.next(client.connection().commandMax());
                    if (response.isEmpty()) {
                        throw compacted;
                    }
                    if (response.get().getCompactRevision() > 0) {
                        return Revision.of(response.get().getCompactRevision());
                    }
                }
            }
        }
    }

    /// Every change of `key` that can still be read, oldest first.
    List<Change> of(Key key, EtcdKeyspace keyspace) {
        return Restart.onCompaction(() -> replay(key, keyspace));
    }

    private List<Change> replay(Key key, EtcdKeyspace keyspace) {
        Revision newest = keyspace.revision();
        Revision oldest = keyspace.oldest();
        Optional<Entry> now = keyspace.get(key, Optional.of(newest));
        List<Change> changes = new ArrayList<>();
        keyspace.get(key, Optional.of(oldest)).ifPresent(e -> changes.add(new Change.Put(e)));
        boolean still = now.isPresent() && now.get().modRevision().compareTo(oldest) <= 0;
        if (!still && oldest.compareTo(newest) < 0) {
            changes.addAll(later(key, oldest.after(), newest, now));
        }
        return List.copyOf(changes);
    }

    /// The changes from `from` to `to`.
    ///
    /// @param now the key at `to`: when it is there, its change is the last one
    private List<Change> later(Key key, Revision from, Revision to, Optional<Entry> now) {
        List<Change> changes = new ArrayList<>();
        try (WatchStream watch = WatchStream.open(client, KeyRange.single(key), from, false)) {
            while (true) {
                Optional<WatchResponse> response =
                        watch.next(now.isPresent() ? client.connection().commandMax() : QUIET);
                if (response.isEmpty()) {
                    now.ifPresent(newest -> requireEnd(newest, changes));
                    return changes;
                }
                WatchStream.requireNotCompacted(response.get(), key);
                response.get().getEventsList().stream()
                        .map(KeyHistory::change)
                        .filter(c -> c.revision().compareTo(to) <= 0)
                        .forEach(changes::add);
                if (isWhole(response.get(), changes, now)) {
                    return changes;
                }
            }
        }
    }

    /// @throws Failure.Unreachable when what was replayed does not end with what is there: it was cut short
    private void requireEnd(Entry newest, List<Change> changes) {
        if (changes.isEmpty() || !changes.getLast().revision().equals(newest.modRevision())) {
            throw new Failure.Unreachable(
                    Problem.in("replaying the history of " + newest.key().display())
                            .found("no answer for "
                                    + client.connection().commandMax().toMillis() + " ms, before revision "
                                    + newest.modRevision())
                            .hint("--command-timeout waits longer"));
        }
    }

    private static boolean isWhole(WatchResponse response, List<Change> changes, Optional<Entry> now) {
        if (response.getEventsCount() == 0 || changes.isEmpty()) {
            return false;
        }
        return now.map(e -> e.modRevision().equals(changes.getLast().revision()))
                .orElse(response.getEventsCount() < REVISIONS_IN_BATCH && !WatchStream.isFragment(response));
    }

    static Change change(Event event) {
        if (event.getType() == Event.EventType.DELETE) {
            ByteString key = event.getKv().getKey();
            return new Change.Delete(
                    new Key(io.etcdmedic.bytes.Bytes.owned(key.toByteArray())),
                    Revision.of(event.getKv().getModRevision()));
        }
        return new Change.Put(EtcdTransaction.entry(event.getKv()));
    }
}

package io.etcdmedic.etcd;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Change;
import io.etcdmedic.keyspace.Gone;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Restart;
import io.etcdmedic.keyspace.Revision;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// What was deleted of a range since the last compaction: a watch that begins there replays it, each deletion with
/// the value before it.
final class Deletions {
    private final EtcdClient client;
    private final KeyRange range;

    Deletions(EtcdClient client, KeyRange range) {
        this.client = client;
        this.range = range;
    }

    /// Those up to the newest revision of `keyspace`, without the keys that were made again.
    List<Gone> until(EtcdKeyspace keyspace) {
        return Restart.onCompaction(() -> {
            Revision newest = keyspace.revision();
            Revision oldest = keyspace.oldest();
            return oldest.compareTo(newest) < 0 ? between(oldest.after(), newest) : List.<Gone>of();
        });
    }

    private List<Gone> between(Revision from, Revision to) {
        NavigableMap<Key, Gone> gone = new TreeMap<>();
        try (KeyWatch watch = new KeyWatch(client, range, from)) {
            long quietSince = System.nanoTime();
            while (System.nanoTime() - quietSince < KeyHistory.QUIET.toNanos()) {
                Optional<WatchEvent> event = watch.next(KeyHistory.QUIET);
                if (event.isPresent() && !take(event.get(), to, gone)) {
                    break;
                }
                quietSince = event.isPresent() ? System.nanoTime() : quietSince;
            }
        }
        return List.copyOf(gone.values());
    }

    /// @return whether more may come
    /// @throws Failure.Unreachable when the connection breaks: nobody wants to wait for a list
    private boolean take(WatchEvent event, Revision to, NavigableMap<Key, Gone> gone) {
        return switch (event) {
            case WatchEvent.Changed changed when changed.change().revision().compareTo(to) > 0 -> false;
            case WatchEvent.Changed changed -> {
                Change change = changed.change();
                gone.remove(change.key());
                if (change instanceof Change.Delete deletion) {
                    changed.before().ifPresent(last -> gone.put(change.key(), Gone.of(last, deletion.revision())));
                }
                yield true;
            }
            case WatchEvent.Progress progress -> progress.upTo().compareTo(to) < 0;
            case WatchEvent.Missed _ ->
                throw new Failure.Compacted(Problem.in(
                                "replaying the deletions from " + range.from().display())
                        .found("they were compacted meanwhile"));
            case WatchEvent.Reconnecting(Failure why, Revision _) -> throw why;
        };
    }
}

package io.etcdmedic.repair;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.Revision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// The oracle of every fault: a plain watch over the whole keyspace, which sees each change exactly once.
final class EverythingWatch implements AutoCloseable {
    private static final ByteSequence ZERO = ByteSequence.from(new byte[] {0});
    private final Client client;
    private final Watch.Watcher watcher;
    private final List<Seen> seen = new CopyOnWriteArrayList<>();

    /// @param value empty: deleted
    record Seen(Key key, Optional<Bytes> value, Revision revision) {
        boolean isFence() {
            return key.text().startsWith(Fence.PREFIX);
        }
    }

    /// Sees what happens after `from`.
    EverythingWatch(List<String> endpoints, Revision from) {
        this.client =
                Client.builder().endpoints(endpoints.toArray(String[]::new)).build();
        WatchOption option = WatchOption.builder()
                .withRange(ZERO)
                .withRevision(from.number() + 1)
                .build();
        this.watcher = client.getWatchClient()
                .watch(ZERO, option, response -> response.getEvents().forEach(this::take));
    }

    private void take(WatchEvent event) {
        seen.add(new Seen(
                new Key(Bytes.owned(event.getKeyValue().getKey().getBytes())),
                event.getEventType() == WatchEvent.EventType.PUT
                        ? Optional.of(Bytes.owned(event.getKeyValue().getValue().getBytes()))
                        : Optional.empty(),
                Revision.of(event.getKeyValue().getModRevision())));
    }

    /// Everything up to `revision`, which something changed.
    List<Seen> until(Revision revision) throws InterruptedException {
        Instant end = Instant.now().plus(Duration.ofSeconds(20));
        while (seen.isEmpty() || seen.getLast().revision().compareTo(revision) < 0) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("the watch has not come to revision " + revision + ": " + seen);
            }
            Thread.sleep(5);
        }
        return List.copyOf(seen);
    }

    @Override
    public void close() {
        watcher.close();
        client.close();
    }
}

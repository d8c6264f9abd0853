package io.etcdmedic.etcd;

import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.WatchResponse;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Revision;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// The changes of a range as they happen, in the order of their revisions, none left out silently.
public final class KeyWatch implements AutoCloseable {
    private static final Duration PAUSE_FIRST = Duration.ofMillis(500);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(10);

    private final EtcdClient client;
    private final KeyRange range;
    private final Deque<WatchEvent> ready = new ArrayDeque<>();
    private Optional<WatchStream> stream = Optional.empty();
    private Revision next;
    private Duration pause = PAUSE_FIRST;
    private boolean answered;

    KeyWatch(EtcdClient client, KeyRange range, Revision from) {
        this.client = client;
        this.range = range;
        this.next = from;
    }

    /// The next event; empty when none came within `patience`.
    ///
    /// @throws Failure.Compacted when the watch was to begin at a revision that is compacted away
    /// @throws Failure.Locked when we may not watch this
    public Optional<WatchEvent> next(Duration patience) {
        if (ready.isEmpty()) {
            try {
                if (stream.isEmpty()) {
                    stream = Optional.of(WatchStream.open(client, range, next, true));
                }
                stream.get().next(patience).ifPresent(this::take);
            } catch (Failure.Unreachable broken) {
                reconnect(broken);
            }
        }
        return Optional.ofNullable(ready.poll());
    }

    private void take(WatchResponse response) {
        if (response.getCompactRevision() > 0) {
            compacted(response);
            return;
        }
        if (response.getCanceled()) {
            String reason = response.getCancelReason();
            Status status = reason.contains("PermissionDenied") ? Status.PERMISSION_DENIED : Status.UNAVAILABLE;
            throw client.failure(
                    "watching " + range.from().display(),
                    status.withDescription("etcd ended the watch: " + reason).asRuntimeException());
        }
        answered = true;
        pause = PAUSE_FIRST;
        long upTo = response.getHeader().getRevision();
        for (Event event : response.getEventsList()) {
            Optional<io.etcdmedic.keyspace.Entry> before =
                    event.hasPrevKv() ? Optional.of(EtcdTransaction.entry(event.getPrevKv())) : Optional.empty();
            ready.add(new WatchEvent.Changed(KeyHistory.change(event), before));
            next = Revision.of(event.getKv().getModRevision()).after();
        }
        if (WatchStream.isFragment(response)) {
            // The rest of this revision's changes may be in the next message: rather some twice than one not at all.
            next = next.before();
        }
        if (response.getEventsCount() == 0 && !response.getCreated()) {
            ready.add(new WatchEvent.Progress(Revision.of(upTo)));
            next = Revision.of(Math.max(next.number(), upTo + 1));
        }
    }

    private void compacted(WatchResponse response) {
        if (!answered) {
            WatchStream.requireNotCompacted(response, range.from());
        }
        next = Revision.of(response.getCompactRevision());
        ready.add(new WatchEvent.Missed(next));
        close();
    }

    private void reconnect(Failure.Unreachable broken) {
        if (!answered) {
            throw broken;
        }
        close();
        ready.add(new WatchEvent.Reconnecting(broken, next));
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure.Interrupted(
                    ExitCode.INTERRUPTED,
                    Problem.in("watching " + range.from().display()).found("interrupted"));
        }
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : longer;
    }

    @Override
    public void close() {
        stream.ifPresent(WatchStream::close);
        stream = Optional.empty();
    }
}

package io.etcdmedic.command.inspect;

import io.etcdmedic.command.Session;
import io.etcdmedic.etcd.KeyWatch;
import io.etcdmedic.etcd.WatchEvent;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Revision;
import java.time.Duration;
import java.util.Optional;

/// The events of a watch, one by one, until somebody stops the program.
final class WatchEvents {
    private static final Duration PATIENCE = Duration.ofMillis(250);

    private final Session session;
    private final KeyWatch watch;

    WatchEvents(Session session, KeyRange range, Optional<Revision> from) {
        this.session = session;
        this.watch = session.cluster().watch(range, from);
        session.atEnd(watch::close);
    }

    /// The next one, whenever it comes.
    ///
    /// @throws Failure.Interrupted when somebody stops the program
    WatchEvent take() {
        while (true) {
            session.stop().requested().ifPresent(code -> {
                throw new Failure.Interrupted(code, Problem.in("watching").found("stopped"));
            });
            Optional<WatchEvent> event = watch.next(PATIENCE);
            if (event.isPresent()) {
                return event.get();
            }
        }
    }
}

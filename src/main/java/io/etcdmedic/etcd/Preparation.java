package io.etcdmedic.etcd;

import io.netty.handler.ssl.OpenSsl;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What every connection needs, wherever it leads to, made while the command line is still being read.
///
/// Together it is a third of what a quick command costs, and a second processor has nothing else to do then.
final class Preparation {
    private static final AtomicReference<@Nullable FutureTask<Loop>> BEGUN = new AtomicReference<>();

    private Preparation() {}

    /// Returns at once. Whoever calls it calls [#forget] when the program may end.
    static void begin() {
        FutureTask<Loop> loop = new FutureTask<>(Loop::new);
        if (BEGUN.compareAndSet(null, loop)) {
            Thread.ofPlatform().daemon().name("medic-preparation").start(() -> {
                loop.run();
                OpenSsl.isAvailable();
            });
        }
    }

    /// The loop that was begun, for the first who asks; a new one for everybody else.
    static Loop loop() {
        return taken().orElseGet(Loop::new);
    }

    /// Closes what nobody took.
    static void forget() {
        taken().ifPresent(Loop::close);
    }

    private static Optional<Loop> taken() {
        return Optional.ofNullable(BEGUN.getAndSet(null)).flatMap(Preparation::made);
    }

    private static Optional<Loop> made(FutureTask<Loop> task) {
        try {
            return Optional.of(task.get());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException failed) {
            // Whoever makes one in its place meets the reason again.
            return Optional.empty();
        }
    }
}

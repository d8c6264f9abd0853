package io.etcdmedic.etcd;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/// The one event loop of all connections.
///
/// It is closed before the program exits: the Java runtime waits up to 300 ms for a thread that still polls.
final class Loop implements AutoCloseable {
    /// gRPC and Netty (on a machine with nothing but a loopback) talk to Java's own logging, which writes to standard
    /// error. Held here, because loggers are weak.
    private static final List<Logger> SILENCED = List.of(Logger.getLogger("io.grpc"), Logger.getLogger("io.netty"));

    static {
        SILENCED.forEach(logger -> logger.setLevel(Level.OFF));
    }

    private static final long CLOSE_MS_MAX = 500;
    private static final long NEVER_MS = Long.MAX_VALUE / 2_000_000;

    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setEventLoopPoolSize(1)
            .setWorkerPoolSize(1)
            .setInternalBlockingPoolSize(1)
            .setUseDaemonThread(true)
            .setBlockedThreadCheckInterval(NEVER_MS)
            .setFileSystemOptions(
                    new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));

    Vertx vertx() {
        return vertx;
    }

    @Override
    public void close() {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_MS_MAX, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException late) {
            // Its thread is a daemon: the exit is slower, and nothing else.
        }
    }
}

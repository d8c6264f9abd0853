package io.etcdmedic.keyspace;

import io.etcdmedic.failure.Failure;
import java.util.function.Supplier;

/// Reads that begin anew when their pinned revision is compacted away, so that two revisions are never mixed.
public final class Restart {
    /// How often a read begins anew. Kubernetes compacts every five minutes; a read that loses three times in a
    /// row is too slow for this cluster, and saying so is better than trying for ever.
    public static final int RESTARTS_MAX = 3;

    private Restart() {}

    /// Runs `read` from scratch until it is not overtaken by a compaction, at most [#RESTARTS_MAX] times more.
    ///
    /// @throws Failure.Compacted when the last attempt was overtaken too
    public static <R> R onCompaction(Supplier<R> read) {
        for (int restarts = 0; ; restarts++) {
            try {
                return read.get();
            } catch (Failure.Compacted overtaken) {
                if (restarts == RESTARTS_MAX) {
                    throw overtaken;
                }
            }
        }
    }
}

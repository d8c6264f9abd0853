package io.etcdmedic.command;

import io.etcdmedic.render.Report;

/// One command: its fields are what the operator typed, its answer a report.
public interface Command {
    /// @throws io.etcdmedic.failure.Failure whatever stands in the way
    Report run(Session session);

    /// Whether it is over so soon that a connection to a cluster is worth preparing before its options are read.
    default boolean isQuick() {
        return false;
    }
}

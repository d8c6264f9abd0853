package io.etcdmedic.repair.plan;

import io.etcdmedic.keyspace.Revision;

/// A change of the etcd cluster itself. Each may be done twice without harm, and none can be taken back.
public sealed interface ClusterChange extends Step {

    /// Forgets the history below `revision`.
    record Compact(Frame frame, Revision revision) implements ClusterChange {}

    /// Rewrites one member's file without its holes; that member answers nothing meanwhile.
    record Defragment(Frame frame, String memberId, String endpoint) implements ClusterChange {}

    /// Takes back an alarm.
    ///
    /// @param alarm etcd's name: "NOSPACE" or "CORRUPT"
    record Disarm(Frame frame, String memberId, String alarm) implements ClusterChange {}
}

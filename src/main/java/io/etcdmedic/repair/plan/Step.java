package io.etcdmedic.repair.plan;

/// One step of a plan: what it changes, the state it is safe against, and how to take it back.
///
/// A plan's steps run in order, and every prefix of them leaves the cluster in a safe state.
public sealed interface Step permits KeyChange, ApiChange, HostChange, ClusterChange {
    Frame frame();
}

package io.etcdmedic.repair.plan;

import io.etcdmedic.keyspace.Revision;
import java.util.List;
import java.util.Optional;

/// The world that a plan was made in and is good for.
///
/// A cluster restored from an older snapshot keeps its cluster ID, so the revision floor is bound too: etcd's
/// revision may grow, never shrink.
///
/// @param clusterId hexadecimal; empty when the source does not know it (a snapshot)
/// @param memberIds hexadecimal, sorted; empty when unknown
/// @param floor the newest revision when the plan was made
/// @param kubeSystemUid the UID of namespace `kube-system` in etcd, which an API step compares with the API's
public record Binding(
        String clusterId, List<String> memberIds, Revision floor, String etcdVersion, Optional<String> kubeSystemUid) {
    public Binding {
        memberIds = List.copyOf(memberIds);
    }
}

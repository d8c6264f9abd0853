package io.etcdmedic.node.journey;

import io.etcdmedic.installation.Component;
import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.cluster.NodeObject;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.nix.Planned;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/// All that the stages look at.
///
/// @param before the node as RKE1 ran it: kept facts, or today's while nothing is kept
/// @param now the node as it is
/// @param live whether etcd was asked itself: what a file says is of the past
/// @param snapshot the snapshot that the operator saved
/// @param archive the folder into which the node's folders were copied
/// @param api asked only when its turn has come
public record RebuildView(
        NodeFacts before,
        NodeFacts now,
        Optional<Planned> module,
        Optional<ClusterFacts> cluster,
        Optional<Workloads> workloads,
        boolean live,
        Optional<Path> snapshot,
        Optional<Path> archive,
        Supplier<Readiness> api,
        Instant time) {

    /// What the cluster calls this node.
    Optional<String> nodeName() {
        return before.flags(Component.KUBELET)
                .get("hostname-override")
                .or(() -> before.address()
                        .flatMap(a -> cluster.flatMap(c -> c.nodeAt(a)))
                        .map(NodeObject::name));
    }

    Optional<NodeObject> node() {
        return nodeName().flatMap(name -> cluster.flatMap(c -> c.node(name)));
    }
}

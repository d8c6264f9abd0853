package io.etcdmedic.node.journey;

import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.nix.Planned;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/// All that the stages look at.
///
/// @param before the node as RKE1 ran it: kept facts, or today's while nothing is kept
/// @param now the node as it is
/// @param live whether etcd was asked itself: what a file says is of the past
/// @param snapshot the snapshot that the operator saved
/// @param archive the folder into which the node's folders were copied
public record RebuildView(
        NodeFacts before,
        NodeFacts now,
        Optional<Planned> module,
        Optional<ClusterFacts> cluster,
        Optional<Workloads> workloads,
        boolean live,
        Optional<Path> snapshot,
        Optional<Path> archive,
        Instant time) {}

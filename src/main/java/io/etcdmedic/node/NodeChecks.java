package io.etcdmedic.node;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.node.certs.CertsCheck;
import io.etcdmedic.node.cni.CniCheck;
import io.etcdmedic.node.cni.CniPods;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.pause.PauseCheck;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Every check that judges a node by its facts. What they ask is what `node inspect --save` keeps.
public final class NodeChecks {
    private static final List<NodeCheck> ALL = List.of(
            new NodeCheck("inspect", (facts, _) -> InspectCheck.of(facts)),
            new NodeCheck("certs", CertsCheck::of),
            new NodeCheck("pause", (facts, _) -> PauseCheck.of(facts, Optional.empty())),
            new NodeCheck("cni", (facts, _) -> CniCheck.of(facts, Optional.empty(), CniPods.UNKNOWN)));

    private NodeChecks() {}

    public static List<NodeCheck> all() {
        return ALL;
    }

    public static List<Finding> findings(NodeFacts facts, Instant now) {
        return ALL.stream().flatMap(check -> check.of(facts, now).stream()).toList();
    }
}

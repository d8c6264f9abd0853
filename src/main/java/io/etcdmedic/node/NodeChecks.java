package io.etcdmedic.node;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.node.certs.CertsCheck;
import io.etcdmedic.node.facts.NodeFacts;
import java.time.Instant;
import java.util.List;

/// Every check that judges a node by its facts. What they ask is what `node inspect --save` keeps.
public final class NodeChecks {
    private static final List<NodeCheck> ALL = List.of(new NodeCheck("certs", CertsCheck::of));

    private NodeChecks() {}

    public static List<NodeCheck> all() {
        return ALL;
    }

    public static List<Finding> findings(NodeFacts facts, Instant now) {
        return ALL.stream().flatMap(check -> check.of(facts, now).stream()).toList();
    }
}

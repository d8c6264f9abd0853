package io.etcdmedic.node;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.node.facts.NodeFacts;
import java.time.Instant;
import java.util.List;

/// One judge of a node, by its facts alone.
///
/// @param name as in `medic node NAME check`
public record NodeCheck(String name, Judge judge) {

    /// Looks at facts and says what it finds; never throws for what the machine holds.
    @FunctionalInterface
    public interface Judge {
        List<Finding> judge(NodeFacts facts, Instant now);
    }

    public List<Finding> of(NodeFacts facts, Instant now) {
        return judge.judge(facts, now);
    }
}

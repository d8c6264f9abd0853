package io.etcdmedic.node.nix;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.Optional;

/// All that one judgement looks at.
///
/// @param planned what the node will run
/// @param reference what it runs today
/// @param facts the machine
/// @param cluster empty when no etcd was named
public record Judged(Planned planned, Reference reference, NodeFacts facts, Optional<ClusterFacts> cluster) {

    Optional<NixConfiguration> nix() {
        return planned.configuration();
    }

    /// Whether a file of the machine can be looked at: a module may be judged far from the node.
    boolean hasFiles() {
        return facts.machine().exists(NodeFacts.SSL);
    }

    /// Begins a finding about a flag, at the line that sets it.
    Finding error(String check, io.etcdmedic.installation.Component component, String flag) {
        return Finding.error(check, planned.subject(component, flag) + planned.at(component, flag));
    }

    Finding warning(String check, io.etcdmedic.installation.Component component, String flag) {
        return Finding.warning(check, planned.subject(component, flag) + planned.at(component, flag));
    }
}

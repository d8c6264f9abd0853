package io.etcdmedic.node.journey;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.installation.Component;
import io.etcdmedic.node.NodeCheck;
import io.etcdmedic.node.NodeChecks;
import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.nix.NixCheck;
import io.etcdmedic.node.nix.Planned;
import io.etcdmedic.node.nix.SwitchedMachine;
import io.etcdmedic.node.version.EtcdSteps;
import io.etcdmedic.node.version.RunningVersions;
import io.etcdmedic.node.version.SkewCheck;
import io.etcdmedic.node.version.StoredVersion;
import io.etcdmedic.node.version.UpgradePath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `node preflight`: every check of a node before the switch.
public final class Preflight {
    /// That the member's data is not the etcd user's.
    static final String DATA_OWNER = "certs/etcd-data";

    private Preflight() {}

    /// The findings by area, in the order in which a person would go through them.
    ///
    /// @param planned the module, or the units; empty: that area says that it is missing
    public static Map<String, List<Finding>> of(
            NodeFacts facts,
            Optional<Planned> planned,
            Optional<ClusterFacts> cluster,
            List<StoredVersion> stored,
            Instant now) {
        Map<String, List<Finding>> areas = new LinkedHashMap<>();
        areas.put("takeover", TakeoverCheck.of(facts, cluster));
        areas.put("module", planned.map(p -> NixCheck.of(p, facts, cluster)).orElseGet(() -> List.of(noModule())));
        areas.put("versions", versions(facts, cluster, stored));
        // Before the switch files are RKE1's; owners and modes that the module sets at the switch are the cure.
        NodeFacts after = planned.filter(p -> p.configuration().isPresent())
                .map(p -> SwitchedMachine.after(facts, p))
                .orElse(facts);
        for (NodeCheck check : NodeChecks.all()) {
            areas.put(check.name(), check.of(after, now));
        }
        List<Finding> said = areas.getOrDefault("module", List.of());
        areas.replaceAll((area, found) -> area.equals("module")
                ? found
                : found.stream().filter(f -> !said.contains(f)).toList());
        return areas;
    }

    private static List<Finding> versions(NodeFacts facts, Optional<ClusterFacts> cluster, List<StoredVersion> stored) {
        var running = RunningVersions.of(facts, cluster);
        List<Finding> findings = new ArrayList<>(SkewCheck.of(running));
        cluster.ifPresent(c -> findings.addAll(EtcdSteps.members(c, running)));
        UpgradePath.to(running, Optional.empty(), facts.flags(Component.ETCD), stored)
                .ifPresent(path -> findings.addAll(path.findings()));
        return findings;
    }

    private static Finding noModule() {
        return Finding.unknown("nix", "module")
                .evidence("no module was named")
                .consequence("What the node will run after the switch is not judged.")
                .cure("name it: medic node preflight kubernetes.nix");
    }
}

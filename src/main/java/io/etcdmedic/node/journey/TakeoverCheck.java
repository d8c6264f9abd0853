package io.etcdmedic.node.journey;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.host.ToolAnswer;
import io.etcdmedic.host.ToolCall;
import io.etcdmedic.installation.Component;
import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.cluster.NodeObject;
import io.etcdmedic.node.facts.Container;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the takeover itself can break: two owners of one node, the quorum, the clock.
public final class TakeoverCheck {
    private static final ToolCall CLOCK = ToolCall.of("timedatectl", "show", "--property=NTPSynchronized", "--value");

    private TakeoverCheck() {}

    public static List<Finding> of(NodeFacts facts, Optional<ClusterFacts> cluster) {
        List<Finding> findings = new ArrayList<>();
        containers(facts).ifPresent(findings::add);
        cluster.ifPresent(c -> findings.addAll(quorum(facts, c)));
        cluster.flatMap(c -> ownNode(facts, c)).ifPresent(node -> findings.addAll(node(node)));
        findings.add(clock(facts));
        return findings;
    }

    /// RKE1's containers come back with Docker: then two kubelets and two etcds fight over one node.
    private static Optional<Finding> containers(NodeFacts facts) {
        List<String> alive = facts.docker().found().stream()
                .filter(c -> c.running()
                        || c.restart().equals("always")
                        || c.restart().equals("unless-stopped"))
                .map(Container::name)
                .toList();
        if (alive.isEmpty()) {
            return Optional.empty();
        }
        boolean taken = facts.unit(Component.KUBELET).isPresent();
        Finding begun = taken
                ? Finding.error("takeover/containers", String.join(", ", alive))
                : Finding.warning("takeover/containers", String.join(", ", alive));
        return Optional.of(begun.evidence(
                        taken
                                ? "they run, or will with Docker, beside the kubelet of NixOS"
                                : "they run, or will with Docker")
                .consequence(
                        "Started beside NixOS' services, two kubelets fight over the pods and two etcds over one data folder.")
                .cure("at the switch: docker update --restart=no " + String.join(" ", alive) + " && docker stop "
                        + String.join(" ", alive)));
    }

    private static List<Finding> quorum(NodeFacts facts, ClusterFacts cluster) {
        int members = cluster.members().size();
        if (members == 0
                || facts.old(Component.ETCD).isEmpty()
                        && facts.unit(Component.ETCD).isEmpty()) {
            return List.of();
        }
        int left = members - 1;
        int quorum = members / 2 + 1;
        if (left >= quorum) {
            return List.of();
        }
        return List.of(Finding.warning("takeover/quorum", "etcd")
                .evidence("%d members; %d remain while this one is away, and %d are needed"
                        .formatted(members, left, quorum))
                .consequence(
                        "While this host is rebuilt the cluster takes no write: no pod is moved, no lease renewed.")
                .cure(members == 1 ? "plan the outage" : "add a member first, or plan the outage"));
    }

    private static Optional<NodeObject> ownNode(NodeFacts facts, ClusterFacts cluster) {
        return facts.flags(Component.KUBELET)
                .get("hostname-override")
                .flatMap(cluster::node)
                .or(() -> facts.address().flatMap(cluster::nodeAt));
    }

    private static List<Finding> node(NodeObject node) {
        if (node.runtime().startsWith("docker://")) {
            return List.of(Finding.warning("takeover/runtime", "Node " + node.name())
                    .evidence("its pods run in Docker (%s); NixOS runs them in containerd".formatted(node.runtime()))
                    .consequence("Every pod of the node is made anew, and images are pulled again.")
                    .cure("kubectl drain " + node.name() + " --ignore-daemonsets --delete-emptydir-data"));
        }
        return List.of();
    }

    private static Finding clock(NodeFacts facts) {
        return switch (facts.machine().run(CLOCK)) {
            case ToolAnswer.Ran ran
            when ran.ok() && ran.stdout().strip().equals("yes") ->
                Finding.ok("takeover/clock", "clock").evidence("it follows a time server");
            case ToolAnswer.Ran ran
            when ran.ok() ->
                Finding.warning("takeover/clock", "clock")
                        .evidence("it follows no time server (NTPSynchronized=%s)"
                                .formatted(ran.stdout().strip()))
                        .consequence(
                                "Certificates and leases are judged by it: a clock that is off makes both invalid.")
                        .cure("services.timesyncd.enable = true;");
            case ToolAnswer.Ran ran -> clockUnknown(ran.trouble());
            case ToolAnswer.Missing missing -> clockUnknown(missing.why());
            case ToolAnswer.TimedOut late -> clockUnknown(late.trouble());
        };
    }

    private static Finding clockUnknown(String why) {
        return Finding.unknown("takeover/clock", "clock")
                .evidence("timedatectl: " + why)
                .consequence("Whether the clock follows a time server is not known.");
    }
}

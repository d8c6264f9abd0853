package io.etcdmedic.node.version;

import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Part;
import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.cluster.Member;
import io.etcdmedic.node.cluster.NodeObject;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Every part's version, as far as etcd and this node tell.
///
/// Source: Node.status.nodeInfo; coordination LeaseCandidate.spec.binaryVersion; image tags and store paths.
public final class RunningVersions {
    private RunningVersions() {}

    public static List<RunningVersion> of(NodeFacts facts, Optional<ClusterFacts> cluster) {
        List<RunningVersion> found = new ArrayList<>();
        String host = facts.flags(Component.KUBELET)
                .get("hostname-override")
                .orElseGet(() -> facts.address().orElse("this node"));
        for (Component component : Component.values()) {
            local(facts, component)
                    .ifPresent(part -> part.version()
                            .flatMap(KubernetesVersion::parse)
                            .ifPresent(v -> found.add(new RunningVersion(
                                    host, component, v, part.origin().words() + " " + part.where(), false))));
        }
        cluster.ifPresent(c -> {
            c.nodes().forEach(node -> node(found, node));
            c.candidates().forEach(candidate -> candidate(found, candidate));
            c.members().forEach(member -> member(found, member));
        });
        return List.copyOf(found);
    }

    private static Optional<Part> local(NodeFacts facts, Component component) {
        return facts.old(component).or(() -> facts.installation().part(component));
    }

    private static void node(List<RunningVersion> found, NodeObject node) {
        String how = "Node " + node.name();
        Optional<KubernetesVersion> kubelet = KubernetesVersion.parse(node.kubeletVersion());
        kubelet.ifPresent(v -> add(found, node.name(), Component.KUBELET, v, how, false));
        KubernetesVersion.parse(node.proxyVersion())
                .or(() -> kubelet)
                .ifPresent(v -> add(
                        found,
                        node.name(),
                        Component.PROXY,
                        v,
                        how,
                        node.proxyVersion().isEmpty()));
        if (node.isControlPlane()) {
            kubelet.ifPresent(v -> {
                for (Component part : List.of(Component.APISERVER, Component.CONTROLLER_MANAGER, Component.SCHEDULER)) {
                    add(found, node.name(), part, v, "its kubelet's: one package a host", true);
                }
            });
        }
    }

    private static void candidate(List<RunningVersion> found, ClusterFacts.Candidate candidate) {
        Component.ofProgram(candidate.component())
                .ifPresent(component -> KubernetesVersion.parse(candidate.version())
                        .ifPresent(v -> add(found, candidate.name(), component, v, "LeaseCandidate", false)));
    }

    private static void member(List<RunningVersion> found, Member member) {
        KubernetesVersion.parse(member.version())
                .ifPresent(v -> add(found, member.name(), Component.ETCD, v, "the member itself", false));
    }

    /// What was seen on the host itself is not told again.
    private static void add(
            List<RunningVersion> found,
            String host,
            Component component,
            KubernetesVersion version,
            String how,
            boolean inferred) {
        boolean known = found.stream().anyMatch(v -> v.host().equals(host) && v.component() == component);
        if (!known) {
            found.add(new RunningVersion(host, component, version, how, inferred));
        }
    }
}

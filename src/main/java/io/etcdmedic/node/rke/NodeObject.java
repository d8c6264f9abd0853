package io.etcdmedic.node.rke;

import io.etcdmedic.document.Document;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A Node of the cluster.
///
/// @param addresses internal and external, and host names
/// @param kubelet its version: `v1.31.4`
/// @param runtime `docker://24.0.7`, `containerd://1.7.24`
public record NodeObject(
        String name,
        List<String> addresses,
        List<String> podRanges,
        String kubelet,
        String runtime,
        boolean ready,
        boolean cordoned) {
    public NodeObject {
        addresses = List.copyOf(addresses);
        podRanges = List.copyOf(podRanges);
    }

    public static List<NodeObject> all(ClusterStore store) {
        return store.list("minions").stream()
                .map(stored -> of(stored.document()))
                .toList();
    }

    private static NodeObject of(Document node) {
        List<String> ranges = node.texts("spec", "podCIDRs");
        return new NodeObject(
                node.text("metadata", "name").orElse(""),
                node.list("status", "addresses").stream()
                        .flatMap(a -> a.text("address").stream())
                        .distinct()
                        .toList(),
                ranges.isEmpty() ? node.text("spec", "podCIDR").stream().toList() : ranges,
                node.text("status", "nodeInfo", "kubeletVersion").orElse(""),
                node.text("status", "nodeInfo", "containerRuntimeVersion").orElse(""),
                node.text("status", "conditions", "type=Ready", "status")
                        .orElse("")
                        .equals("True"),
                node.truth("spec", "unschedulable").orElse(false));
    }

    /// Which of `nodes` this machine is: by the name that its kubelet has, else by an address that is its own.
    public static Optional<NodeObject> ofMachine(List<NodeObject> nodes, NodeFacts facts) {
        Set<String> names = facts.nodeNames();
        return nodes.stream()
                .filter(node -> names.contains(node.name()))
                .findFirst()
                .or(() -> nodes.stream()
                        .filter(node -> node.addresses().stream()
                                .anyMatch(address -> facts.ownAddresses().contains(address)))
                        .findFirst());
    }
}

package io.etcdmedic.node.cluster;

import io.etcdmedic.document.Document;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A Node as the cluster knows it.
///
/// @param ready `True`, `False` or `Unknown`; empty when there is no such condition
public record NodeObject(
        String name,
        Map<String, String> labels,
        List<String> addresses,
        List<String> podRanges,
        List<String> taints,
        boolean unschedulable,
        String ready,
        String kubeletVersion,
        String proxyVersion,
        String runtime,
        String system) {
    public NodeObject {
        labels = Map.copyOf(labels);
        addresses = List.copyOf(addresses);
        podRanges = List.copyOf(podRanges);
        taints = List.copyOf(taints);
    }

    static NodeObject of(Document node) {
        Map<String, String> labels = new TreeMap<>();
        node.mapping("metadata", "labels").forEach((name, value) -> {
            if (value instanceof Document.Text text) {
                labels.put(name, text.text());
            }
        });
        List<String> ranges = node.texts("spec", "podCIDRs");
        return new NodeObject(
                node.text("metadata", "name").orElse(""),
                labels,
                node.list("status", "addresses").stream()
                        .filter(a -> a.text("type").filter("InternalIP"::equals).isPresent())
                        .flatMap(a -> a.text("address").stream())
                        .toList(),
                ranges.isEmpty() ? node.text("spec", "podCIDR").stream().toList() : ranges,
                node.list("spec", "taints").stream()
                        .map(t ->
                                t.text("key").orElse("") + "=" + t.text("value").orElse("") + ":"
                                        + t.text("effect").orElse(""))
                        .toList(),
                node.truth("spec", "unschedulable").orElse(false),
                node.list("status", "conditions").stream()
                        .filter(c -> c.text("type").filter("Ready"::equals).isPresent())
                        .flatMap(c -> c.text("status").stream())
                        .findFirst()
                        .orElse(""),
                node.text("status", "nodeInfo", "kubeletVersion").orElse(""),
                node.text("status", "nodeInfo", "kubeProxyVersion").orElse(""),
                node.text("status", "nodeInfo", "containerRuntimeVersion").orElse(""),
                node.text("status", "nodeInfo", "osImage").orElse(""));
    }

    /// RKE1 writes `controlplane`, kubeadm `control-plane`, old kubeadm `master`.
    public boolean isControlPlane() {
        return labels.containsKey("node-role.kubernetes.io/controlplane")
                || labels.containsKey("node-role.kubernetes.io/control-plane")
                || labels.containsKey("node-role.kubernetes.io/master");
    }
}

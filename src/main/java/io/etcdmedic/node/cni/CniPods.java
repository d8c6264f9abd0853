package io.etcdmedic.node.cni;

import io.etcdmedic.installation.Component;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The pods of a node whose start installs CNI plugins.
///
/// @param names `namespace/name`, as etcd has them; empty when no source was asked, or it has none
public record CniPods(List<String> names) {
    public static final CniPods UNKNOWN = new CniPods(List.of());

    /// The DaemonSets' usual labels, by the plugin that they install. Source: the projects' manifests; RKE
    /// templates/{canal,calico,flannel,weave}.go.
    private static final Map<String, String> LABELS = new TreeMap<>(Map.of(
            "calico", "k8s-app in (calico-node, canal)",
            "cilium-cni", "k8s-app=cilium",
            "flannel", "app=flannel",
            "weave-net", "name=weave-net"));

    public CniPods {
        names = List.copyOf(names);
    }

    /// The command that makes the plugins be installed anew.
    String restart(NodeFacts facts, Set<String> types) {
        if (!names.isEmpty()) {
            String name = names.getFirst();
            int slash = name.indexOf('/');
            return "kubectl -n %s delete pod %s".formatted(name.substring(0, slash), name.substring(slash + 1));
        }
        String node = facts.flags(Component.KUBELET).get("hostname-override").orElse("NODE");
        String label = LABELS.entrySet().stream()
                .filter(entry -> types.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("k8s-app in (calico-node, canal, cilium)");
        return "kubectl -n kube-system delete pod -l '%s' --field-selector spec.nodeName=%s".formatted(label, node);
    }
}

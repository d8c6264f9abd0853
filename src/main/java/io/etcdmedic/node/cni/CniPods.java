package io.etcdmedic.node.cni;

import io.etcdmedic.installation.Component;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.rke.ClusterStore;
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

    /// The pods on `node` that mount one of the plugin folders from the host: their start installs plugins.
    public static CniPods of(ClusterStore store, String node, List<String> binFolders) {
        return new CniPods(store.podsOn(node).stream()
                .filter(pod -> pod.list("spec", "volumes").stream()
                        .flatMap(volume -> volume.text("hostPath", "path").stream())
                        .anyMatch(path -> binFolders.contains(path.replaceFirst("/$", ""))))
                .map(pod -> pod.text("metadata", "namespace").orElse("") + "/"
                        + pod.text("metadata", "name").orElse(""))
                .toList());
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

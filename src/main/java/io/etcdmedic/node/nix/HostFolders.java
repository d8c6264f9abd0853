package io.etcdmedic.node.nix;

import io.etcdmedic.installation.Component;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.Optional;

/// Where the host has what RKE1's containers know by another path: prefix_path of cluster.yml moves it, as it does
/// on systems whose / cannot be written.
///
/// Source: RKE cluster/plan.go, the binds of each container.
public final class HostFolders {
    private static final String DATA = "/var/lib/etcd";
    private static final String KUBERNETES = "/etc/kubernetes";

    private HostFolders() {}

    /// The data folder of RKE1's member.
    public static String data(NodeFacts facts) {
        String inside = facts.flags(Component.ETCD).get("data-dir").orElse(DATA).replaceFirst("(?<=.)/+$", "");
        return Optional.of(facts.onHost(Component.ETCD, inside))
                .filter(path -> !path.equals(inside) && path.startsWith("/"))
                .orElse(DATA);
    }

    /// Where RKE1's files lie, when it is not /etc/kubernetes.
    static Optional<String> kubernetes(NodeFacts facts) {
        return Optional.of(facts.onHost(Component.KUBELET, KUBERNETES)).filter(path -> !path.equals(KUBERNETES));
    }
}

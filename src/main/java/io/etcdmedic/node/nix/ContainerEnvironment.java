package io.etcdmedic.node.nix;

import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Flags;
import io.etcdmedic.node.facts.Container;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The environment that RKE1's container of a part has beyond what RKE and its images give: extra_env of
/// cluster.yml.
///
/// Source: RKE cluster/plan.go; the images' own Dockerfiles.
final class ContainerEnvironment {
    private static final Set<String> OF_IMAGES = Set.of("PATH", "HOME", "HOSTNAME", "container", "SSL_CERT_DIR");

    private ContainerEnvironment() {}

    static Map<String, String> of(NodeFacts facts, Component component) {
        Map<String, String> own = new TreeMap<>();
        all(facts, component).forEach((name, value) -> {
            boolean isRkes = name.startsWith("RKE_") || name.startsWith("ETCDCTL_") || OF_IMAGES.contains(name);
            if (!isRkes && !name.equals("ETCD_UNSUPPORTED_ARCH")) {
                own.put(name, value);
            }
        });
        return own;
    }

    /// etcd takes each of its flags from a variable, too; a flag wins.
    static Flags etcdFlags(NodeFacts facts) {
        return Flags.ofEtcdEnvironment(of(facts, Component.ETCD));
    }

    /// Whether RKE1 gave the kubelet the passwords of private registries.
    static boolean hasRegistries(NodeFacts facts) {
        return all(facts, Component.KUBELET).containsKey("RKE_KUBELET_DOCKER_CONFIG");
    }

    private static Map<String, String> all(NodeFacts facts, Component component) {
        return facts.docker().found().stream()
                .filter(c -> c.part().filter(p -> p.component() == component).isPresent())
                .map(Container::environment)
                .findFirst()
                .orElse(Map.of());
    }
}

package io.etcdmedic.node.nix;

import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Flags;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the node's parts run with today: the measure of what is planned.
///
/// @param isKnown whether these are this node's flags, and not what RKE1 gives where nothing else is said
public record Reference(Map<Component, Flags> flags, String words, boolean isKnown) {
    public Reference {
        flags = Map.copyOf(flags);
    }

    /// Source: RKE cluster/plan.go, cluster/defaults.go, Rancher's KDM.
    private static final Map<Component, List<String>> RKE1 = Map.of(
            Component.APISERVER,
            List.of(
                    "--allow-privileged=true",
                    "--anonymous-auth=false",
                    "--api-audiences=unknown",
                    "--authorization-mode=Node,RBAC",
                    "--client-ca-file=/etc/kubernetes/ssl/kube-ca.pem",
                    "--enable-admission-plugins=NamespaceLifecycle,LimitRanger,ServiceAccount,DefaultStorageClass,"
                            + "DefaultTolerationSeconds,MutatingAdmissionWebhook,ValidatingAdmissionWebhook,ResourceQuota,"
                            + "NodeRestriction,Priority,TaintNodesByCondition,PersistentVolumeClaimResize",
                    "--etcd-prefix=/registry",
                    "--admission-control-config-file=/etc/kubernetes/admission.yaml",
                    "--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname",
                    "--proxy-client-cert-file=/etc/kubernetes/ssl/kube-apiserver-proxy-client.pem",
                    "--proxy-client-key-file=/etc/kubernetes/ssl/kube-apiserver-proxy-client-key.pem",
                    "--requestheader-allowed-names=kube-apiserver-proxy-client",
                    "--requestheader-client-ca-file=/etc/kubernetes/ssl/kube-apiserver-requestheader-ca.pem",
                    "--requestheader-extra-headers-prefix=X-Remote-Extra-",
                    "--requestheader-group-headers=X-Remote-Group",
                    "--requestheader-username-headers=X-Remote-User",
                    "--service-account-issuer=rke",
                    "--service-account-key-file=/etc/kubernetes/ssl/kube-service-account-token-key.pem",
                    "--service-account-lookup=true",
                    "--service-account-signing-key-file=/etc/kubernetes/ssl/kube-service-account-token-key.pem",
                    "--service-cluster-ip-range=10.43.0.0/16",
                    "--service-node-port-range=30000-32767"),
            Component.CONTROLLER_MANAGER,
            List.of(
                    "--allocate-node-cidrs=true",
                    "--cluster-cidr=10.42.0.0/16",
                    "--root-ca-file=/etc/kubernetes/ssl/kube-ca.pem",
                    "--service-account-private-key-file=/etc/kubernetes/ssl/kube-service-account-token-key.pem",
                    "--service-cluster-ip-range=10.43.0.0/16",
                    "--terminated-pod-gc-threshold=1000",
                    "--use-service-account-credentials=true"),
            Component.KUBELET,
            List.of(
                    "--client-ca-file=/etc/kubernetes/ssl/kube-ca.pem",
                    "--cluster-dns=10.43.0.10",
                    "--cluster-domain=cluster.local",
                    "--root-dir=/var/lib/kubelet"),
            Component.PROXY,
            List.of("--cluster-cidr=10.42.0.0/16"));

    public static Reference of(NodeFacts facts) {
        Map<Component, Flags> flags = new EnumMap<>(Component.class);
        for (Component component : Component.values()) {
            facts.old(component)
                    .map(_ -> facts.hostFlags(component))
                    .filter(given -> !given.isEmpty())
                    .ifPresent(given -> flags.put(
                            component,
                            component == Component.ETCD ? given.orElse(ContainerEnvironment.etcdFlags(facts)) : given));
        }
        if (!flags.isEmpty()) {
            return new Reference(flags, "RKE1 gives", true);
        }
        RKE1.forEach((component, argv) -> flags.put(component, Flags.parse(argv)));
        return new Reference(flags, "RKE1 by default gives", false);
    }

    public Flags flags(Component component) {
        return flags.getOrDefault(component, Flags.parse(List.of()));
    }

    public Optional<String> flag(Component component, String name) {
        return flags(component).get(name);
    }

    /// The service range: the one thing that the whole cluster must agree about.
    public Optional<String> serviceRange() {
        return flag(Component.APISERVER, "service-cluster-ip-range")
                .or(() -> flag(Component.CONTROLLER_MANAGER, "service-cluster-ip-range"));
    }

    public Optional<String> podRange() {
        return flag(Component.CONTROLLER_MANAGER, "cluster-cidr").or(() -> flag(Component.PROXY, "cluster-cidr"));
    }
}

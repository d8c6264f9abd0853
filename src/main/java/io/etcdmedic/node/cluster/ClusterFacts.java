package io.etcdmedic.node.cluster;

import java.util.List;
import java.util.Optional;

/// What etcd says of the cluster.
///
/// @param source who says it: the snapshot, or the cluster's endpoints
/// @param prefix where Kubernetes' keys lie: `/registry`
/// @param members empty when the source does not know them
/// @param serviceRanges of the default ServiceCIDR; empty when there is none (before 1.33)
/// @param tokens service account tokens that are stored (legacy Secrets), a few of them
/// @param identities holders of the identity leases of kube-apiservers
/// @param candidates leader candidates of controller managers and schedulers
/// @param encryptedSecrets how many Secrets are encrypted, of those that were looked at
/// @param troubles values that could not be read
public record ClusterFacts(
        String source,
        String prefix,
        List<Member> members,
        List<NodeObject> nodes,
        List<ServiceObject> services,
        Optional<List<String>> serviceRanges,
        List<String> tokens,
        List<Identity> identities,
        List<Candidate> candidates,
        long secrets,
        long encryptedSecrets,
        List<String> troubles) {
    public ClusterFacts {
        members = List.copyOf(members);
        nodes = List.copyOf(nodes);
        services = List.copyOf(services);
        tokens = List.copyOf(tokens);
        identities = List.copyOf(identities);
        candidates = List.copyOf(candidates);
        troubles = List.copyOf(troubles);
    }

    /// A kube-apiserver that holds an identity lease.
    ///
    /// @param host the host's name, as the apiserver sees it
    public record Identity(String lease, String host, String holder) {}

    /// @param component `kube-controller-manager` or `kube-scheduler`
    /// @param version of its program
    public record Candidate(String component, String name, String version) {}

    public Optional<ServiceObject> service(String namespace, String name) {
        return services.stream()
                .filter(s -> s.namespace().equals(namespace) && s.name().equals(name))
                .findFirst();
    }

    /// The cluster's name server: kube-dns by its name, as every distribution calls its Service.
    public Optional<ServiceObject> dns() {
        return service("kube-system", "kube-dns")
                .or(() -> service("kube-system", "coredns"))
                .or(() -> service("kube-system", "rke2-coredns-rke2-coredns"));
    }

    public Optional<NodeObject> node(String name) {
        return nodes.stream().filter(n -> n.name().equals(name)).findFirst();
    }

    /// The Node that has this address.
    public Optional<NodeObject> nodeAt(String address) {
        return nodes.stream().filter(n -> n.addresses().contains(address)).findFirst();
    }
}

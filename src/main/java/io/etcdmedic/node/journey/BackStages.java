package io.etcdmedic.node.journey;

import static io.etcdmedic.installation.Component.APISERVER;
import static io.etcdmedic.installation.Component.ETCD;
import static io.etcdmedic.node.journey.Stages.ASK_ETCD;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.node.NodeChecks;
import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.cluster.Member;
import io.etcdmedic.node.cluster.NodeObject;
import io.etcdmedic.node.nix.HostFolders;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Looks, after the switch, whether all has come back.
record BackStages(RebuildView view) {
    Verdict member() {
        if (view.before().old(ETCD).isEmpty()) {
            return Verdict.reached("etcd does not run on this node");
        }
        if (!view.live()) {
            return Verdict.notYet("a file does not say who answers now", ASK_ETCD);
        }
        String name = view.before().flags(ETCD).get("name").orElse("");
        List<String> urls = view.before().flags(ETCD).list("initial-advertise-peer-urls");
        List<Member> members = view.cluster().map(ClusterFacts::members).orElse(List.of());
        Optional<Member> own =
                members.stream().filter(m -> m.name().equals(name)).findFirst();
        if (own.isEmpty()) {
            return Verdict.notYet(
                    "the member list has no %s: it has %s"
                            .formatted(name, members.stream().map(Member::name).collect(Collectors.joining(", "))),
                    "journalctl -u etcd; services.etcd.name must be " + name);
        }
        if (!own.get().peerUrls().containsAll(urls)) {
            return Verdict.notYet(
                    "%s has the peer URLs %s, not %s".formatted(name, own.get().peerUrls(), urls),
                    "services.etcd.initialAdvertisePeerUrls as before");
        }
        Optional<Verdict> another = anotherCluster(members);
        if (another.isPresent()) {
            return another.get();
        }
        return own.get().version().isEmpty()
                ? Verdict.notYet(name + " does not answer", "journalctl -u etcd; chown -R etcd /var/lib/etcd")
                : Verdict.reached("%s answers, etcd %s, one of %d members"
                        .formatted(name, own.get().version(), members.size()));
    }

    /// A member that lost its data founds a cluster of its own, with the right name and URLs, and answers.
    private Optional<Verdict> anotherCluster(List<Member> members) {
        List<String> lost = view.before().flags(ETCD).list("initial-cluster").stream()
                .filter(pair -> pair.contains("="))
                .map(pair -> pair.substring(pair.indexOf('=') + 1))
                .filter(url -> members.stream().noneMatch(m -> m.peerUrls().contains(url)))
                .toList();
        String folder = view.now()
                .unit(ETCD)
                .flatMap(p -> p.flags().get("data-dir"))
                .orElseGet(() -> HostFolders.data(view.before()));
        if (view.cluster().map(c -> c.nodes().isEmpty()).orElse(false)) {
            return Optional.of(Verdict.notYet(
                    "it answers, and holds no Node: it is a second, empty cluster, begun in " + folder,
                    "stop etcd; find the member's data (RKE1 keeps it in %s), and initialClusterState = \"existing\""
                            .formatted(HostFolders.data(view.before()))));
        }
        return lost.isEmpty() || members.size() > lost.size()
                ? Optional.empty()
                : Optional.of(Verdict.notYet(
                        "the member list has %d members, and lacks %s"
                                .formatted(members.size(), String.join(", ", lost)),
                        "was it this cluster before? compare with the snapshot: medic members --snapshot FILE"));
    }

    /// Its lease says that it is this node's, /readyz that it serves.
    Verdict apiserver() {
        if (view.before().old(APISERVER).isEmpty()) {
            return Verdict.reached("no apiserver runs on this node");
        }
        Optional<String> address = view.before()
                .flags(APISERVER)
                .get("advertise-address")
                .or(() -> view.before().address());
        if (!view.live() || view.workloads().isEmpty()) {
            return Verdict.notYet("a file does not say who answers now", ASK_ETCD);
        }
        List<String> leases = view.workloads().get().masterleases();
        if (address.isPresent() && !leases.contains(address.get())) {
            return Verdict.notYet(
                    "no apiserver at %s renews its lease: %s do".formatted(address.get(), leases),
                    "journalctl -u kube-apiserver; kubectl get --raw /readyz?verbose");
        }
        Readiness readiness = view.api().get();
        return readiness.ready()
                ? Verdict.reached(readiness.words()
                        + address.map(a -> "; the apiserver at " + a + " renews its lease in etcd")
                                .orElse(""))
                : Verdict.notYet(
                        readiness.words(),
                        readiness.asked()
                                ? "journalctl -u kube-apiserver; kubectl get --raw /readyz?verbose"
                                : "name it: --kubeconfig FILE, or --api-server URL --api-cacert … --api-cert … --api-key …");
    }

    Verdict serviceCidr() {
        Optional<String> flags = view.now()
                .unit(APISERVER)
                .flatMap(p -> p.flags().get("service-cluster-ip-range"))
                .or(() -> view.module().flatMap(m -> m.flag(APISERVER, "service-cluster-ip-range")))
                .or(() -> view.before().serviceRange());
        Optional<List<String>> stored = view.cluster().flatMap(ClusterFacts::serviceRanges);
        if (view.cluster().isEmpty() || flags.isEmpty()) {
            return Verdict.notYet("the ServiceCIDR is not to be seen", ASK_ETCD);
        }
        if (stored.isEmpty()) {
            return Verdict.reached("there is no ServiceCIDR object (Kubernetes before 1.33)");
        }
        return String.join(",", stored.get()).equals(flags.get())
                ? Verdict.reached("it says %s, as the flags do".formatted(flags.get()))
                : Verdict.notYet(
                        "it says %s, the flags say %s".formatted(String.join(",", stored.get()), flags.get()),
                        "medic fix servicecidr --cidr " + flags.get());
    }

    Verdict nodeReady() {
        if (view.node().isEmpty()) {
            return Verdict.notYet(
                    "there is no Node %s".formatted(view.nodeName().orElse("of this name")),
                    "services.kubernetes.kubelet.hostname must be the Node's name; " + ASK_ETCD);
        }
        NodeObject node = view.node().get();
        boolean moved = !node.runtime().startsWith("docker://");
        Optional<NodeObject> twin = view.cluster().stream()
                .flatMap(c -> c.nodes().stream())
                .filter(other -> !other.name().equals(node.name())
                        && other.addresses().stream().anyMatch(node.addresses()::contains))
                .findFirst();
        if (twin.isPresent()) {
            return Verdict.notYet(
                    "a second Node, %s, has the address of %s"
                            .formatted(twin.get().name(), node.name()),
                    "services.kubernetes.kubelet.hostname = \"%s\"; then kubectl delete node %s"
                            .formatted(node.name(), twin.get().name()));
        }
        return node.ready().equals("True") && moved && view.live()
                ? Verdict.reached("Node %s is Ready, kubelet %s, %s"
                        .formatted(node.name(), node.kubeletVersion(), node.runtime()))
                : Verdict.notYet(
                        "Node %s: Ready=%s, kubelet %s, %s"
                                .formatted(node.name(), node.ready(), node.kubeletVersion(), node.runtime()),
                        view.live() ? "journalctl -u kubelet" : ASK_ETCD);
    }

    Verdict network() {
        List<Finding> findings = NodeChecks.all().stream()
                .filter(c -> c.name().equals("cni") || c.name().equals("pause"))
                .flatMap(c -> c.of(view.now(), view.time()).stream())
                .toList();
        return Verdict.of(
                findings, "plugins and pause image are there", "medic node cni check; medic node pause check");
    }

    Verdict dns() {
        if (!view.live() || view.workloads().isEmpty()) {
            return Verdict.notYet("a file does not say who answers now", ASK_ETCD);
        }
        long ready = view.workloads().get().dnsReady();
        return ready > 0
                ? Verdict.reached(ready + " addresses are ready")
                : Verdict.notYet(
                        "no address of the name server is ready",
                        "kubectl -n kube-system get pods -l k8s-app=kube-dns -o wide");
    }

    Verdict workloads() {
        if (!view.live() || view.workloads().isEmpty() || view.node().isEmpty()) {
            return Verdict.notYet("a file does not say what runs now", ASK_ETCD);
        }
        Workloads pods = view.workloads().get();
        if (view.node().get().unschedulable()) {
            return Verdict.notYet(
                    "Node %s takes no pods yet".formatted(view.node().get().name()),
                    "kubectl uncordon " + view.node().get().name());
        }
        return pods.running() == pods.pods() && pods.pods() > 0
                ? Verdict.reached("%d of %d pods run".formatted(pods.running(), pods.pods()))
                : Verdict.notYet(
                        "%d of %d pods run".formatted(pods.running(), pods.pods()),
                        "kubectl get pods -A --field-selector spec.nodeName="
                                + view.node().get().name());
    }
}

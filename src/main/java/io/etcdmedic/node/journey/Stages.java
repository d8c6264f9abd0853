package io.etcdmedic.node.journey;

import static io.etcdmedic.installation.Component.APISERVER;
import static io.etcdmedic.installation.Component.ETCD;
import static io.etcdmedic.installation.Component.KUBELET;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.host.FileMeta;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Part;
import io.etcdmedic.node.NodeChecks;
import io.etcdmedic.node.certs.CertsCheck;
import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.cluster.Member;
import io.etcdmedic.node.cluster.NodeObject;
import io.etcdmedic.node.facts.Container;
import io.etcdmedic.node.nix.NixCheck;
import io.etcdmedic.node.version.RunningVersions;
import io.etcdmedic.node.version.SkewCheck;
import io.etcdmedic.snapshot.SnapshotCheck;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Looks whether a stage is reached. Nothing here changes anything.
final class Stages {
    private static final Duration SNAPSHOT_AGE_MAX = Duration.ofHours(24);
    private static final String ASK_ETCD = "ask etcd itself: --endpoints URL --cacert … --cert … --key …";
    private final RebuildView view;

    Stages(RebuildView view) {
        this.view = view;
    }

    Verdict verdict(Stage stage) {
        return switch (stage) {
            case INVENTORY -> inventory();
            case VERSIONS -> versions();
            case SNAPSHOT -> snapshot();
            case ARCHIVE -> ArchivedFolders.verdict(view);
            case CERTIFICATES ->
                Verdict.of(
                        CertsCheck.of(view.now(), view.time()),
                        "every service can read what it needs, and every certificate is valid",
                        "medic node certs check; medic node certs fix");
            case MODULE -> module();
            case MEMBER_DATA -> memberData();
            case DRAINED -> drained();
            case STOPPED -> stopped();
            case SWITCHED -> switched();
            case MEMBER -> member();
            case APISERVER -> apiserver();
            case SERVICE_CIDR -> serviceCidr();
            case NODE_READY -> nodeReady();
            case NETWORK -> network();
            case DNS -> dns();
            case WORKLOADS -> workloads();
        };
    }

    private Verdict inventory() {
        List<String> parts =
                view.before().old().stream().map(p -> p.component().program()).toList();
        return parts.isEmpty()
                ? Verdict.notYet(
                        "no container or process of RKE1 is known",
                        "run this on the node while RKE1 runs, or give --docker-inspect FILE or --facts DIR")
                : Verdict.reached(String.join(", ", parts) + ": their flags are kept");
    }

    private Verdict versions() {
        List<Finding> findings = SkewCheck.of(RunningVersions.of(view.before(), view.cluster()));
        List<Finding> step = view.module().stream()
                .flatMap(m -> NixCheck.pin(m, view.before()).stream())
                .filter(f -> f.check().endsWith("version-step") || f.check().endsWith("etcd-version"))
                .toList();
        if (view.module().isEmpty()) {
            return Verdict.notYet("no module was named", "name it: medic node rebuild --module FILE");
        }
        return Verdict.of(
                java.util.stream.Stream.concat(findings.stream(), step.stream()).toList(),
                "within the skew, and the module's step is one that is allowed",
                "medic node version check");
    }

    private Verdict snapshot() {
        if (view.snapshot().isEmpty()) {
            return Verdict.notYet(
                    "no snapshot was named", "medic snapshot save FILE; then medic node rebuild --saved FILE");
        }
        SnapshotCheck check = SnapshotCheck.of(view.snapshot().get());
        if (!check.isSound() || check.content() != SnapshotCheck.Content.VERIFIED) {
            return Verdict.notYet(
                    "%s: %s, %d page faults, %d undecodable changes"
                            .formatted(
                                    view.snapshot().get(),
                                    check.content().words(),
                                    check.structure().faultCount(),
                                    check.entryFaultCount()),
                    "save another: medic snapshot save FILE");
        }
        Duration age = Duration.between(ArchivedFolders.modified(view.snapshot().get()), view.time());
        return age.compareTo(SNAPSHOT_AGE_MAX) > 0
                ? Verdict.notYet("%s is %d hours old".formatted(view.snapshot().get(), age.toHours()), "save a new one")
                : Verdict.reached("%s, verified, revision %d, sha256 %s"
                        .formatted(
                                view.snapshot().get(),
                                check.lastRevision(),
                                check.computed().map(Object::toString).orElse("")));
    }

    private Verdict module() {
        return view.module()
                .map(m -> Verdict.of(
                        NixCheck.of(m, view.before(), view.cluster()),
                        m.source() + " fits what RKE1 runs"
                                + (view.cluster().isPresent() ? " and what etcd holds" : ""),
                        "medic node nix check " + m.source()))
                .orElseGet(() -> Verdict.notYet(
                        "no module was named", "medic node nix generate --out FILE; then --module FILE"));
    }

    /// The accident that cannot be taken back: an empty folder and the state `new` found a second cluster.
    private Verdict memberData() {
        if (view.before().old(ETCD).isEmpty()) {
            return Verdict.reached("etcd does not run on this node");
        }
        String folder = view.module().flatMap(m -> m.flag(ETCD, "data-dir")).orElse("/var/lib/etcd");
        boolean holds = !view.now().machine().list(folder + "/member/wal").isEmpty()
                && view.now()
                        .machine()
                        .stat(folder + "/member/snap/db")
                        .filter(m -> m.sizeBytes() > 0)
                        .isPresent();
        boolean isNew = view.module()
                .flatMap(m -> m.flag(ETCD, "initial-cluster-state"))
                .orElse("new")
                .equals("new");
        if (!holds && isNew) {
            return Verdict.notYet(
                    "refused: %s holds no member, and the module's initialClusterState is new: etcd would found a second, empty"
                                    .formatted(folder)
                            + " cluster",
                    "services.etcd.initialClusterState = \"existing\"; and find the member's data (RKE1 keeps it in /var/lib/etcd)");
        }
        return holds
                ? Verdict.reached(folder + "/member holds a log and a database"
                        + view.now()
                                .machine()
                                .stat(folder)
                                .map(FileMeta::words)
                                .map(w -> " (" + w + ")")
                                .orElse(""))
                : Verdict.notYet(folder + " holds no member", "find the member's data: RKE1 keeps it in /var/lib/etcd");
    }

    private Optional<String> nodeName() {
        return view.before()
                .flags(KUBELET)
                .get("hostname-override")
                .or(() -> view.before()
                        .address()
                        .flatMap(a -> view.cluster().flatMap(c -> c.nodeAt(a)))
                        .map(NodeObject::name));
    }

    private Optional<NodeObject> node() {
        return nodeName().flatMap(name -> view.cluster().flatMap(c -> c.node(name)));
    }

    private Verdict drained() {
        if (node().isEmpty()) {
            return Verdict.notYet("the Node is not to be seen", ASK_ETCD);
        }
        NodeObject node = node().get();
        return node.unschedulable()
                ? Verdict.reached("Node %s takes no pods".formatted(node.name()))
                : Verdict.notYet(
                        "Node %s takes pods".formatted(node.name()),
                        "kubectl drain %s --ignore-daemonsets --delete-emptydir-data".formatted(node.name()));
    }

    private Verdict stopped() {
        List<Container> found = view.now().docker().found();
        List<String> alive = found.stream()
                .filter(c -> c.running()
                        || c.restart().equals("always")
                        || c.restart().equals("unless-stopped"))
                .map(Container::name)
                .toList();
        if (!alive.isEmpty()) {
            return Verdict.notYet(
                    "they run, or come back with Docker: " + String.join(", ", alive),
                    "docker update --restart=no %1$s && docker stop %1$s".formatted(String.join(" ", alive)));
        }
        return view.now().docker().trouble().isEmpty()
                ? Verdict.reached(
                        found.isEmpty()
                                ? "no container of RKE1 is left"
                                : found.size() + " containers are stopped for good")
                : Verdict.notYet("Docker does not say: " + view.now().docker().trouble(), "start Docker, or remove it");
    }

    private Verdict switched() {
        List<Component> wanted =
                view.before().old().stream().map(Part::component).distinct().toList();
        List<String> missing = wanted.stream()
                .filter(c -> view.now().unit(c).isEmpty())
                .map(Component::program)
                .toList();
        return missing.isEmpty()
                ? Verdict.reached("NixOS has units of "
                        + wanted.stream().map(Component::program).collect(Collectors.joining(", ")))
                : Verdict.notYet(
                        "no unit of " + String.join(", ", missing),
                        "nixos-rebuild switch, yourself: medic does not do it");
    }

    private Verdict member() {
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
        return own.get().version().isEmpty()
                ? Verdict.notYet(name + " does not answer", "journalctl -u etcd; chown -R etcd /var/lib/etcd")
                : Verdict.reached("%s answers, etcd %s, one of %d members"
                        .formatted(name, own.get().version(), members.size()));
    }

    private Verdict apiserver() {
        if (view.before().old(APISERVER).isEmpty()) {
            return Verdict.reached("no apiserver runs on this node");
        }
        String address = view.before()
                .flags(APISERVER)
                .get("advertise-address")
                .or(() -> view.before().address())
                .orElse("");
        if (!view.live() || view.workloads().isEmpty()) {
            return Verdict.notYet("a file does not say who answers now", ASK_ETCD);
        }
        return view.workloads().get().masterleases().contains(address)
                ? Verdict.reached("the apiserver at %s renews its lease in etcd".formatted(address))
                : Verdict.notYet(
                        "no apiserver at %s renews its lease: %s do"
                                .formatted(address, view.workloads().get().masterleases()),
                        "journalctl -u kube-apiserver; kubectl get --raw /readyz?verbose");
    }

    private Verdict serviceCidr() {
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

    private Verdict nodeReady() {
        if (node().isEmpty()) {
            return Verdict.notYet(
                    "there is no Node %s".formatted(nodeName().orElse("of this name")),
                    "services.kubernetes.kubelet.hostname must be the Node's name; " + ASK_ETCD);
        }
        NodeObject node = node().get();
        boolean moved = !node.runtime().startsWith("docker://");
        return node.ready().equals("True") && moved && view.live()
                ? Verdict.reached("Node %s is Ready, kubelet %s, %s"
                        .formatted(node.name(), node.kubeletVersion(), node.runtime()))
                : Verdict.notYet(
                        "Node %s: Ready=%s, kubelet %s, %s"
                                .formatted(node.name(), node.ready(), node.kubeletVersion(), node.runtime()),
                        view.live() ? "journalctl -u kubelet" : ASK_ETCD);
    }

    private Verdict network() {
        List<Finding> findings = NodeChecks.all().stream()
                .filter(c -> c.name().equals("cni") || c.name().equals("pause"))
                .flatMap(c -> c.of(view.now(), view.time()).stream())
                .toList();
        return Verdict.of(
                findings, "plugins and pause image are there", "medic node cni check; medic node pause check");
    }

    private Verdict dns() {
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

    private Verdict workloads() {
        if (!view.live() || view.workloads().isEmpty() || node().isEmpty()) {
            return Verdict.notYet("a file does not say what runs now", ASK_ETCD);
        }
        Workloads pods = view.workloads().get();
        if (node().get().unschedulable()) {
            return Verdict.notYet(
                    "Node %s takes no pods yet".formatted(node().get().name()),
                    "kubectl uncordon " + node().get().name());
        }
        return pods.running() == pods.pods() && pods.pods() > 0
                ? Verdict.reached("%d of %d pods run".formatted(pods.running(), pods.pods()))
                : Verdict.notYet(
                        "%d of %d pods run".formatted(pods.running(), pods.pods()),
                        "kubectl get pods -A --field-selector spec.nodeName="
                                + node().get().name());
    }

    static List<Stage> all() {
        return Arrays.asList(Stage.values());
    }
}

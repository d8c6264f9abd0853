package io.etcdmedic.node.nix;

import static io.etcdmedic.installation.Component.APISERVER;
import static io.etcdmedic.installation.Component.ETCD;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.installation.Flags;
import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.cluster.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// The etcd member that comes back, and the apiserver's way to it.
final class EtcdCheck {
    private final Judged judged;
    private final Flags flags;
    private final List<Finding> findings = new ArrayList<>();

    private EtcdCheck(Judged judged) {
        this.judged = judged;
        this.flags = judged.planned().flags(ETCD);
    }

    static List<Finding> of(Judged judged) {
        EtcdCheck check = new EtcdCheck(judged);
        if (judged.planned().has(ETCD)) {
            check.name();
            check.peerUrls();
            check.cluster();
            check.schemes();
            check.dataFolder();
        }
        if (judged.planned().has(APISERVER)) {
            check.servers();
            check.prefix();
        }
        return check.findings;
    }

    private List<Member> members() {
        return judged.cluster().map(ClusterFacts::members).orElse(List.of());
    }

    /// The member that this node is: by the name or peer URL that it runs with, else by the planned ones.
    private Optional<Member> own() {
        Flags today = judged.reference().flags(ETCD);
        List<String> urls =
                today.isEmpty() ? flags.list("initial-advertise-peer-urls") : today.list("initial-advertise-peer-urls");
        String name = today.get("name").or(() -> flags.get("name")).orElse("");
        return members().stream()
                .filter(m -> m.peerUrls().stream().anyMatch(urls::contains))
                .findFirst()
                .or(() -> members().stream().filter(m -> m.name().equals(name)).findFirst());
    }

    private void name() {
        String planned = flags.get("name").orElse("");
        Optional<String> right = own().map(Member::name)
                .or(() -> judged.reference().flag(ETCD, "name"))
                .filter(n -> !n.isEmpty());
        if (right.isPresent() && !right.get().equals(planned)) {
            findings.add(judged.error("nix/etcd-name", ETCD, "name")
                    .evidence("it is %s; %s"
                            .formatted(
                                    planned,
                                    own().isPresent()
                                            ? "the member list has %s with this node's peer URL".formatted(right.get())
                                            : judged.reference().words() + " --name=" + right.get()))
                    .consequence(
                            "etcd does not find itself in its own member list: it ends at start, or founds a cluster of"
                                    + " its own where there is no data.")
                    .cure(judged.planned().assignment(ETCD, "name", right.get()))
                    .cause("RKE1 calls members etcd-HOSTNAME_OVERRIDE, and the override is by default the address"));
        } else if (right.isEmpty()) {
            findings.add(Finding.unknown("nix/etcd-name", judged.planned().subject(ETCD, "name"))
                    .evidence("it is %s; neither RKE1's flags nor a member list are known".formatted(planned))
                    .consequence("Whether the cluster knows a member of this name cannot be told.")
                    .cure("name the node (--facts DIR) or a source (--snapshot FILE)"));
        }
    }

    private void peerUrls() {
        List<String> planned = flags.list("initial-advertise-peer-urls");
        List<String> today = own().map(Member::peerUrls)
                .orElseGet(() -> judged.reference().flags(ETCD).list("initial-advertise-peer-urls"));
        if (!today.isEmpty() && !new TreeSet<>(today).equals(new TreeSet<>(planned))) {
            findings.add(judged.error("nix/etcd-peer-url", ETCD, "initial-advertise-peer-urls")
                    .evidence("%s; the cluster knows this member by %s"
                            .formatted(String.join(", ", planned), String.join(", ", today)))
                    .consequence("The other members do not reach it, and it does not find itself in the member list.")
                    .cure(judged.planned().assignment(ETCD, "initial-advertise-peer-urls", String.join(",", today))));
        }
    }

    private void cluster() {
        List<String> planned = flags.list("initial-cluster");
        List<String> wanted = members().isEmpty()
                ? judged.reference().flags(ETCD).list("initial-cluster")
                : members().stream()
                        .flatMap(m -> m.peerUrls().stream().map(url -> m.name() + "=" + url))
                        .toList();
        List<String> lacking = wanted.stream().filter(m -> !planned.contains(m)).toList();
        boolean isNew = flags.get("initial-cluster-state").orElse("new").equals("new");
        if (!lacking.isEmpty()) {
            findings.add(judged.error("nix/etcd-members", ETCD, "initial-cluster")
                    .evidence(
                            "it has %s; it lacks %s".formatted(String.join(", ", planned), String.join(", ", lacking)))
                    .consequence(
                            isNew
                                    ? "With an empty data folder etcd would found a second cluster, empty, and the apiserver would"
                                            + " show an empty Kubernetes."
                                    : "With an empty data folder the member does not find the others.")
                    .cure(judged.planned().assignment(ETCD, "initial-cluster", String.join(",", wanted))));
        } else if (wanted.isEmpty() && planned.size() < 2) {
            findings.add(judged.warning("nix/etcd-members", ETCD, "initial-cluster")
                    .evidence("it has %s; how many members the cluster has is not known"
                            .formatted(planned.isEmpty() ? "none" : "one member, " + planned.getFirst()))
                    .consequence("If there are more, and the data folder is empty, etcd founds a second cluster.")
                    .cure("name a source to compare with: --snapshot FILE"));
        }
        if (isNew) {
            findings.add(judged.error("nix/etcd-state", ETCD, "initial-cluster-state")
                    .evidence(
                            judged.planned().isChosen(ETCD, "initial-cluster-state")
                                    ? "it is new"
                                    : "it is not set, and the module's default is new")
                    .consequence(
                            "If the data folder is empty or mistyped, etcd founds a new cluster instead of refusing.")
                    .cure(judged.planned().assignment(ETCD, "initial-cluster-state", "existing"))
                    .cause("while there is data the flag is not read; existing is safe in every case"));
        }
    }

    private void schemes() {
        for (String flag : List.of(
                "listen-client-urls", "advertise-client-urls", "listen-peer-urls", "initial-advertise-peer-urls")) {
            List<String> plain = flags.list(flag).stream()
                    .filter(url -> url.startsWith("http:"))
                    .filter(url -> !url.startsWith("http://127.0.0.1:") || !flag.equals("listen-client-urls"))
                    .toList();
            if (!plain.isEmpty()) {
                findings.add(judged.error("nix/etcd-tls", ETCD, flag)
                        .evidence(String.join(", ", plain))
                        .consequence("RKE1's members and apiservers speak TLS only: they are cut off from this one.")
                        .cure("use https: "
                                + judged.planned()
                                        .assignment(
                                                ETCD,
                                                flag,
                                                String.join(",", plain).replace("http:", "https:"))));
            }
        }
        for (String flag : List.of("client-cert-auth", "peer-client-cert-auth")) {
            if (!flags.get(flag).map(NixText::isTrue).orElse(false)) {
                findings.add(judged.error("nix/etcd-tls", ETCD, flag)
                        .evidence("it is off")
                        .consequence("Whoever reaches the port reads and writes all of Kubernetes.")
                        .cure(judged.planned().assignment(ETCD, flag, "true")));
            }
        }
    }

    private void dataFolder() {
        // RKE1's own flag names the folder inside its container: a folder of the host is mounted there.
        String today = HostFolders.data(judged.facts());
        String planned = flags.get("data-dir").orElse("");
        if (!planned.equals(today)) {
            findings.add(judged.error("nix/etcd-data", ETCD, "data-dir")
                    .evidence("it is %s; RKE1 keeps the member's data in %s".formatted(planned, today))
                    .consequence("etcd starts without its data, as another member.")
                    .cure(judged.planned().assignment(ETCD, "data-dir", today)));
        }
    }

    private void servers() {
        List<String> planned = judged.planned().flags(APISERVER).list("etcd-servers");
        List<String> today = judged.reference().flags(APISERVER).list("etcd-servers");
        List<String> all = members().isEmpty()
                ? today
                : members().stream().flatMap(m -> m.clientUrls().stream()).toList();
        boolean others = all.size() > planned.size() || all.isEmpty();
        if (planned.size() == 1 && others) {
            findings.add(judged.warning("nix/etcd-servers", APISERVER, "etcd-servers")
                    .evidence("%s alone%s"
                            .formatted(
                                    planned.getFirst(),
                                    all.isEmpty() ? "" : "; the cluster has " + String.join(", ", all)))
                    .consequence(
                            "When this host's etcd is down, its apiserver is down with it, though the cluster has a quorum.")
                    .cure(
                            all.isEmpty()
                                    ? "name every member, this host's first"
                                    : judged.planned().assignment(APISERVER, "etcd-servers", String.join(",", all)))
                    .cause("a trade-off: it avoids calls across nodes"));
        }
        planned.stream()
                .filter(url -> url.startsWith("http:") && judged.planned().has(ETCD))
                .findFirst()
                .ifPresent(url -> findings.add(judged.error("nix/etcd-tls", APISERVER, "etcd-servers")
                        .evidence(url)
                        .consequence("etcd speaks TLS only: the apiserver does not become ready.")
                        .cure("use https")));
    }

    private void prefix() {
        String planned = judged.planned().flag(APISERVER, "etcd-prefix").orElse("/registry");
        judged.cluster()
                .map(ClusterFacts::prefix)
                .filter(prefix -> !prefix.equals(planned))
                .ifPresent(prefix -> findings.add(judged.error("nix/etcd-prefix", APISERVER, "etcd-prefix")
                        .evidence("it is %s; Kubernetes' keys lie below %s".formatted(planned, prefix))
                        .consequence("The apiserver finds an empty cluster, and starts a second one beside the first.")
                        .cure(judged.planned().assignment(APISERVER, "etcd-prefix", prefix))));
    }
}

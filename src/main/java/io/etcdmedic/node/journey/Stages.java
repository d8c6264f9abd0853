package io.etcdmedic.node.journey;

import static io.etcdmedic.installation.Component.APISERVER;
import static io.etcdmedic.installation.Component.ETCD;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.host.FileMeta;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Part;
import io.etcdmedic.node.NodeChecks;
import io.etcdmedic.node.certs.CertsCheck;
import io.etcdmedic.node.cluster.NodeObject;
import io.etcdmedic.node.facts.Container;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.nix.HostFolders;
import io.etcdmedic.node.nix.NixCheck;
import io.etcdmedic.node.nix.SwitchedMachine;
import io.etcdmedic.node.version.RunningVersions;
import io.etcdmedic.node.version.SkewCheck;
import io.etcdmedic.snapshot.SnapshotCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Looks whether a stage is reached. Nothing here changes anything.
final class Stages {
    private static final Duration SNAPSHOT_AGE_MAX = Duration.ofHours(24);
    static final String ASK_ETCD = "ask etcd itself: --endpoints URL --cacert … --cert … --key …";
    private final RebuildView view;
    private final BackStages back;

    Stages(RebuildView view) {
        this.view = view;
        this.back = new BackStages(view);
    }

    Verdict verdict(Stage stage) {
        return switch (stage) {
            case INVENTORY -> inventory();
            case VERSIONS -> versions();
            case SNAPSHOT -> snapshot();
            case KEYS -> ArchivedFolders.verdict(view, ArchivedFolders.KEYS);
            case ARCHIVE -> ArchivedFolders.verdict(view, ArchivedFolders.FOLDERS);
            case CERTIFICATES -> certificates();
            case PAUSE -> prepared("pause", "nothing speaks against the image: it is seeded, named in full and pinned");
            case CNI -> prepared("cni", "what the configurations name is there, and the module keeps it");
            case MODULE -> module();
            case MEMBER_DATA -> memberData();
            case DRAINED -> drained();
            case STOPPED -> stopped();
            case SWITCHED -> switched();
            case MEMBER -> back.member();
            case APISERVER -> back.apiserver();
            case SERVICE_CIDR -> back.serviceCidr();
            case NODE_READY -> back.nodeReady();
            case NETWORK -> back.network();
            case DNS -> back.dns();
            case WORKLOADS -> back.workloads();
        };
    }

    /// The member's data stays root's while RKE1's etcd runs on it: the member itself says later whether it is
    /// etcd's.
    private Verdict certificates() {
        NodeFacts after = view.module()
                .filter(m -> m.configuration().isPresent())
                .map(m -> SwitchedMachine.after(view.now(), m))
                .orElse(view.now());
        return Verdict.of(
                CertsCheck.of(after, view.time()).stream()
                        .filter(f -> !f.check().equals(Preflight.DATA_OWNER))
                        .toList(),
                "every service can read what it needs, and every certificate is valid",
                "medic node certs check; medic node certs fix");
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
                Stream.concat(findings.stream(), step.stream()).toList(),
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
        String today = HostFolders.data(view.before());
        String folder = view.module().flatMap(m -> m.flag(ETCD, "data-dir")).orElse(today);
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
                    "services.etcd.initialClusterState = \"existing\"; and find the member's data (RKE1 keeps it in %s)"
                            .formatted(today));
        }
        return holds
                ? Verdict.reached(folder + "/member holds a log and a database"
                        + view.now()
                                .machine()
                                .stat(folder)
                                .map(FileMeta::words)
                                .map(w -> " (" + w + ")")
                                .orElse(""))
                : Verdict.notYet(folder + " holds no member", "find the member's data: RKE1 keeps it in " + today);
    }

    private Verdict drained() {
        if (view.node().isEmpty()) {
            return Verdict.notYet("the Node is not to be seen", ASK_ETCD);
        }
        NodeObject node = view.node().get();
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
                : noLongerHolds()
                        .orElse(Verdict.notYet(
                                "no unit of " + String.join(", ", missing),
                                "nixos-rebuild switch, yourself: medic does not do it"));
    }

    /// The last moment at which nothing has happened yet: what was reached days ago must hold today.
    private Optional<Verdict> noLongerHolds() {
        return List.of(Stage.CERTIFICATES, Stage.MODULE, Stage.MEMBER_DATA, Stage.DRAINED, Stage.STOPPED).stream()
                .filter(this::isToBeSeen)
                .flatMap(stage -> Stream.of(verdict(stage))
                        .filter(verdict -> !verdict.reached())
                        .map(verdict -> Verdict.notYet(
                                "the stage %s no longer holds: %s".formatted(stage.title(), verdict.evidence()),
                                verdict.todo() + "; only then the switch")))
                .findFirst();
    }

    private boolean isToBeSeen(Stage stage) {
        boolean asksModule = stage == Stage.CERTIFICATES || stage == Stage.MODULE;
        boolean asksNode = stage == Stage.DRAINED;
        return (!asksModule || view.module().isPresent())
                && (!asksNode || view.node().isPresent());
    }

    /// What the node has now, and what the module will do to it.
    private Verdict prepared(String area, String good) {
        List<Finding> findings = new ArrayList<>(NodeChecks.all().stream()
                .filter(c -> c.name().equals(area))
                .flatMap(c -> c.of(view.now(), view.time()).stream())
                .toList());
        view.module().stream()
                .flatMap(m -> NixCheck.of(m, view.before(), view.cluster()).stream())
                .filter(f -> f.check().startsWith("nix/" + area))
                .forEach(findings::add);
        return Verdict.of(findings, good, "medic node " + area + " check");
    }

    static List<Stage> all() {
        return Arrays.asList(Stage.values());
    }
}

package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.finding.Severity;
import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.host.Machine;
import io.etcdmedic.host.ToolAnswer;
import io.etcdmedic.host.ToolCall;
import io.etcdmedic.node.certs.CertsFix;
import io.etcdmedic.node.cni.CniRestore;
import io.etcdmedic.node.cni.PluginCopies;
import io.etcdmedic.node.facts.AnswerFromFile;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.repair.Outcome;
import io.etcdmedic.repair.plan.PlanDraft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each accident of the post with a node's files, its pause image and its network: what happened, what finds it,
/// what mends it, and that nothing is found the second time.
///
/// What ctr says is an answer that was kept; `PausePinTest` does the same to a real containerd.
class PostAccidentsTest {
    private static final Instant NOW = Instant.now().plus(Duration.ofHours(1));
    private static final String FULL = "docker.io/library/pause:latest";
    private static final String SSL = "etc/kubernetes/ssl/";
    private static final String STORE_1_7 = "/nix/store/c-containerd-1.7.24";

    @TempDir
    Path folder = Path.of("");

    @BeforeEach
    void needsRoot() throws IOException {
        folder = HostLab.forUsers(folder);
    }

    @ParameterizedTest
    @EnumSource
    void theAccidentIsFoundMendedAndNotFoundAgain(Accident accident) throws IOException {
        Node node = new Node(folder);
        assertThat(node.wrong()).as("the node before").isEmpty();

        accident.happens.to(node);

        assertThat(node.wrong())
                .as("what else is wrong")
                .allMatch(f -> f.check().equals(accident.check));
        assertThat(node.wrong())
                .as(accident.check)
                .isNotEmpty()
                .anySatisfy(f -> assertThat(f.evidence() + f.consequence()).contains(accident.words))
                .allSatisfy(f -> assertThat(f.cure()).isNotEmpty());

        accident.mended.to(node);

        assertThat(node.wrong()).as("the second time").isEmpty();
    }

    /// `chown`, `chmod` and what the kubelet's start does, and how the findings' cures take it back.
    enum Accident {
        ROOTS_FILES(
                "certs/access",
                "open /etc/kubernetes/ssl/kube-service-account-token-key.pem: permission denied",
                node -> node.everyPem(0, 0600),
                Node::certsFix),
        CHOWN_KUBERNETES_ALL(
                "certs/access",
                "with this key anybody can be anybody",
                node -> {
                    node.everyPem(RkeTree.KUBERNETES, 0600);
                    node.rke.owner(SSL + "kube-ca.pem", RkeTree.KUBERNETES, 0604);
                    node.rke.owner(SSL + "kube-etcd-51-81-64-31.pem", RkeTree.ETCD, 0600);
                    node.rke.owner(SSL + "kube-etcd-51-81-64-31-key.pem", RkeTree.ETCD, 0600);
                },
                Node::certsFix),
        CHMOD_ALL("certs/access", "every user can read it", node -> node.everyPem(0, 0644), Node::certsFix),
        CLOSED_FOLDER(
                "certs/access",
                "the folder /etc/kubernetes/ssl (0700 0:0) cannot be passed",
                node -> node.rke.owner("etc/kubernetes/ssl", 0, 0700),
                Node::certsFix),
        ROOTS_MEMBER(
                "certs/etcd-data",
                "etcd (the user of etcd) cannot write the member in it",
                node -> {
                    for (String name : List.of("", "/member", "/member/snap", "/member/snap/db", "/member/wal")) {
                        node.rke.owner("var/lib/etcd" + name, 0, name.endsWith("db") ? 0600 : 0700);
                    }
                },
                Node::certsFix),
        KUBELET_SERVES_WITH_A_CLIENTS_CERTIFICATE(
                "certs/kubelet-serving",
                "for clients only and it has no names",
                node -> node.nixos.kubelet("1.34.2", "--tls-cert-file=/etc/kubernetes/ssl/kube-node.pem"),
                node -> node.nixos.kubelet("1.34.2", "")),
        KUBELET_SERVES_WITH_IT_BY_ITS_FILE(
                "certs/kubelet-serving",
                "for clients only and it has no names",
                node -> node.nixos
                        .kubelet("1.34.2", "--config=/etc/kubelet.yaml")
                        .file("etc/kubelet.yaml", "tlsCertFile: /etc/kubernetes/ssl/kube-node.pem\n"),
                node -> node.nixos.file("etc/kubelet.yaml", "maxPods: 110\n")),
        PAUSE_NOT_NAMED_IN_FULL(
                "pause/reference",
                "that would be " + FULL,
                node -> node.containerd(NixosTree.CONTAINERD_TOML),
                node -> node.containerd(Node.FULL_TOML)),
        PAUSE_COLLECTED(
                "pause/image",
                "No pod starts: \"failed to get sandbox image\"",
                node -> node.images = "",
                node -> node.images = Node.image(FULL, "io.cri-containerd.pinned=pinned")),
        PAUSE_NOT_PINNED(
                "pause/pinned",
                "It will be collected when the disk fills",
                node -> node.images = Node.image(FULL, "io.cri-containerd.image=managed"),
                node -> node.images = Node.image(FULL, "io.cri-containerd.pinned=pinned")),
        PAUSE_IMPORTED_WITH_A_FLAG_OF_CTR_2(
                "pause/seeded",
                "flag provided but not defined: -label",
                node -> node.nixos.start("#!/bin/sh\nset -e\nmkdir -p /opt/cni/bin\n" + STORE_1_7
                        + "/bin/ctr -n k8s.io image import --label io.cri-containerd.pinned=pinned /nix/store/p.tar\n"),
                Node::snippet),
        START_REPLACED_WITHOUT_A_SEED(
                "pause/seeded",
                "what runs before the kubelet imports no image",
                node -> node.nixos.start("#!/bin/sh\nmkdir -p /opt/cni/bin/\n"),
                Node::snippet),
        PAUSE_BY_A_FLAG_THAT_IS_GONE(
                "pause/flag",
                "unknown flag: --pod-infra-container-image",
                node -> node.nixos.kubelet("1.35.0", "--pod-infra-container-image=pause"),
                node -> node.nixos.kubelet("1.35.0", "")),
        CNI_WIPED_AT_EACH_START(
                "cni/wipe",
                "does not bring back calico, calico-ipam",
                node -> node.nixos.start(NixosTree.MODULE_START),
                Node::snippet),
        CNI_WIPED(
                "cni/plugin",
                "failed to find plugin \"calico\" in path [/opt/cni/bin]",
                node -> {
                    PluginCopies.save(
                            LiveMachine.at(node.root),
                            node.root,
                            List.of("/opt/cni/bin"),
                            node.folder.resolve("saved"));
                    try (Stream<Path> files = Files.list(node.root.resolve("opt/cni/bin"))) {
                        for (Path file : files.toList()) {
                            Files.delete(file);
                        }
                    }
                },
                node -> node.apply(CniRestore.plan(
                        node.facts(), Optional.empty(), node.root, PluginCopies.open(node.folder.resolve("saved"))))),
        CNI_FOLDER_IN_THE_STORE(
                "cni/folder",
                "which cannot be written to",
                node -> {
                    Path conf = node.root.resolve("etc/cni/net.d");
                    Files.createDirectories(node.root.resolve("nix/store"));
                    Files.move(conf, node.root.resolve("nix/store/x-net.d"));
                    Files.createSymbolicLink(conf, Path.of("/nix/store/x-net.d"));
                },
                node -> {
                    Path conf = node.root.resolve("etc/cni/net.d");
                    Files.delete(conf);
                    Files.move(node.root.resolve("nix/store/x-net.d"), conf);
                }),
        CNI_OF_TWO(
                "cni/config",
                "loads 2 configurations",
                node -> node.nixos.file("etc/cni/net.d/11-left.conflist", NixosTree.CALICO),
                node -> Files.delete(node.root.resolve("etc/cni/net.d/11-left.conflist")));

        private final String check;
        private final String words;
        private final Event happens;
        private final Event mended;

        Accident(String check, String words, Event happens, Event mended) {
            this.check = check;
            this.words = words;
            this.happens = happens;
            this.mended = mended;
        }
    }

    interface Event {
        void to(Node node) throws IOException;
    }

    /// A node after its switch on which everything is right.
    static final class Node {
        static final String FULL_TOML = NixosTree.CONTAINERD_TOML.replace("\"pause:latest\"", "\"" + FULL + "\"");
        final Path folder;
        final Path root;
        final RkeTree rke;
        final NixosTree nixos;
        String images = image(FULL, "io.cri-containerd.pinned=pinned");

        Node(Path folder) throws IOException {
            this.folder = folder;
            root = Files.createDirectory(folder.resolve("root"));
            rke = RkeTree.make(root).right();
            nixos = NixosTree.make(root).plugins();
            containerd(FULL_TOML);
            snippet();
            nixos.file("var/lib/etcd/member/snap/db", "");
            Files.createDirectories(root.resolve("var/lib/etcd/member/wal"));
            for (String name : List.of("", "/member", "/member/snap", "/member/wal")) {
                rke.owner("var/lib/etcd" + name, RkeTree.ETCD, 0700);
            }
            rke.owner("var/lib/etcd/member/snap/db", RkeTree.ETCD, 0600);
        }

        NodeFacts facts() {
            List<String> argv = List.of(
                    "ctr", "--address", "/run/containerd/containerd.sock", "--namespace", "k8s.io", "images", "ls");
            Machine machine = LiveMachine.at(root);
            return NodeFacts.of(new AnswerFromFile(
                    machine,
                    new ToolCall(argv, ToolCall.TIMEOUT, ToolCall.OUTPUT_BYTES_MAX),
                    new ToolAnswer.Ran(0, images, "", false)));
        }

        /// Errors and warnings; what a tree cannot be asked is unknown, before as after.
        List<Finding> wrong() {
            return NodeChecks.findings(facts(), NOW).stream()
                    .filter(f -> f.severity() == Severity.ERROR || f.severity() == Severity.WARNING)
                    .toList();
        }

        void everyPem(int uid, int mode) throws IOException {
            try (Stream<Path> files = Files.list(root.resolve("etc/kubernetes/ssl"))) {
                for (Path file : files.toList()) {
                    rke.owner(SSL + file.getFileName(), uid, mode);
                }
            }
        }

        void containerd(String toml) throws IOException {
            nixos.file("nix/store/t-containerd-config-checked.toml", toml);
        }

        void certsFix() {
            apply(CertsFix.plan(facts(), root));
        }

        void apply(PlanDraft draft) {
            Outcome outcome = new HostLab().apply(HostLab.plan(draft));
            assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
        }

        /// The start script that the module text makes.
        void snippet() throws IOException {
            List<String> script = new ArrayList<>(List.of("#!/bin/sh"));
            boolean inside = false;
            for (String line : KubeletSnippet.text().lines().map(String::strip).toList()) {
                inside &= !line.equals("'';");
                if (inside) {
                    script.add(line.replace("${pkgs.containerd}", STORE_1_7)
                            .replace("${pkgs.cni-plugins}", "/nix/store/n-cni-plugins-1.6.2")
                            .replace("${pauseImage}", "/nix/store/p-docker-image-pause.tar.gz")
                            .replace("${pauseReference}", FULL));
                }
                inside |= line.endsWith("preStart = lib.mkForce ''");
            }
            assertThat(script).hasSizeGreaterThan(4);
            nixos.start(String.join("\n", script) + "\n");
        }

        static String image(String reference, String labels) {
            return "%s application/vnd.oci.image.manifest.v1+json sha256:%s 14.4 KiB linux/amd64 %s \n"
                    .formatted(reference, "a".repeat(64), labels);
        }
    }
}

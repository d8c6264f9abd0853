package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcdmedic.command.Ran;
import io.etcdmedic.host.OwnUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every command over the facts of a node says what it says over the node itself, word for word.
class SavedNodeTest {
    private static final List<String> COMMANDS = List.of(
            "certs check",
            "certs fix --snippet",
            "pause check",
            "cni check",
            "nix check --units",
            "version check",
            "inspect --flags",
            "preflight --all");

    @TempDir
    Path folder = Path.of("");

    private Path root = Path.of("");

    @BeforeEach
    void needsRoot() throws IOException {
        assumeTrue(OwnUser.isRoot(), "SKIPPED: needs root to give files to the users of the services");
        folder = folder.toRealPath();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        root = Files.createDirectory(folder.resolve("root"));
    }

    @ParameterizedTest
    @EnumSource
    void theFactsSayWhatTheNodeSays(Node node) throws IOException {
        node.maker.make(root);
        Path facts = folder.resolve("facts");
        Ran kept = medic("inspect", "--root", root, "--save " + facts);
        assertThat(kept.status()).as(kept.stderr()).isLessThan(2);

        for (String command : COMMANDS) {
            for (String form : List.of("", " -o json")) {
                Ran live = medic(command + form, "--root", root, "");
                Ran saved = medic(command + form, "--facts", facts, "");

                assertThat(saved.status()).as(command).isEqualTo(live.status()).isLessThan(2);
                assertThat(said(saved, "the facts in " + facts).lines())
                        .as(command)
                        .containsExactlyElementsOf(
                                said(live, "the tree below " + root).lines().toList());
                assertThat(live.text()).as(command).isNotBlank();
            }
        }
    }

    private static Ran medic(String command, String option, Path place, String more) {
        List<String> words = new ArrayList<>(List.of("node"));
        words.addAll(List.of((command + " " + more).strip().split(" ", -1)));
        words.addAll(List.of(option, place.toString()));
        return Ran.of(words.toArray(String[]::new));
    }

    /// Who answers is another; what a tree cannot run, its facts do not have.
    private String said(Ran ran, String name) {
        return ran.text()
                .replace(name, "NODE")
                .replace("the tree below " + root, "NODE")
                .replace(" --root " + root, "");
    }

    enum Node {
        RKE1(root -> RkeTree.make(root)),
        RKE1_WITH_CONTAINERS(root -> {
            RkeContainers.standard().running("always").in(RkeTree.make(root).file("etc/hostname", "srv5\n"));
        }),
        RKE1_AFTER_FIX(root -> RkeTree.make(root).right()),
        POST(root -> {
            RkeTree.make(root);
            NixosTree.make(root).plugins();
            Files.delete(root.resolve("opt/cni/bin/calico"));
            Files.createSymbolicLink(root.resolve("opt/cni/bin/bandwidth2"), Path.of("/nix/store/gone/bandwidth"));
        }),
        RIGHT(root -> {
            RkeTree.make(root).right();
            NixosTree.make(root).start("#!/bin/sh\nmkdir -p /opt/cni/bin\n").plugins();
        }),
        DROP_INS_AND_CONFIG(root -> {
            RkeTree tree = RkeTree.make(root);
            tree.file("etc/systemd/system/kube-apiserver.service", "[Service]\nExecStart=/bin/kube-apiserver\n")
                    .file("etc/systemd/system/kube-.service.d/a.conf", "[Service]\nUser=kubernetes\n")
                    .file(
                            "run/systemd/system/kubelet.service",
                            "[Service]\nExecStart=/bin/kubelet --config=/k.yaml" + " --config-dir=/k.d\n")
                    .file("k.yaml", "clusterDNS: [10.43.0.10]\nmaxPods: 3\n")
                    .file(
                            "k.d/1/a.conf",
                            "kind: KubeletConfiguration\ntlsCertFile: /etc/kubernetes/ssl/kube-node.pem\n")
                    .file("k.d/b.conf", "[broken")
                    .file("etc/containerd/config.toml", "version = 2\nimports = [\"/etc/containerd/d/*.toml\"]\n")
                    .file(
                            "etc/containerd/d/a.toml",
                            "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\n" + "sandbox_image = \"pause\"\n")
                    .file("var/lib/etcd/member/snap/db", "")
                    .file("var/lib/etcd/member/wal/0.wal", "");
        }),
        BROKEN(root -> {
            RkeTree tree = RkeTree.make(root);
            tree.file("etc/kubernetes/ssl/kube-proxy.pem", "")
                    .file(
                            "etc/kubernetes/ssl/kube-ca.pem",
                            "-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----")
                    .file("etc/kubernetes/ssl/kube-node-key.pem", "-----BEGIN PRIVATE KEY-----\nAA")
                    .file("etc/cni/net.d/10.conflist", "{")
                    .file("etc/containerd/config.toml", "[[[");
            Files.delete(root.resolve("etc/kubernetes/ssl/kube-scheduler.pem"));
            Files.createSymbolicLink(root.resolve("etc/kubernetes/ssl/kube-scheduler.pem"), Path.of("/etc/../../x"));
        }),
        K3S(root -> K3sTree.make(root)),
        NOTHING(root -> Files.createDirectory(root.resolve("etc")));

        private final Maker maker;

        Node(Maker maker) {
            this.maker = maker;
        }
    }

    private interface Maker {
        void make(Path root) throws IOException;
    }
}

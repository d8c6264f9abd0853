package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.host.ToolAnswer;
import io.etcdmedic.host.ToolCall;
import io.etcdmedic.node.cni.CniCheck;
import io.etcdmedic.node.cni.CniPods;
import io.etcdmedic.node.facts.AnswerFromFile;
import io.etcdmedic.node.facts.NodeFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CniCheckTest {
    private static final String KEEPING =
            "#!/bin/sh\nmkdir -p /opt/cni/bin\nctr -n k8s.io image import /nix/store/p.tar\n";

    private static final String ALIEN = "it was built for arm64, and this node is amd64";

    @TempDir
    Path root = Path.of("");

    @Test
    void theModulesStartRemovesWhatCalicoInstalled() throws IOException {
        NixosTree tree = NixosTree.make(root).plugins();

        assertThat(errors(tree)).singleElement().satisfies(f -> {
            assertThat(f.check()).isEqualTo("cni/wipe");
            assertThat(f.evidence()).contains("rm /opt/cni/bin/*`").endsWith("does not bring back calico, calico-ipam");
            assertThat(f.cure()).isEqualTo("medic node cni restore --snippet");
        });
    }

    @Test
    void afterItRanEveryPluginThatTheStoreDoesNotBringIsMissing() throws IOException {
        NixosTree tree = NixosTree.make(root).program("opt/cni/bin/portmap").start(KEEPING);

        assertThat(errors(tree))
                .extracting(Finding::subject)
                .containsExactly(
                        "/opt/cni/bin/bandwidth",
                        "/opt/cni/bin/calico",
                        "/opt/cni/bin/calico-ipam",
                        "/opt/cni/bin/loopback");
        assertThat(errors(tree))
                .allSatisfy(f -> assertThat(f.cure())
                        .startsWith("kubectl -n kube-system delete pod -l 'k8s-app in (calico-node, canal)'"
                                + " --field-selector spec.nodeName=srv5"));
    }

    @Test
    void theRightNodeHasNothingToSay() throws IOException {
        NixosTree tree = NixosTree.make(root).plugins().start(KEEPING);

        assertThat(check(tree)).extracting(f -> f.severity().word()).containsOnly("ok");
    }

    @Test
    void aPluginMustBeAProgramOfThisMachineThatMayRun() throws IOException {
        NixosTree tree = NixosTree.make(root).plugins().start(KEEPING).program("opt/cni/bin/calico", 0xb7);
        Path bin = root.resolve("opt/cni/bin");
        Files.setPosixFilePermissions(bin.resolve("portmap"), PosixFilePermissions.fromString("rw-r--r--"));
        Files.delete(bin.resolve("bandwidth"));
        Files.createSymbolicLink(bin.resolve("bandwidth"), Path.of("/nix/store/gone-cni-plugins/bin/bandwidth"));
        Files.writeString(bin.resolve("loopback"), "not a program");

        assertThat(errors(tree))
                .extracting(f -> f.subject().substring(13) + ": " + f.evidence())
                .containsExactly(
                        "bandwidth: a symbolic link leads to /nix/store/gone-cni-plugins, which is not there (the store collected it)",
                        "calico: it was built for arm64, and this node is amd64",
                        "loopback: it is no program",
                        "portmap: it is not executable (0644)");
    }

    /// No /bin/sh: another program of the tree tells, or what its services start, or nothing does.
    @Test
    void theProcessorOfABareTreeIsLearnedFromWhatThereIs() throws IOException {
        NixosTree tree = NixosTree.make(root).plugins().start(KEEPING).program("opt/cni/bin/calico", 0xb7);
        Files.delete(root.resolve("bin/sh"));
        assertThat(check(tree))
                .filteredOn(f -> f.check().equals("cni/processor"))
                .singleElement()
                .satisfies(f -> {
                    assertThat(f.severity().word()).isEqualTo("unknown");
                    assertThat(f.evidence()).startsWith("the plugins were built for amd64 and for arm64;");
                });

        tree.program("usr/sbin/ip", 0x3e).file("usr/sbin/a-script", "#!/bin/sh\n");
        assertThat(errors(tree)).extracting(Finding::evidence).containsExactly(ALIEN);
        Files.delete(root.resolve("usr/sbin/ip"));

        tree.program("nix/store/c-containerd-1.7.24/bin/containerd", 0x3e);
        assertThat(errors(tree)).extracting(Finding::evidence).containsExactly(ALIEN);
        Files.delete(root.resolve("nix/store/c-containerd-1.7.24/bin/containerd"));

        NodeFacts asked = NodeFacts.of(new AnswerFromFile(
                LiveMachine.at(root), ToolCall.of("uname", "-m"), new ToolAnswer.Ran(0, "x86_64\n", "", false)));
        assertThat(CniCheck.of(asked, Optional.empty(), CniPods.UNKNOWN))
                .extracting(Finding::evidence)
                .contains(ALIEN);
    }

    @Test
    void everyFileIsLoadedByTheModulesContainerdAndThatIsOneTooMany() throws IOException {
        NixosTree tree = NixosTree.make(root)
                .plugins()
                .program("opt/cni/bin/flannel")
                .program("opt/cni/bin/bridge")
                .program("opt/cni/bin/host-local")
                .start(KEEPING)
                .file("etc/cni/net.d/11-flannel.conf", "{\"name\": \"f\", \"type\": \"flannel\"}");

        assertThat(errors(tree))
                .singleElement()
                .satisfies(f -> assertThat(f.evidence()).startsWith("max_conf_num = 0 loads 2 configurations"));

        tree.file(
                "nix/store/t-containerd-config-checked.toml",
                NixosTree.CONTAINERD_TOML.replace("_num = 0", "_num = 1"));
        assertThat(errors(tree)).isEmpty();
    }

    @Test
    void flannelNeedsItsDelegateToo() throws IOException {
        NixosTree tree = NixosTree.make(root)
                .plugins()
                .start(KEEPING)
                .file("etc/cni/net.d/10-canal.conflist", "{\"name\":\"f\",\"plugins\":[{\"type\":\"flannel\"}]}");

        assertThat(errors(tree))
                .extracting(Finding::subject)
                .containsExactly("/opt/cni/bin/bridge", "/opt/cni/bin/flannel", "/opt/cni/bin/host-local");
    }

    @Test
    void noBrokenAndUnwritableConfigurationsAreErrors() throws IOException {
        NixosTree tree = NixosTree.make(root).plugins().start(KEEPING).file("etc/cni/net.d/10-canal.conflist", "{");
        assertThat(errors(tree)).extracting(Finding::check).containsExactly("cni/config");

        Files.delete(root.resolve("etc/cni/net.d/10-canal.conflist"));
        assertThat(errors(tree))
                .singleElement()
                .satisfies(f -> assertThat(f.consequence()).contains("NotReady"));

        Files.delete(root.resolve("etc/cni/net.d"));
        tree.file("nix/store/n-cni-conf/10-canal.conflist", NixosTree.CALICO);
        Files.createSymbolicLink(root.resolve("etc/cni/net.d"), Path.of("/nix/store/n-cni-conf"));
        assertThat(errors(tree)).extracting(Finding::check).containsExactly("cni/folder");
    }

    @Test
    void thePostsModuleTextsAreRead() throws IOException {
        NixosTree tree = NixosTree.make(root).plugins().start(KEEPING).file("etc/nixos/parts/kubernetes.nix", """
                { config, lib, pkgs, ... }: {
                  services.kubernetes.kubelet = {
                    cni.packages = [];
                  };
                  systemd.services.kubelet.preStart = lib.mkForce ''
                    mkdir -p /opt/cni/bin/
                  '';
                }
                """);

        assertThat(check(tree))
                .filteredOn(f -> f.subject().endsWith("kubernetes.nix"))
                .extracting(f -> f.severity().word() + " " + f.check())
                .containsExactly("warning cni/packages", "error cni/start");
    }

    @Test
    void hostileNamesAreOnlyNames() throws IOException {
        NixosTree tree = NixosTree.make(root)
                .plugins()
                .start(KEEPING)
                .file(
                        "etc/cni/net.d/10-canal.conflist",
                        "{\"name\":\"f\",\"plugins\":[{\"type\":\"../../../etc/passwd\"}]}");

        assertThat(errors(tree))
                .singleElement()
                .satisfies(f -> assertThat(f.evidence()).contains("its name would leave /opt/cni/bin"));
    }

    private static List<Finding> check(NixosTree tree) {
        return CniCheck.of(tree.facts(), Optional.empty(), CniPods.UNKNOWN).stream()
                .filter(f -> !f.check().equals("cni/containerd") || f.breaks())
                .toList();
    }

    private static List<Finding> errors(NixosTree tree) {
        return check(tree).stream().filter(Finding::breaks).toList();
    }
}

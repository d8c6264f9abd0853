package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.command.Ran;
import io.etcdmedic.finding.Finding;
import io.etcdmedic.node.certs.CertsCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that extra_binds of cluster.yml show to a container under another name: NixOS has no container.
class ExtraBindsTest {
    @TempDir
    Path dir = Path.of("");

    private RkeTree tree = RkeTree.at(Path.of(""));

    @BeforeEach
    void nodeWithFilesFromElsewhere() throws IOException {
        tree = RkeNode.of(31)
                .with("kube-apiserver", "oidc-ca-file", "/etc/kubernetes/oidc/ca.crt")
                .with("kube-apiserver", "audit-webhook-config-file", "/opt/conf/audit.yaml")
                .bound("kube-apiserver", "/srv/conf:/opt/conf:z", "/srv/oidc/:/etc/kubernetes/oidc/:ro")
                .in(HostLab.forUsers(dir).resolve("root"))
                .file("srv/conf/audit.yaml", "kind: Config\nusers: [{user: {token: x}}]\n")
                .file("srv/oidc/ca.crt", "-----BEGIN CERTIFICATE-----\n");
        tree.owner("srv/conf", 0, 0700);
        tree.owner("srv/oidc/ca.crt", 0, 0600);
        tree.file("var/lib/etcd/member/wal/0.wal", "x").file("var/lib/etcd/member/snap/db", "x");
    }

    @Test
    void theModuleNamesThemAsTheHostDoesAndGivesThemToTheirReader() throws IOException {
        String module = generated();

        assertThat(module)
                .contains("--oidc-ca-file=/srv/oidc/ca.crt\"", "--audit-webhook-config-file=/srv/conf/audit.yaml\"")
                .contains("\"z /srv/conf 0711 0 0 -\"", "\"z /srv/conf/audit.yaml 0400 kubernetes kubernetes -\"")
                .doesNotContain("/opt/conf", "/etc/kubernetes/oidc");
        assertThat(check(module)).doesNotContain("error ", "nix/flag ");
        assertThat(Ran.of("node", "preflight", dir.resolve("module.nix").toString(), "--root", root())
                        .text())
                .doesNotContain("certs/access");
    }

    @Test
    void aModuleThatNamesThemAsTheContainerDidIsToldTheHostsName() throws IOException {
        assertThat(check(generated().replace("/srv/conf/audit.yaml", "/opt/conf/audit.yaml")))
                .contains(
                        "nix/missing-file",
                        "/opt/conf/audit.yaml is not there",
                        "name it as the host does, /srv/conf/audit.yaml");
    }

    @Test
    void whoReadsThemIsJudgedBeforeTheSwitch() throws IOException {
        assertThat(CertsCheck.of(tree.facts(), Instant.now()))
                .filteredOn(f -> f.subject().startsWith("/srv/"))
                .hasSize(2)
                .allSatisfy(f ->
                        assertThat(f.evidence()).contains("kubernetes (the user of kube-apiserver) cannot read it"))
                .extracting(Finding::cure)
                .allSatisfy(cure -> assertThat(cure).contains("--snippet"));
        assertThat(Ran.of("node", "certs", "fix", "--snippet", "--root", root()).text())
                .contains("\"z /srv/conf 0711 0 0 -\"");
    }

    private String generated() throws IOException {
        Path file = dir.resolve("generated.nix");
        assertThat(Ran.of("node", "nix", "generate", "--root", root(), "--out", file.toString())
                        .status())
                .isZero();
        return Files.readString(file);
    }

    private String check(String module) throws IOException {
        Path file = Files.writeString(dir.resolve("module.nix"), module);
        return Ran.of("node", "nix", "check", file.toString(), "--root", root()).text();
    }

    private String root() {
        return tree.root().toString();
    }
}

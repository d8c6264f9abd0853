package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.command.Ran;
import io.etcdmedic.finding.Finding;
import io.etcdmedic.node.certs.CertsCheck;
import io.etcdmedic.node.certs.CertsFix;
import io.etcdmedic.repair.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// RKE1 keeps an audit log by default, and NixOS' apiserver, which is not root, opens it at start.
class AuditLogTest {
    private static final String LOG = "var/log/kube-audit/audit-log.json";

    @TempDir
    Path dir = Path.of("");

    private Path root = Path.of("");
    private RkeTree tree = RkeTree.at(Path.of(""));

    @BeforeEach
    void rightNodeWithALogOfRoot() throws IOException {
        root = HostLab.forUsers(dir).resolve("root");
        tree = RkeNode.of(31)
                .with("kube-apiserver", "audit-log-path", "/" + LOG)
                .in(root)
                .file(LOG, "{}\n");
        tree.owner("var/log/kube-audit", 0, 0700);
    }

    @Test
    void theFolderAndTheFileAreGivenAndTakenBack() throws IOException {
        assertThat(findings())
                .singleElement()
                .satisfies(f ->
                        assertThat(f.evidence()).contains("kubernetes (the user of kube-apiserver) cannot write it"));

        assertThat(apply().result()).isEqualTo(Outcome.Result.APPLIED);
        assertThat(findings()).isEmpty();
        assertThat(owner(LOG)).isEqualTo(RkeTree.KUBERNETES);

        tree.owner(LOG, 0, 0600);
        assertThat(findings())
                .singleElement()
                .satisfies(f -> assertThat(f.evidence()).contains(LOG + " is 0600 0:0"));
    }

    @Test
    void aFolderOfEverybodyIsGivenToNobody() throws IOException {
        Path shared = dir.toRealPath().resolve("shared");
        RkeTree other = RkeNode.of(31)
                .with("kube-apiserver", "audit-log-path", "/var/log/audit.json")
                .in(shared)
                .file("var/log/audit.json", "");
        root = shared;
        tree = other;

        assertThat(findings())
                .singleElement()
                .satisfies(f -> assertThat(f.cure()).contains("a folder of its own"));
        apply();
        assertThat(owner("var/log")).isZero();
        assertThat(Ran.of("node", "certs", "fix", "--snippet", "--root", root.toString())
                        .text())
                .doesNotContain("/var/log");
    }

    /// The host of RKE1 has no users of NixOS', files are root's, and the log's folder may be missing.
    @Test
    void theModulesOwnRulesAreTheCureAndWithoutThemTheCheckSaysWhatBreaks() throws IOException {
        Files.writeString(root.resolve("etc/passwd"), "root:x:0:0::/root:/bin/sh\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\n");
        Files.delete(root.resolve(LOG));
        Files.delete(root.resolve("var/log/kube-audit"));
        Files.delete(root.resolve("var/log"));
        tree.file("var/lib/etcd/member/wal/0.wal", "x").file("var/lib/etcd/member/snap/db", "x");
        Path module = dir.resolve("right.nix");
        assertThat(Ran.of("node", "nix", "generate", "--root", root.toString(), "--out", module.toString())
                        .status())
                .isZero();
        String right = Files.readString(module);

        assertThat(certs(right)).isEmpty();
        assertThat(certs(right.replaceAll("(?m)^.*\"d /var/log/kube-audit .*$", "")))
                .singleElement()
                .asString()
                .contains("certs/audit-log");
        assertThat(certs(right.replaceAll("(?m)^.*\"z .*/kube-scheduler-key.pem .*$", "")))
                .singleElement()
                .asString()
                .contains("certs/access", "kube-scheduler-key.pem");
        assertThat(certs(right.replaceAll(
                        "\"z (\\S+/)kube-ca.pem [^\"]*\"", "\"z $1*.pem 0444 kubernetes kubernetes -\"")))
                .as("a rule that hands over every key")
                .anySatisfy(line -> assertThat(line).contains("certs/access", "kube-ca-key.pem"));
    }

    private List<String> certs(String module) throws IOException {
        Path file = Files.writeString(dir.resolve("module.nix"), module);
        return Ran.of("node", "preflight", file.toString(), "--root", root.toString())
                .text()
                .lines()
                .filter(line -> line.startsWith("error ") && line.contains("certs/"))
                .toList();
    }

    private List<Finding> findings() {
        return CertsCheck.of(tree.facts(), Instant.now()).stream()
                .filter(f -> f.check().equals("certs/audit-log"))
                .toList();
    }

    private Outcome apply() {
        return new HostLab().apply(HostLab.plan(CertsFix.plan(tree.facts(), root)));
    }

    private int owner(String name) throws IOException {
        return (int) Files.getAttribute(root.resolve(name), "unix:uid");
    }
}

package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.finding.Severity;
import io.etcdmedic.host.OwnUser;
import io.etcdmedic.node.certs.CertsCheck;
import io.etcdmedic.node.facts.FactsRecorder;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.facts.SavedFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Needs root: owners are real. Making the certificates with openssl takes about a second, once.
class CertsCheckTest {
    private static final Instant NOW = Instant.now().plus(Duration.ofHours(1));

    @TempDir
    Path folder = Path.of("");

    private Path root = Path.of("");

    @BeforeEach
    void needsRoot() throws IOException {
        assumeTrue(OwnUser.isRoot(), "SKIPPED: needs root to give files to the users of the services");
        root = Files.createDirectory(folder.resolve("root"));
        Files.setPosixFilePermissions(folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void rkeLeavesFilesThatTheServicesOfNixosCannotRead() throws IOException {
        List<Finding> findings = CertsCheck.of(RkeTree.make(root).facts(), NOW);

        assertThat(of(findings, Severity.ERROR))
                .extracting(Finding::subject)
                .contains(
                        "/etc/kubernetes/ssl/kube-service-account-token-key.pem",
                        "/etc/kubernetes/ssl/kube-etcd-51-81-64-31-key.pem",
                        "/etc/kubernetes/ssl/kube-ca.pem");
        assertThat(findings)
                .filteredOn(f -> f.subject().endsWith("kube-service-account-token-key.pem"))
                .extracting(Finding::consequence)
                .containsExactly("kube-apiserver would end at start with \"open"
                        + " /etc/kubernetes/ssl/kube-service-account-token-key.pem: permission denied\".");
    }

    @Test
    void theRightTreeHasNothingToSay() throws IOException {
        List<Finding> findings = CertsCheck.of(RkeTree.make(root).right().facts(), NOW);

        assertThat(findings).extracting(Finding::severity).containsExactly(Severity.OK);
    }

    @Test
    void thePostsChownHandsOverTheKeyOfTheCa() throws IOException {
        RkeTree tree = RkeTree.make(root);
        try (Stream<Path> files = Files.list(root.resolve("etc/kubernetes/ssl"))) {
            for (Path file : files.toList()) {
                tree.owner(RkeTree.ssl(file.getFileName().toString()), RkeTree.KUBERNETES, 0600);
            }
        }
        tree.owner(RkeTree.ssl("kube-ca.pem"), RkeTree.KUBERNETES, 0604);
        tree.owner(RkeTree.ssl("kube-etcd-51-81-64-31.pem"), RkeTree.ETCD, 0600);
        tree.owner(RkeTree.ssl("kube-etcd-51-81-64-31-key.pem"), RkeTree.ETCD, 0600);

        List<Finding> findings = CertsCheck.of(tree.facts(), NOW);

        assertThat(of(findings, Severity.ERROR))
                .extracting(Finding::subject)
                .containsExactlyInAnyOrder(
                        "/etc/kubernetes/ssl/kube-ca-key.pem",
                        "/etc/kubernetes/ssl/kube-apiserver-requestheader-ca-key.pem");
        assertThat(of(findings, Severity.WARNING))
                .extracting(Finding::subject)
                .containsExactlyInAnyOrder(
                        "/etc/kubernetes/ssl/kube-admin-key.pem", "/etc/kubernetes/ssl/kube-proxy-key.pem");
    }

    @Test
    void aFolderOnTheWayCountsAndSoDoesOpenness() throws IOException {
        RkeTree tree = RkeTree.make(root).right();
        tree.owner("etc/kubernetes", 0, 0700);
        assertThat(of(CertsCheck.of(tree.facts(), NOW), Severity.ERROR))
                .isNotEmpty()
                .allSatisfy(f -> assertThat(f.evidence()).contains("the folder /etc/kubernetes (0700 0:0)"));

        tree.owner("etc/kubernetes", 0, 0755);
        tree.owner(RkeTree.ssl("kube-admin-key.pem"), 0, 0644);
        assertThat(of(CertsCheck.of(tree.facts(), NOW), Severity.ERROR))
                .singleElement()
                .satisfies(f -> assertThat(f.evidence()).contains("every user can read it (0644"));
    }

    @Test
    void contentIsJudgedToo() throws IOException {
        RkeTree tree = RkeTree.make(root).right();
        Path ssl = root.resolve("etc/kubernetes/ssl");
        Files.copy(ssl.resolve("kube-proxy-key.pem"), ssl.resolve("x"));
        Files.move(
                ssl.resolve("x"), ssl.resolve("kube-admin-key.pem"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        tree.file(
                RkeTree.ssl("kube-scheduler.pem"),
                "-----BEGIN CERTIFICATE-----\nbm90IG9uZQ==\n-----END CERTIFICATE-----\n");
        RkeTree.issue(ssl, "kube-ca2", "/CN=kube-ca", "", 10, "basicConstraints=CA:true");
        RkeTree.issue(ssl, "kube-proxy", "/CN=system:kube-proxy", "kube-ca2", 10, "extendedKeyUsage=clientAuth");
        RkeTree.issue(ssl, "kube-etcd-10-0-0-9", "/CN=kube-etcd", "kube-ca", 365, "extendedKeyUsage=clientAuth");

        List<Finding> findings = CertsCheck.of(tree.facts(), NOW);

        assertThat(findings)
                .extracting(f -> f.check() + " " + f.subject().substring(20))
                .contains(
                        "certs/key kube-admin-key.pem",
                        "certs/format kube-scheduler.pem",
                        "certs/chain kube-proxy.pem",
                        "certs/expiry kube-proxy.pem",
                        "certs/usage kube-etcd-10-0-0-9.pem",
                        "certs/san kube-etcd-10-0-0-9.pem");
    }

    @Test
    void expiryIsJudgedByTheClockHandedIn() throws IOException {
        List<Finding> findings = CertsCheck.of(RkeTree.make(root).right().facts(), NOW.plus(Duration.ofDays(400)));

        assertThat(findings)
                .filteredOn(f -> f.check().equals("certs/expiry"))
                .hasSize(9)
                .allSatisfy(f -> assertThat(f.severity()).isEqualTo(Severity.ERROR));
    }

    @Test
    void theApiserverMustNameTheFirstServiceAddress() throws IOException {
        RkeTree tree = RkeTree.make(root).right().file("etc/systemd/system/kube-apiserver.service", """
                [Service]
                User=kubernetes
                ExecStart=/nix/store/x/bin/kube-apiserver --service-cluster-ip-range=10.0.0.0/24
                """);

        assertThat(CertsCheck.of(tree.facts(), NOW))
                .filteredOn(f -> f.check().equals("certs/san"))
                .singleElement()
                .satisfies(f -> assertThat(f.evidence()).startsWith("its names lack 10.0.0.1; it has 10.43.0.1"));
    }

    @Test
    void rkesNodeCertificateCannotServe() throws IOException {
        RkeTree tree = RkeTree.make(root).right().file("etc/systemd/system/kubelet.service", """
                [Service]
                ExecStart=/nix/store/x/bin/kubelet --tls-cert-file=/etc/kubernetes/ssl/kube-node.pem
                """);

        assertThat(CertsCheck.of(tree.facts(), NOW))
                .filteredOn(f -> f.check().equals("certs/kubelet-serving"))
                .singleElement()
                .satisfies(f -> assertThat(f.evidence()).contains("for clients only and it has no names"));
    }

    @Test
    void savedFactsGiveTheSameFindingsAndHoldNoKey() throws IOException {
        RkeTree tree = RkeTree.make(root).file("etc/kubernetes/ssl/kube-ca-key.pem", "garbage PRIVATE KEY-----");
        FactsRecorder recorder = new FactsRecorder(tree.facts().machine());
        List<Finding> live = CertsCheck.of(NodeFacts.of(recorder), NOW);
        Path saved = folder.resolve("facts");
        recorder.save(saved, NOW);

        SavedFacts facts = SavedFacts.open(saved);
        List<Finding> again = CertsCheck.of(NodeFacts.of(facts), NOW);

        assertThat(again).isEqualTo(live);
        assertThat(facts.gaps()).isEmpty();
        try (Stream<Path> files = Files.walk(saved)) {
            assertThat(files.filter(Files::isRegularFile))
                    .allSatisfy(file -> assertThat(Files.readString(file))
                            .doesNotContain("BEGIN EC PRIVATE", "BEGIN RSA PRIVATE", "BEGIN PRIVATE"));
        }
    }

    @Test
    void hostileFilesAreFindings() throws IOException {
        RkeTree tree = RkeTree.make(root).right();
        Path ssl = root.resolve("etc/kubernetes/ssl");
        Files.delete(ssl.resolve("kube-node.pem"));
        Files.createSymbolicLink(ssl.resolve("kube-node.pem"), Path.of("/../../../../etc/hostname"));
        Files.delete(ssl.resolve("kube-scheduler-key.pem"));
        Files.createDirectory(ssl.resolve("kube-scheduler-key.pem"));
        Files.writeString(ssl.resolve("kube-etcd-\u001b[31m\n.pem"), "");
        tree.file(
                RkeTree.ssl("kube-proxy-key.pem"),
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----");

        List<Finding> findings = CertsCheck.of(tree.facts(), NOW);

        assertThat(findings)
                .extracting(f -> f.check() + " " + f.evidence())
                .anyMatch(text -> text.startsWith("certs/missing a symbolic link leads to /etc/hostname"))
                .anyMatch(text -> text.contains("kube-scheduler-key.pem is not a regular file"))
                .anyMatch(text -> text.contains("encrypted with a passphrase"));
    }

    private static List<Finding> of(List<Finding> findings, Severity severity) {
        return findings.stream().filter(f -> f.severity() == severity).toList();
    }
}

package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.finding.Severity;
import io.etcdmedic.host.ToolAnswer;
import io.etcdmedic.host.ToolCall;
import io.etcdmedic.host.Tools;
import io.etcdmedic.node.certs.AccessFix;
import io.etcdmedic.node.certs.CertsCheck;
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

/// Certificates that openssl makes and Go's services refuse, and some that look odd and are right.
class CertificateDefectsTest {
    private static final Instant NOW = Instant.now().plus(Duration.ofHours(1));
    private static final String AUTHORITY = "basicConstraints=critical,CA:true";
    private static final String SCHEDULER = "/CN=system:kube-scheduler";

    @TempDir
    Path folder = Path.of("");

    private RkeTree tree = RkeTree.at(Path.of(""));
    private Path ssl = Path.of("");

    @BeforeEach
    void rightTree() throws IOException {
        tree = RkeTree.make(Files.createDirectory(HostLab.forUsers(folder).resolve("root")));
        ssl = tree.root().resolve("etc/kubernetes/ssl");
    }

    @Test
    void whatStandsBeforeTheBeginningOfALineHidesABlockFromGo() throws IOException {
        Path certificate = ssl.resolve("kube-scheduler.pem");
        String text = Files.readString(certificate);
        Path key = ssl.resolve("kube-scheduler-key.pem");
        String keyText = Files.readString(key);

        for (String odd : List.of("\ufeff" + text, text.indent(2), "x" + text)) {
            Files.writeString(certificate, odd);
            assertThat(found("certs/format")).singleElement().asString().contains("does not begin a line");
        }
        Files.writeString(certificate, "Certificate:\n    Data:\n" + text.replace("\n", "\r\n"));
        assertThat(found("certs/format")).isEmpty();

        Files.writeString(key, keyText.indent(4));
        assertThat(found("certs/format")).singleElement().asString().contains("kube-scheduler-key.pem");
    }

    @Test
    void aChainThroughTheFilesOwnCertificatesIsBelieved() throws IOException {
        RkeTree.issue(ssl, "between", "/CN=between", "kube-ca", 900, AUTHORITY);
        RkeTree.issue(ssl, "kube-scheduler", SCHEDULER, "between", 300, RkeTree.CLIENT);
        assertThat(found("certs/chain")).singleElement().asString().contains("kube-scheduler.pem", "CN=between");

        Files.writeString(
                ssl.resolve("kube-scheduler.pem"),
                Files.readString(ssl.resolve("kube-scheduler.pem")) + Files.readString(ssl.resolve("between.pem")));
        assertThat(found("certs/chain")).isEmpty();
    }

    @Test
    void anAuthorityThatWasReplacedStandsBesideTheNewOneInAnyOrder() throws IOException {
        RkeTree.issue(ssl, "new", "/CN=kube-ca", "", 900, AUTHORITY);
        Path ca = ssl.resolve("kube-ca.pem");
        Files.writeString(ca, Files.readString(ssl.resolve("new.pem")) + Files.readString(ca));

        assertThat(found("certs/key")).isEmpty();
        assertThat(found("certs/chain")).isEmpty();
    }

    @Test
    void anAuthorityThatMaySignNothingOrHasAnotherNameIsNone() throws IOException {
        Path ca = ssl.resolve("kube-ca.pem");
        again("kube-ca", "/CN=kube-ca", "basicConstraints=critical,CA:false");
        assertThat(found("certs/usage"))
                .singleElement()
                .asString()
                .contains(ca.getFileName().toString(), "sign");

        again("kube-ca", "/CN=another-ca", AUTHORITY);
        assertThat(found("certs/usage")).isEmpty();
        assertThat(found("certs/chain")).asString().contains("kube-apiserver.pem", "kube-etcd-51-81-64-31.pem");
    }

    @Test
    void whatGoTakesForWeakIsAnError() throws IOException {
        openssl(
                "genrsa",
                "-traditional",
                "-out",
                ssl.resolve("kube-scheduler-key.pem").toString(),
                "512");
        sign("kube-scheduler", "-sha256");
        assertThat(found("certs/algorithm")).singleElement().asString().contains("512 bits");

        openssl(
                "genrsa",
                "-traditional",
                "-out",
                ssl.resolve("kube-scheduler-key.pem").toString(),
                "2048");
        sign("kube-scheduler", "-sha1");
        assertThat(found("certs/algorithm")).singleElement().asString().contains("SHA1");

        openssl(
                "ecparam",
                "-name",
                "secp256k1",
                "-genkey",
                "-noout",
                "-out",
                ssl.resolve("kube-scheduler-key.pem").toString());
        sign("kube-scheduler", "-sha256");
        assertThat(found("certs/algorithm")).singleElement().asString().contains("curve");
    }

    @Test
    void aCertificateWithAKeyInItIsASecretAndIsNotOpened() throws IOException {
        Path certificate = ssl.resolve("kube-scheduler.pem");
        Files.writeString(
                certificate, Files.readString(certificate) + Files.readString(ssl.resolve("kube-scheduler-key.pem")));

        assertThat(AccessFix.of(tree.facts()).changes())
                .filteredOn(change -> change.seen().path().endsWith("kube-scheduler.pem"))
                .singleElement()
                .satisfies(change -> assertThat(change.mode() & 0077).isZero())
                .satisfies(change -> assertThat(change.uid()).isEqualTo(RkeTree.KUBERNETES));

        tree.owner(RkeTree.ssl("kube-scheduler.pem"), 0, 0644);
        assertThat(found("certs/access")).asString().contains("kube-scheduler.pem", "every user can read it");
    }

    @Test
    void anAccessListIsNamedWhereItDecides() throws IOException {
        assumeTrue(Tools.find("setfacl").isPresent(), "SKIPPED: needs setfacl (package acl)");
        tree.right();
        run("setfacl", "-m", "u:988:-", ssl.resolve("kube-ca.pem").toString());
        run("setfacl", "-m", "u:988:r", ssl.resolve("kube-ca-key.pem").toString());

        List<Finding> findings = CertsCheck.of(tree.facts(), NOW);

        assertThat(findings)
                .filteredOn(f -> f.subject().endsWith("kube-ca.pem"))
                .singleElement()
                .satisfies(f -> assertThat(f.evidence()).endsWith("is 0644 0:0, with an access list (getfacl)"));
        assertThat(findings)
                .filteredOn(f -> f.subject().endsWith("kube-ca-key.pem"))
                .singleElement()
                .satisfies(f -> assertThat(f.cause()).contains("its access list"));
        assertThat(AccessFix.of(tree.facts()).left()).singleElement().asString().contains("setfacl -b");
    }

    @Test
    void theConsequenceOfAKeyThatDoesNotFitIsThatOfItsUse() throws IOException {
        Path other = ssl.resolve("kube-proxy-key.pem");
        for (String stem : List.of("kube-service-account-token", "kube-ca", "kube-scheduler")) {
            Files.writeString(ssl.resolve(stem + "-key.pem"), Files.readString(other));
        }

        assertThat(CertsCheck.of(tree.facts(), NOW))
                .filteredOn(f -> f.check().equals("certs/key"))
                .extracting(Finding::consequence)
                .containsExactly(
                        "What it signs nobody believes: \"x509: certificate signed by unknown authority\".",
                        "The service ends at start: \"tls: private key does not match public key\".",
                        "RKE1 made the two together, so the key was replaced: tokens that the old one signed get 401.");
    }

    @Test
    void aWorkerAndAMemberNeedNothingOfServicesThatRunElsewhere() throws IOException {
        RkeTree worker = RkeNode.of(31).roles(false, false, true).in(Files.createDirectory(folder.resolve("worker")));
        assertThat(AccessFix.of(worker.facts()).changes())
                .extracting(change -> change.uid())
                .doesNotContain(RkeTree.KUBERNETES, RkeTree.ETCD);
        assertThat(CertsCheck.of(worker.facts(), NOW))
                .extracting(Finding::severity)
                .doesNotContain(Severity.ERROR);

        RkeTree member = RkeNode.of(31).roles(false, true, false).in(Files.createDirectory(folder.resolve("member")));
        assertThat(AccessFix.of(member.facts()).changes())
                .extracting(change -> change.uid())
                .doesNotContain(RkeTree.KUBERNETES);
    }

    @Test
    void theFilesOfAnEtcdOutsideAreTheApiservers() throws IOException {
        RkeTree outside = RkeNode.of(31)
                .externalEtcd("https://e1.corp:2379")
                .in(Files.createDirectory(folder.resolve("outside")));
        Path files = outside.root().resolve("etc/kubernetes/ssl");
        RkeTree.issue(files, "kube-etcd-client", "/CN=k8s", "kube-etcd-client-ca", 365, RkeTree.CLIENT);
        Files.delete(files.resolve("kube-etcd-client-ca-key.pem"));

        assertThat(CertsCheck.of(outside.facts(), NOW))
                .filteredOn(f -> f.subject().contains("kube-etcd-client"))
                .extracting(Finding::check)
                .containsOnly("certs/access");
        assertThat(AccessFix.of(outside.facts()).changes())
                .filteredOn(change -> change.seen().path().endsWith("kube-etcd-client-key.pem"))
                .singleElement()
                .satisfies(change -> assertThat(change.uid()).isEqualTo(RkeTree.KUBERNETES));
    }

    private List<String> found(String check) {
        return CertsCheck.of(tree.facts(), NOW).stream()
                .filter(f -> f.check().equals(check))
                .filter(f -> !f.evidence().contains("cannot read it"))
                .map(f -> f.subject() + ": " + f.evidence())
                .toList();
    }

    /// The same key under another certificate.
    private void again(String stem, String subject, String extension) throws IOException {
        Path request = folder.resolve("request");
        Path extensions = Files.writeString(folder.resolve("extensions"), extension + "\n");
        String key = ssl.resolve(stem + "-key.pem").toString();
        openssl("req", "-new", "-key", key, "-subj", subject, "-out", request.toString());
        openssl(
                "x509",
                "-req",
                "-in",
                request.toString(),
                "-signkey",
                key,
                "-days",
                "900",
                "-extfile",
                extensions.toString(),
                "-out",
                ssl.resolve(stem + ".pem").toString());
    }

    /// Signs the key that is there with the cluster's CA.
    private void sign(String stem, String digest) throws IOException {
        Path request = folder.resolve("request");
        Path extensions = Files.writeString(folder.resolve("extensions"), RkeTree.CLIENT + "\n");
        openssl(
                "req",
                "-new",
                "-key",
                ssl.resolve(stem + "-key.pem").toString(),
                "-subj",
                SCHEDULER,
                "-out",
                request.toString());
        openssl(
                "x509",
                "-req",
                digest,
                "-in",
                request.toString(),
                "-CA",
                ssl.resolve("kube-ca.pem").toString(),
                "-CAkey",
                ssl.resolve("kube-ca-key.pem").toString(),
                "-CAcreateserial",
                "-days",
                "300",
                "-extfile",
                extensions.toString(),
                "-out",
                ssl.resolve(stem + ".pem").toString());
    }

    private static void openssl(String... words) {
        run(Stream.concat(Stream.of("openssl"), Stream.of(words)).toArray(String[]::new));
    }

    private static void run(String... words) {
        List<String> argv = List.of(words);
        ToolAnswer answer = Tools.run(new ToolCall(argv, Duration.ofMinutes(2), ToolCall.OUTPUT_BYTES_MAX));
        assertThat(answer.trouble()).as(String.join(" ", argv)).isEmpty();
    }
}

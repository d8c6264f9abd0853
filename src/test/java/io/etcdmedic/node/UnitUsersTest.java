package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.finding.Severity;
import io.etcdmedic.node.certs.CertsCheck;
import io.etcdmedic.node.certs.CertsFix;
import io.etcdmedic.repair.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Access is that of the user and the groups that the unit of each service names, its drop-ins counted.
class UnitUsersTest {
    private static final Instant NOW = Instant.now().plus(Duration.ofHours(1));
    private static final String APISERVER = "etc/systemd/system/kube-apiserver.service";

    @TempDir
    Path root = Path.of("");

    @BeforeEach
    void needsRoot() throws IOException {
        root = HostLab.forUsers(root);
    }

    @Test
    void aGroupThatTheUnitAddsOpensAFile() throws IOException {
        RkeTree tree = apiserver("User=kubernetes\n");
        tree.file("etc/group", "root:x:0:\nkubernetes:x:988:\netcd:x:989:\ncerts:x:777:\n");
        tree.group(RkeTree.ssl("kube-apiserver-key.pem"), 0, 777, 0440);
        assertThat(subjects(tree, Severity.ERROR)).containsExactly("/etc/kubernetes/ssl/kube-apiserver-key.pem");

        tree.file(APISERVER + ".d/groups.conf", "[Service]\nSupplementaryGroups=certs\n");
        assertThat(subjects(tree, Severity.ERROR)).isEmpty();

        tree.group(RkeTree.ssl("kube-apiserver-key.pem"), 0, 777, 0400);
        assertThat(subjects(tree, Severity.ERROR)).containsExactly("/etc/kubernetes/ssl/kube-apiserver-key.pem");
        fix(tree);
        assertThat(Files.getAttribute(root.resolve(RkeTree.ssl("kube-apiserver-key.pem")), "unix:uid"))
                .as("its group's bit is enough")
                .isEqualTo(0);
        assertThat(subjects(tree, Severity.ERROR)).isEmpty();
    }

    @Test
    void anotherUserOfADropInIsTheOneWhoReads() throws IOException {
        RkeTree tree = apiserver("User=kubernetes\n");
        tree.file("etc/passwd", Files.readString(root.resolve("etc/passwd")) + "api:x:990:990::/:/bin/false\n");
        assertThat(subjects(tree, Severity.ERROR)).isEmpty();
        tree.file(APISERVER + ".d/user.conf", "[Service]\nUser=api\n");

        assertThat(CertsCheck.of(tree.facts(), NOW))
                .filteredOn(f -> f.subject().endsWith("kube-apiserver-key.pem"))
                .anySatisfy(f -> assertThat(f.evidence()).startsWith("api (the user of kube-apiserver) cannot read it"))
                .anySatisfy(f -> assertThat(f.evidence()).startsWith("kubernetes can read it"));
        fix(tree);
        assertThat(subjects(tree, Severity.ERROR)).isEmpty();
        assertThat(Files.getAttribute(root.resolve(RkeTree.ssl("kube-apiserver-key.pem")), "unix:uid"))
                .isEqualTo(990);
    }

    @Test
    void aUnitWithoutAUserRunsAsRootAndOneWithANumberAsThatNumber() throws IOException {
        RkeTree tree = apiserver("");
        assertThat(subjects(tree, Severity.ERROR)).isEmpty();
        assertThat(subjects(tree, Severity.WARNING)).contains("/etc/kubernetes/ssl/kube-apiserver-key.pem");

        tree.file(APISERVER + ".d/user.conf", "[Service]\nUser=1234\n");
        fix(tree);
        assertThat(Files.getAttribute(root.resolve(RkeTree.ssl("kube-apiserver-key.pem")), "unix:uid"))
                .isEqualTo(1234);
        assertThat(subjects(tree, Severity.ERROR)).isEmpty();
    }

    private RkeTree apiserver(String user) throws IOException {
        return RkeTree.make(root).right().file(APISERVER, """
                [Service]
                %sExecStart=/nix/store/x/bin/kube-apiserver --service-cluster-ip-range=10.43.0.0/16
                """.formatted(user));
    }

    private static List<String> subjects(RkeTree tree, Severity severity) {
        return CertsCheck.of(tree.facts(), NOW).stream()
                .filter(f -> f.severity() == severity)
                .map(Finding::subject)
                .toList();
    }

    private static void fix(RkeTree tree) {
        Outcome outcome = new HostLab().apply(HostLab.plan(CertsFix.plan(tree.facts(), tree.root())));
        assertThat(outcome.result()).isEqualTo(Outcome.Result.APPLIED);
    }
}

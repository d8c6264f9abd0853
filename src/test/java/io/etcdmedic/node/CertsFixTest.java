package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.finding.Finding;
import io.etcdmedic.finding.Severity;
import io.etcdmedic.host.OwnUser;
import io.etcdmedic.node.certs.AccessFix;
import io.etcdmedic.node.certs.CertsCheck;
import io.etcdmedic.node.certs.CertsFix;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.repair.Outcome;
import io.etcdmedic.repair.plan.HostChange;
import io.etcdmedic.repair.plan.HostChange.Ownership;
import io.etcdmedic.repair.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real owners and modes on a real file system, changed by the real engine.
class CertsFixTest {
    private static final Instant NOW = Instant.now().plus(Duration.ofHours(1));

    @TempDir
    Path folder = Path.of("");

    private Path root = Path.of("");

    @BeforeEach
    void needsRoot() throws IOException {
        assumeTrue(OwnUser.isRoot(), "SKIPPED: needs root to give files to the users of the services");
        root = Files.createDirectory(folder.toRealPath().resolve("root"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void whatRkeLeftIsFixedAndTheSecondLookFindsNothing() throws IOException {
        RkeTree tree = RkeTree.make(root);

        Outcome outcome = apply(tree);

        assertThat(outcome.result()).isEqualTo(Outcome.Result.APPLIED);
        assertThat(severities(tree)).containsExactly(Severity.OK);
        assertThat(owners().get("kube-ca-key.pem")).isEqualTo("0:0 0600");
        assertThat(owners().get("kube-admin-key.pem")).isEqualTo("0:0 0600");
        assertThat(owners().get("kube-node-key.pem")).isEqualTo("988:0 0600");
        assertThat(owners().get("kube-etcd-51-81-64-31-key.pem")).isEqualTo("989:0 0600");
        assertThat(AccessFix.of(tree.facts()).changes()).isEmpty();
    }

    @Test
    void thePostsChownIsTakenBackWhereItGoesTooFar() throws IOException {
        RkeTree tree = RkeTree.make(root);
        for (String name : owners().keySet()) {
            tree.owner(RkeTree.ssl(name), RkeTree.KUBERNETES, 0600);
        }
        tree.owner(RkeTree.ssl("kube-ca.pem"), RkeTree.KUBERNETES, 0604);
        tree.owner(RkeTree.ssl("kube-etcd-51-81-64-31.pem"), RkeTree.ETCD, 0600);
        tree.owner(RkeTree.ssl("kube-etcd-51-81-64-31-key.pem"), RkeTree.ETCD, 0600);

        Plan plan = plan(tree);

        assertThat(plan.steps())
                .extracting(step -> step.frame().object())
                .containsExactlyInAnyOrder(
                        "file /etc/kubernetes/ssl/kube-admin-key.pem",
                        "file /etc/kubernetes/ssl/kube-apiserver-requestheader-ca-key.pem",
                        "file /etc/kubernetes/ssl/kube-ca-key.pem",
                        "file /etc/kubernetes/ssl/kube-proxy-key.pem");
        assertThat(new HostLab().apply(plan).result()).isEqualTo(Outcome.Result.APPLIED);
        assertThat(severities(tree)).containsExactly(Severity.OK);
        assertThat(owners().get("kube-ca-key.pem")).isEqualTo("0:0 0600");
    }

    @Test
    void aClosedFolderIsOpenedToPassAndTheSecretsThatItProtectedAreClosedFirst() throws IOException {
        RkeTree tree = RkeTree.make(root).right().file("etc/kubernetes/ssl/kubecfg-kube-admin.yaml", "token: x\n");
        tree.owner("etc/kubernetes/ssl/kubecfg-kube-admin.yaml", 0, 0644);
        tree.owner("etc/kubernetes/ssl", 0, 0700);
        tree.owner("etc/kubernetes", 0, 0750);

        Plan plan = plan(tree);

        assertThat(plan.steps())
                .extracting(step -> ((HostChange.Access) step)
                                .path()
                                .substring(root.toString().length()) + " " + ((HostChange.Access) step).wanted())
                .containsExactly(
                        "/etc/kubernetes/ssl/kubecfg-kube-admin.yaml 0:0 0640",
                        "/etc/kubernetes 0:0 0751",
                        "/etc/kubernetes/ssl 0:0 0701");
        assertThat(new HostLab().apply(plan).result()).isEqualTo(Outcome.Result.APPLIED);
        assertThat(severities(tree)).containsExactly(Severity.OK);
    }

    @Test
    void theFlagsOfTheUnitsSayWhoReadsWhat() throws IOException {
        RkeTree tree = RkeTree.make(root)
                .right()
                .file("etc/kubernetes/encryption.yaml", "secret")
                .file("nix/store/x-kubeconfig", """
                        {"users":[{"user":{"client-certificate":"/etc/kubernetes/ssl/kube-admin.pem",
                        "client-key":"/etc/kubernetes/ssl/kube-admin-key.pem"}}]}""")
                .file("etc/systemd/system/kube-scheduler.service", """
                        [Service]
                        User=kubernetes
                        ExecStart=/nix/store/x/bin/kube-scheduler --kubeconfig=/nix/store/x-kubeconfig
                        """)
                .file("etc/systemd/system/kube-controller-manager.service", """
                        [Service]
                        User=kubernetes
                        ExecStart=/nix/store/x/bin/kube-controller-manager --cluster-signing-key-file=/etc/kubernetes/ssl/kube-ca-key.pem
                        """)
                .file("etc/systemd/system/kube-apiserver.service", """
                        [Service]
                        User=kubernetes
                        ExecStart=/nix/store/x/bin/kube-apiserver --encryption-provider-config=/etc/kubernetes/encryption.yaml
                        """);
        tree.owner("etc/kubernetes/encryption.yaml", 0, 0600);

        assertThat(CertsCheck.of(tree.facts(), NOW))
                .filteredOn(f -> f.severity() == Severity.ERROR)
                .extracting(Finding::subject)
                .containsExactlyInAnyOrder(
                        "/etc/kubernetes/encryption.yaml",
                        "/etc/kubernetes/ssl/kube-admin-key.pem",
                        "/etc/kubernetes/ssl/kube-admin.pem",
                        "/etc/kubernetes/ssl/kube-ca-key.pem");
        apply(tree);

        assertThat(owners().get("kube-ca-key.pem")).isEqualTo("0:0 0600");
        assertThat(owners().get("kube-admin-key.pem")).isEqualTo("988:0 0600");
        assertThat(CertsCheck.of(tree.facts(), NOW))
                .filteredOn(f -> f.severity() == Severity.ERROR)
                .singleElement()
                .satisfies(f -> assertThat(f.evidence()).contains("--cluster-signing-key-file wants it"));
    }

    @Test
    void aKeyThatTwoServicesReadIsForTheirUserAndTheirGroup() throws IOException {
        RkeTree tree = RkeTree.make(root).right().file("etc/systemd/system/kube-apiserver.service", """
                [Service]
                User=kubernetes
                ExecStart=/nix/store/x/bin/kube-apiserver --etcd-keyfile=/etc/kubernetes/ssl/kube-etcd-51-81-64-31-key.pem --service-cluster-ip-range=10.43.0.0/16
                """);

        apply(tree);

        assertThat(owners().get("kube-etcd-51-81-64-31-key.pem")).isEqualTo("989:988 0440");
        assertThat(severities(tree)).containsExactly(Severity.OK);
    }

    @Test
    void aPlanThatDiesHalfWayIsResumedAndOneThatIsStaleIsRefused() throws IOException {
        RkeTree tree = RkeTree.make(root);
        Plan plan = plan(tree);
        HostLab lab = new HostLab();
        int[] settled = {0};

        assertThatThrownBy(() -> lab.apply(plan, point -> {
                    if (point == io.etcdmedic.repair.Faults.Point.STEP_DONE && ++settled[0] == 3) {
                        throw new IllegalStateException("power cut");
                    }
                }))
                .hasMessage("power cut");
        assertThat(lab.resume(plan).result()).isEqualTo(Outcome.Result.APPLIED);
        assertThat(severities(tree)).containsExactly(Severity.OK);

        Plan stale = plan(RkeTree.make(Files.createDirectory(root.resolveSibling("other"))));
        Path first = Path.of(((HostChange.Access) stale.steps().getFirst()).path());
        Files.setPosixFilePermissions(first, PosixFilePermissions.fromString("rwxrwx---"));
        assertThat(new HostLab().apply(stale).result()).isEqualTo(Outcome.Result.STALE);
    }

    @Test
    void linksHardLinksAndFilesOutsideAreLeftAlone() throws IOException {
        RkeTree tree = RkeTree.make(root);
        Path ssl = root.resolve("etc/kubernetes/ssl");
        Path shadow = Files.writeString(root.resolve("etc/shadow"), "-----BEGIN RSA PRIVATE KEY-----");
        tree.owner("etc/shadow", 0, 0600);
        Files.delete(ssl.resolve("kube-node-key.pem"));
        Files.createSymbolicLink(ssl.resolve("kube-node-key.pem"), Path.of("/etc/shadow"));
        Files.createLink(root.resolve("etc/twin"), ssl.resolve("kube-scheduler-key.pem"));

        Plan plan = plan(tree);
        assertThat(plan.warnings()).anySatisfy(w -> assertThat(w).contains("kube-scheduler-key.pem is a file with 2"));
        assertThat(plan.warnings())
                .anySatisfy(w -> assertThat(w).contains("kube-node-key.pem leads to /etc/shadow, outside"));
        assertThat(new HostLab().apply(plan).result()).isEqualTo(Outcome.Result.APPLIED);

        assertThat(Files.getAttribute(shadow, "unix:uid")).isEqualTo(0);
        assertThat(owners().get("kube-scheduler-key.pem")).isEqualTo("0:0 0600");
    }

    @Test
    void aFolderInWhichOthersCouldSwapNamesIsRefused() throws IOException {
        RkeTree tree = RkeTree.make(root);
        Plan plan = plan(tree);
        tree.owner("etc/kubernetes/ssl", 0, 0777);

        assertThatThrownBy(() -> new HostLab().apply(plan))
                .isInstanceOf(Failure.Refused.class)
                .hasMessageContaining("a folder that others can write to (mode 0777)");
    }

    /// Two seconds of swapping, so that the race is really run.
    @Test
    void aLinkThatTakesTheFilesPlaceIsNeverFollowed() throws Exception {
        Path ssl = Files.createDirectories(root.resolve("etc/kubernetes/ssl"));
        Path victim = Files.writeString(root.resolve("victim"), "");
        Files.setPosixFilePermissions(victim, PosixFilePermissions.fromString("rw-------"));
        Path name = ssl.resolve("key.pem");
        AtomicBoolean stop = new AtomicBoolean();
        Thread swapper = Thread.ofPlatform().start(() -> {
            while (!stop.get()) {
                try {
                    Path link = ssl.resolve("link");
                    Files.deleteIfExists(link);
                    Files.createSymbolicLink(link, victim);
                    Files.move(link, name, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                    Path file = Files.writeString(ssl.resolve("file"), "");
                    Files.move(file, name, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                } catch (IOException raced) {
                    continue;
                }
            }
        });
        int changed = 0;
        int refused = 0;
        long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        while (System.nanoTime() < end) {
            try {
                new MachineAccess().setOwnership(name.toString(), new Ownership(RkeTree.ETCD, RkeTree.ETCD, 0640));
                changed++;
            } catch (Failure aimedAway) {
                refused++;
            }
        }
        stop.set(true);
        swapper.join();

        assertThat(changed).isPositive();
        assertThat(refused).isPositive();
        assertThat(Files.getAttribute(victim, "unix:uid")).isEqualTo(0);
        assertThat((int) Files.getAttribute(victim, "unix:mode") & 07777).isEqualTo(0600);
    }

    @Test
    void onlyTheProgramsAndFilesOfANodeAreForPlans() {
        MachineAccess access = new MachineAccess();

        assertThatThrownBy(() -> access.run(List.of("/bin/sh", "-c", "true"))).isInstanceOf(Failure.Refused.class);
        assertThatThrownBy(() -> access.run(List.of("ctr", "version"))).isInstanceOf(Failure.Refused.class);
        assertThatThrownBy(() -> access.run(List.of("/bin/rm", "/etc/passwd"))).isInstanceOf(Failure.Refused.class);
        assertThatThrownBy(() -> access.run(List.of("/bin/rm", "-rf", "/opt/cni/bin")))
                .isInstanceOf(Failure.Refused.class);
        assertThatThrownBy(() -> access.remove("/opt/cni/bin/../../../etc/passwd"))
                .isInstanceOf(Failure.Refused.class);
        assertThatThrownBy(() -> access.setOwnership("/etc/shadow", new Ownership(0, 0, 0644)))
                .isInstanceOf(Failure.Refused.class);
    }

    private Plan plan(RkeTree tree) {
        NodeFacts facts = tree.facts();
        return HostLab.plan(CertsFix.plan(facts, tree.root()));
    }

    private Outcome apply(RkeTree tree) {
        return new HostLab().apply(plan(tree));
    }

    private static List<Severity> severities(RkeTree tree) {
        return CertsCheck.of(tree.facts(), NOW).stream().map(Finding::severity).toList();
    }

    private Map<String, String> owners() throws IOException {
        Map<String, String> owners = new TreeMap<>();
        try (Stream<Path> files = Files.list(root.resolve("etc/kubernetes/ssl"))) {
            for (Path file : files.toList()) {
                Map<String, Object> unix = Files.readAttributes(file, "unix:uid,gid,mode", LinkOption.NOFOLLOW_LINKS);
                owners.put(
                        file.getFileName().toString(),
                        "%s:%s %04o"
                                .formatted(
                                        unix.get("uid"), unix.get("gid"), (int) unix.getOrDefault("mode", 0) & 07777));
            }
        }
        return owners;
    }
}

package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.finding.Finding;
import io.etcdmedic.finding.Severity;
import io.etcdmedic.host.OwnUser;
import io.etcdmedic.node.certs.CertsCheck;
import io.etcdmedic.node.certs.CertsFix;
import io.etcdmedic.repair.Faults;
import io.etcdmedic.repair.Outcome;
import io.etcdmedic.repair.plan.HostChange;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.snapshot.RealEtcd;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// etcd's data folder: what root's etcd of RKE1 left is given to the user of NixOS' etcd, on a real etcd's data.
class EtcdDataTest {
    private static final Instant NOW = Instant.now().plus(Duration.ofHours(1));
    private static final String DATA = "/var/lib/etcd";

    @TempDir
    Path folder = Path.of("");

    private Path root = Path.of("");
    private Path data = Path.of("");
    private Path binary = Path.of("");

    @BeforeEach
    void aNodeWithAMemberThatRootRan() throws Exception {
        assumeTrue(OwnUser.isRoot(), "SKIPPED: needs root to give files to the users of the services");
        folder = folder.toRealPath();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        root = Files.createDirectory(folder.resolve("root"));
        data = Files.createDirectories(root.resolve("var/lib/etcd"));
        RkeTree.make(root).right();
        binary = RealEtcd.binaries().getFirst();
        RealEtcd.start(binary, data, List.of()).close();
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void theMemberIsGivenToTheUserWhoseEtcdThenRunsAndIsTakenBack() throws Exception {
        Map<String, String> before = owners();
        assertThat(errors()).singleElement().satisfies(finding -> {
            assertThat(finding.subject()).isEqualTo(DATA);
            assertThat(finding.evidence()).startsWith("etcd (the user of etcd) cannot write the member in it");
            assertThat(finding.cure()).isEqualTo("medic node certs fix");
        });
        assertThatThrownBy(this::runAsEtcd)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("error listing data dir");
        // The attempt leaves nothing behind.
        assertThat(owners()).isEqualTo(before);

        Plan plan = plan();
        HostLab lab = new HostLab();
        assertThat(lab.apply(plan).result()).isEqualTo(Outcome.Result.APPLIED);

        assertThat(owners().values()).allMatch(owner -> owner.startsWith("989:989 "));
        assertThat(errors()).isEmpty();
        assertThat(plan().steps()).isEmpty();
        back(plan);
        assertThat(owners()).isEqualTo(before);
        assertThat(new HostLab().apply(plan()).result()).isEqualTo(Outcome.Result.APPLIED);
        runAsEtcd();
    }

    /// So tmpfiles leaves it: the folder is etcd's, what is in it is root's.
    @Test
    void aFolderThatIsEtcdsAlreadyIsClosedWhileItsFilesAreChanged() throws Exception {
        own(data, 989);
        assertThat(errors()).extracting(Finding::subject).containsExactly(DATA);

        Plan plan = plan();
        int[] done = {0};
        HostLab lab = new HostLab();
        assertThatThrownBy(() -> lab.apply(plan, point -> {
                    if (point == Faults.Point.STEP_DONE && ++done[0] == 2) {
                        assertThat(owners()).containsEntry(".", "0:0 0700");
                        throw new IllegalStateException("power cut");
                    }
                }))
                .hasMessage("power cut");
        assertThat(errors()).isNotEmpty();
        assertThat(lab.resume(plan).result()).isEqualTo(Outcome.Result.APPLIED);

        assertThat(owners().values()).allMatch(owner -> owner.startsWith("989:989 "));
        assertThat(errors()).isEmpty();
        runAsEtcd();
    }

    @Test
    void aRunningEtcdIsLeftAloneByThePlanAndByWhoeverCarriesOneOut() throws Exception {
        Plan stopped = plan();
        try (RealEtcd running = RealEtcd.start(binary, data, List.of())) {
            assertThat(running).isNotNull();
            Plan plan = plan();
            assertThat(plan.steps()).isEmpty();
            assertThat(plan.warnings())
                    .anySatisfy(w -> assertThat(w).contains("etcd (pid", "runs on it; stop it for good"));

            assertThatThrownBy(() -> new HostLab().apply(stopped))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("runs on this data folder");
            assertThat(owners().values()).allMatch(owner -> owner.startsWith("0:0 "));
        }
        assertThat(new HostLab().apply(plan()).result()).isEqualTo(Outcome.Result.APPLIED);
    }

    @Test
    void whatIsNotEtcdsIsLeftAlone() throws Exception {
        Path victim = Files.writeString(folder.resolve("victim"), "");
        Files.createSymbolicLink(data.resolve("member/snap/link"), victim);
        Files.createLink(data.resolve("member/wal/twin"), victim);
        Files.createDirectories(data.resolve("lost+found/deep"));
        Files.createDirectories(data.resolve("member/other"));
        Files.writeString(data.resolve("member/snap/00\u001b[31m\n.snap"), "");

        Plan plan = plan();
        assertThat(plan.warnings())
                .anySatisfy(w -> assertThat(w)
                        .contains("/lost+found", "/member/other", "/member/snap/link", "/member/wal/twin"));
        assertThat(new HostLab().apply(plan).result()).isEqualTo(Outcome.Result.APPLIED);

        assertThat(owner(victim)).startsWith("0:0 ");
        assertThat(owner(data.resolve("lost+found"))).startsWith("0:0 ");
        assertThat(owner(data.resolve("lost+found/deep"))).startsWith("0:0 ");
        assertThat(owner(data.resolve("member/other"))).startsWith("0:0 ");
        assertThat(owner(data.resolve("member/snap/00\u001b[31m\n.snap"))).startsWith("989:989 ");
    }

    @Test
    void aStrangersFilesAreNotTaken() throws Exception {
        own(data.resolve("member/snap/db"), 4321);

        Plan plan = plan();

        assertThat(plan.steps()).isEmpty();
        assertThat(plan.warnings()).anySatisfy(w -> assertThat(w).contains("member/snap/db is 4321:4321's"));
        assertThat(errors()).extracting(Finding::subject).containsExactly(DATA);
    }

    /// A disk that was taken out while RKE1 ran still says that its containers run.
    @Test
    void whatDockerWroteDownDoesNotStopTheFix() throws Exception {
        RkeContainers.standard().running("always").in(RkeTree.at(root));

        assertThat(errors())
                .filteredOn(f -> f.subject().equals(DATA))
                .singleElement()
                .satisfies(f -> assertThat(f.cure()).startsWith("after RKE1's container etcd is stopped for good"));
        assertThat(new HostLab().apply(plan()).result()).isEqualTo(Outcome.Result.APPLIED);
        assertThat(owners().values()).allMatch(owner -> owner.startsWith("989:989 "));
    }

    /// RKE's services.etcd.uid: its etcd ran as a user of its own.
    @Test
    void theUserThatOwnsTheMemberGivesItUp() throws Exception {
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.toList()) {
                own(file, 52034);
            }
        }
        assertThat(new HostLab().apply(plan()).result()).isEqualTo(Outcome.Result.APPLIED);
        assertThat(owners().values()).allMatch(owner -> owner.startsWith("989:989 "));
    }

    @Test
    void anEtcdThatRootRunsNeedsNothingAndAnotherFolderIsFollowed() throws Exception {
        RkeTree.at(root).file("etc/systemd/system/etcd.service", "[Service]\nExecStart=/bin/etcd --name=x\n");
        assertThat(errors()).isEmpty();

        RkeTree.at(root).file("etc/systemd/system/etcd.service", """
                        [Service]
                        User=etcd
                        Environment=ETCD_DATA_DIR=/srv/etcd
                        ExecStart=/bin/etcd --name=x
                        """);
        assertThat(errors()).isEmpty();
        Files.createDirectories(root.resolve("srv"));
        Files.move(data, root.resolve("srv/etcd"));
        assertThat(errors()).extracting(Finding::subject).containsExactly("/srv/etcd");
        assertThat(plan().warnings())
                .anySatisfy(w -> assertThat(w).contains("/srv/etcd is outside the folders of a Kubernetes node"));
    }

    @Test
    void anOpenFolderIsClosed() throws Exception {
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
        new HostLab().apply(plan());
        assertThat(owner(data)).isEqualTo("989:989 0700");
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(CertsCheck.of(facts().facts(), NOW))
                .singleElement()
                .satisfies(f -> assertThat(f.evidence()).isEqualTo("its mode is 0755"));
        new HostLab().apply(plan());
        assertThat(owner(data)).isEqualTo("989:989 0700");
    }

    @Test
    void plansMayOwnAMemberAndNothingElseOfVar() {
        MachineAccess access = new MachineAccess();
        for (String path : List.of(
                "/var/lib/other", "/var/lib/etcd/x", "/var/lib/etcd/member/../../../etc", "/var/lib/etcd2/member")) {
            assertThatThrownBy(() -> access.setOwnership(path, new HostChange.Ownership(0, 0, 0600)))
                    .as(path)
                    .isInstanceOf(Failure.Refused.class);
        }
        assertThatThrownBy(() -> access.remove("/var/lib/etcd/member/snap/db")).isInstanceOf(Failure.Refused.class);
    }

    @Test
    void beforeTheSwitchTheModuleTextDoesIt() throws IOException {
        RkeTree.at(root).file("etc/passwd", "root:x:0:0::/root:/bin/sh\n");

        assertThat(CertsCheck.of(facts().facts(), NOW))
                .filteredOn(f -> f.check().equals("certs/etcd-data"))
                .singleElement()
                .satisfies(f -> assertThat(f.cure()).startsWith("medic node certs fix --snippet"));
        assertThat(plan().steps()).isEmpty();
        assertThat(io.etcdmedic.node.certs.FilesSnippet.text(facts().facts()))
                .contains("\"Z /var/lib/etcd ~0700 etcd etcd -\"");
    }

    private void runAsEtcd() throws IOException, InterruptedException {
        Path script = folder.resolve("as-etcd");
        Files.writeString(
                script, "#!/bin/sh\nexec setpriv --reuid=989 --regid=989 --clear-groups %s \"$@\"\n".formatted(binary));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        RealEtcd.start(script, data, List.of()).close();
    }

    private static void back(Plan plan) {
        for (int i = plan.steps().size() - 1; i >= 0; i--) {
            HostChange.Access step = (HostChange.Access) plan.steps().get(i);
            new MachineAccess().setOwnership(step.path(), step.seen());
        }
    }

    private RkeTree facts() {
        return RkeTree.at(root);
    }

    private Plan plan() {
        return HostLab.plan(CertsFix.plan(facts().facts(), root));
    }

    private List<Finding> errors() {
        return CertsCheck.of(facts().facts(), NOW).stream()
                .filter(f -> f.severity() == Severity.ERROR)
                .toList();
    }

    private static void own(Path file, int uid) throws IOException {
        Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(file, "unix:gid", uid, LinkOption.NOFOLLOW_LINKS);
    }

    private Map<String, String> owners() {
        Map<String, String> owners = new TreeMap<>();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.toList()) {
                String name = data.relativize(file).toString();
                owners.put(name.isEmpty() ? "." : name, owner(file));
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return owners;
    }

    private static String owner(Path file) throws IOException {
        Map<String, Object> unix = Files.readAttributes(file, "unix:uid,gid,mode", LinkOption.NOFOLLOW_LINKS);
        return "%s:%s %04o".formatted(unix.get("uid"), unix.get("gid"), (int) unix.getOrDefault("mode", 0) & 07777);
    }
}

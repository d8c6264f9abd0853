package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.finding.Finding;
import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.host.OwnUser;
import io.etcdmedic.node.cni.CniCheck;
import io.etcdmedic.node.cni.CniPods;
import io.etcdmedic.node.cni.CniRestore;
import io.etcdmedic.node.cni.PluginCopies;
import io.etcdmedic.repair.Outcome;
import io.etcdmedic.repair.plan.HostChange;
import io.etcdmedic.repair.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The engine really runs install, mv and rm, in a tree of the test.
class CniRestoreTest {
    private static final List<String> BIN = List.of("/opt/cni/bin");

    @TempDir
    Path folder = Path.of("");

    private Path root = Path.of("");

    @BeforeEach
    void needsRoot() throws IOException {
        assumeTrue(OwnUser.isRoot(), "SKIPPED: needs root, whose folders the engine trusts");
        root = Files.createDirectory(folder.toRealPath().resolve("root"));
    }

    @Test
    void whatTheKubeletsStartRemovedComesBackFromTheCopies() throws IOException {
        NixosTree tree = NixosTree.make(root).plugins();
        PluginCopies saved = PluginCopies.save(LiveMachine.at(root), root, BIN, folder.resolve("saved"));
        assertThat(saved.copies()).hasSize(5);
        wipe();
        Files.createSymbolicLink(root.resolve("opt/cni/bin/loopback"), Path.of("/nix/store/gone/bin/loopback"));
        assertThat(missing(tree)).hasSize(5);

        Plan plan = plan(tree, folder.resolve("saved"));
        Outcome outcome = new HostLab().apply(plan);

        assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
        assertThat(missing(tree)).isEmpty();
        assertThat(plan.warnings()).singleElement().satisfies(w -> assertThat(w).contains("removes them again"));
        assertThat(plan(tree, folder.resolve("saved")).isEmpty()).isTrue();

        for (int i = plan.steps().size() - 1; i >= 0; i--) {
            assertThat(new MachineAccess()
                            .run(((HostChange.Command) plan.steps().get(i)).back()))
                    .isEmpty();
        }
        assertThat(missing(tree)).hasSize(5);
        assertThat(Files.isSymbolicLink(root.resolve("opt/cni/bin/loopback"))).isTrue();
    }

    @Test
    void copiesThatWereChangedOrOverwrittenAreRefused() throws IOException {
        NixosTree.make(root).plugins();
        Path saved = folder.resolve("saved");
        PluginCopies.save(LiveMachine.at(root), root, BIN, saved);
        assertThatThrownBy(() -> PluginCopies.save(LiveMachine.at(root), root, BIN, saved))
                .isInstanceOf(Failure.Refused.class);

        Files.writeString(saved.resolve("calico"), "another");
        assertThatThrownBy(() -> PluginCopies.open(saved)).isInstanceOf(Failure.Corrupt.class);

        Files.writeString(saved.resolve("plugins.tsv"), "../../etc/passwd\t00\t1\n");
        assertThatThrownBy(() -> PluginCopies.open(saved)).isInstanceOf(Failure.Corrupt.class);
        assertThatThrownBy(() -> PluginCopies.open(folder)).isInstanceOf(Failure.Unreachable.class);
    }

    @Test
    void aFolderWithoutPluginsCannotBeSaved() throws IOException {
        NixosTree.make(root);

        assertThatThrownBy(() -> PluginCopies.save(LiveMachine.at(root), root, BIN, folder.resolve("saved")))
                .isInstanceOf(Failure.Absent.class);
    }

    private void wipe() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("opt/cni/bin"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        assertThat(Files.exists(root.resolve("opt/cni/bin/calico"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
        Files.setPosixFilePermissions(root.resolve("opt/cni/bin"), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Plan plan(NixosTree tree, Path saved) {
        return HostLab.plan(CniRestore.plan(tree.facts(), Optional.empty(), root, PluginCopies.open(saved)));
    }

    private static List<Finding> missing(NixosTree tree) {
        return CniCheck.of(tree.facts(), Optional.empty(), CniPods.UNKNOWN).stream()
                .filter(f -> f.check().equals("cni/plugin") && f.breaks())
                .toList();
    }
}

package io.etcdmedic.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveMachineTest {
    @TempDir
    Path root = Path.of("");

    @TempDir
    Path outside = Path.of("");

    @Test
    void linksNeverLeaveTheTree() throws IOException {
        Files.writeString(outside.resolve("secret"), "not ours");
        Files.createDirectories(root.resolve("etc"));
        Files.createSymbolicLink(root.resolve("etc/absolute"), outside.resolve("secret"));
        Files.createSymbolicLink(root.resolve("etc/climbing"), Path.of("../../../../../../.." + outside + "/secret"));
        Files.createSymbolicLink(root.resolve("etc/folder"), outside);
        Machine machine = LiveMachine.at(root);

        for (String path : new String[] {"/etc/absolute", "/etc/climbing", "/etc/folder/secret"}) {
            assertThat(machine.read(path))
                    .as(path)
                    .isInstanceOfSatisfying(
                            FileContent.Unreadable.class,
                            u -> assertThat(u.why()).contains("a symbolic link leads to"));
        }
    }

    @Test
    void linksInsideTheTreeAreFollowedAsTheMachineWould() throws IOException {
        Files.createDirectories(root.resolve("nix/store/abc"));
        Files.writeString(root.resolve("nix/store/abc/ca.pem"), "ca");
        Files.createDirectories(root.resolve("etc"));
        Files.createSymbolicLink(root.resolve("etc/ssl"), Path.of("/nix/store/abc"));
        Files.createSymbolicLink(root.resolve("etc/up"), Path.of("../etc/ssl/ca.pem"));

        assertThat(LiveMachine.at(root).read("/etc/up")).isInstanceOfSatisfying(FileContent.Present.class, present -> {
            assertThat(present.text()).isEqualTo("ca");
            assertThat(present.path()).isEqualTo("/nix/store/abc/ca.pem");
        });
    }

    @Test
    void loopsFoldersAndMissingFilesAreAnswers() throws IOException {
        Files.createSymbolicLink(root.resolve("a"), Path.of("b"));
        Files.createSymbolicLink(root.resolve("b"), Path.of("a"));
        Machine machine = LiveMachine.at(root);

        assertThat(machine.read("/a"))
                .isInstanceOfSatisfying(
                        FileContent.Unreadable.class, u -> assertThat(u.why()).contains("a loop of symbolic links"));
        assertThat(machine.read("/")).isInstanceOf(FileContent.Unreadable.class);
        assertThat(machine.read("/none/at/all")).isInstanceOf(FileContent.Absent.class);
        assertThat(machine.processes()).isEmpty();
        assertThat(machine.run(ToolCall.of("ls"))).isInstanceOf(ToolAnswer.Missing.class);
    }

    @Test
    void thisMachineShowsItsProcesses() {
        assertThat(LiveMachine.at(Path.of("/")).processes())
                .anySatisfy(p ->
                        assertThat(p.pid()).isEqualTo(ProcessHandle.current().pid()));
    }
}

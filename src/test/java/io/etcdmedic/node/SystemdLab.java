package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcdmedic.host.OwnUser;
import io.etcdmedic.host.ToolAnswer;
import io.etcdmedic.host.ToolCall;
import io.etcdmedic.host.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A real systemd as PID 1 of namespaces of its own, over an overlay of this machine: nothing is written to the
/// machine.
final class SystemdLab implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private final Path folder;

    private SystemdLab(Path folder) {
        this.folder = folder;
    }

    /// Leaves the test out, and says so, where no systemd can be had.
    static SystemdLab boot(Path folder) throws IOException {
        assumeTrue(OwnUser.isRoot(), "SKIPPED: a systemd of its own needs root");
        assumeTrue(Files.isExecutable(Path.of("/lib/systemd/systemd")), "SKIPPED: systemd is not installed");
        Path script = folder.resolve("boot.sh");
        try (InputStream in = Objects.requireNonNull(SystemdLab.class.getResourceAsStream("/systemd/boot.sh"))) {
            Files.write(script, in.readAllBytes());
        }
        Path lab = Files.createDirectory(folder.resolve("lab"));
        // Its output goes to files: what it starts would keep a pipe open.
        ToolAnswer answer = run(List.of(
                "bash", "-c", "bash \"$1\" \"$2\" >\"$2/boot.log\" 2>&1", "boot", script.toString(), lab.toString()));
        SystemdLab systemd = new SystemdLab(lab);
        if (!answer.trouble().isEmpty()) {
            String said = Files.readString(lab.resolve("boot.log"));
            systemd.close();
            assumeTrue(false, "SKIPPED: a systemd of its own does not come up here: " + said);
        }
        return systemd;
    }

    /// Before it is booted.
    static SystemdLab none() {
        return new SystemdLab(Path.of(""));
    }

    boolean has(String path) {
        return call(List.of("test", "-e", path)).trouble().isEmpty();
    }

    void append(String path, String text) throws IOException {
        file(path, in("cat", path) + text);
    }

    /// Puts a file there.
    SystemdLab file(String path, String text) throws IOException {
        Path stand = Files.writeString(folder.resolve("stand"), text);
        in("install", "-D", "-m", "0644", "/dev/null", path);
        ToolAnswer answer = run(List.of(
                "bash", "-c", "exec \"$1\" tee \"$2\" <\"$3\" >/dev/null", "tee", inside(), path, stand.toString()));
        assertThat(answer.trouble()).isEmpty();
        return this;
    }

    /// Copies the tree below `root` to `target` there, with owners and modes.
    SystemdLab tree(Path root, String target) {
        in("mkdir", "-p", target);
        ToolAnswer answer = run(List.of(
                "bash",
                "-c",
                "tar -c -C \"$1\" . | \"$2\" tar -x --no-overwrite-dir -C \"$3\"",
                "tar",
                root.toString(),
                inside(),
                target));
        assertThat(answer.trouble()).isEmpty();
        return this;
    }

    /// What a command prints that must succeed.
    String in(String... command) {
        return answer(command).stdout();
    }

    /// Runs medic; its exit status is not looked at.
    String medic(String... words) {
        List<String> argv = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classes(),
                "io.etcdmedic.Main"));
        argv.addAll(List.of(words));
        ToolAnswer answer = call(argv);
        assertThat(answer).isInstanceOf(ToolAnswer.Ran.class);
        ToolAnswer.Ran ran = (ToolAnswer.Ran) answer;
        assertThat(ran.stderr()).doesNotContain("ClassNotFound");
        assertThat(ran.exitStatus()).as(ran.stderr()).isLessThan(2);
        return ran.stdout();
    }

    /// Where the classes are, from any folder.
    static String classes() {
        return Stream.of(System.getProperty("java.class.path").split(":", -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(":"));
    }

    private ToolAnswer.Ran answer(String... command) {
        ToolAnswer answer = call(List.of(command));
        assertThat(answer.trouble()).as(String.join(" ", command)).isEmpty();
        return (ToolAnswer.Ran) answer;
    }

    private ToolAnswer call(List<String> command) {
        List<String> argv = new ArrayList<>(List.of(inside()));
        argv.addAll(command);
        return run(argv);
    }

    private String inside() {
        return folder.resolve("in").toString();
    }

    private static ToolAnswer run(List<String> argv) {
        return Tools.run(new ToolCall(argv, LIMIT, ToolCall.OUTPUT_BYTES_MAX));
    }

    @Override
    public void close() {
        if (folder.toString().isEmpty()) {
            return;
        }
        assertThat(run(List.of(folder.resolve("down").toString())).trouble()).isEmpty();
    }
}

package io.etcdmedic.host;

import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Runs tools: argument list, absolute program, clean environment, empty input, a time limit and an output limit.
public final class Tools {
    /// Debian, NixOS (system profile), and where k3s, RKE2 and operators put theirs.
    private static final List<Path> FOLDERS = List.of(
            Path.of("/run/current-system/sw/bin"),
            Path.of("/usr/local/sbin"),
            Path.of("/usr/local/bin"),
            Path.of("/usr/sbin"),
            Path.of("/usr/bin"),
            Path.of("/sbin"),
            Path.of("/bin"),
            Path.of("/nix/var/nix/profiles/default/bin"),
            Path.of("/var/lib/rancher/rke2/bin"));

    private static final Map<String, String> ENVIRONMENT =
            Map.of("PATH", "/run/current-system/sw/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL", "C", "HOME", "/root");

    private Tools() {}

    /// Where `program` is, looked for in fixed folders and not in PATH; an absolute path is taken as it is.
    public static Optional<Path> find(String program) {
        Path path = Path.of(program);
        if (path.isAbsolute()) {
            return Files.isExecutable(path) ? Optional.of(path) : Optional.empty();
        }
        if (program.contains("/")) {
            return Optional.empty();
        }
        return FOLDERS.stream()
                .map(folder -> folder.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    public static ToolAnswer run(ToolCall call) {
        Optional<Path> program = find(call.program());
        if (program.isEmpty()) {
            return new ToolAnswer.Missing(call.program() + " is not installed");
        }
        List<String> argv = new ArrayList<>(call.argv());
        argv.set(0, program.get().toString());
        ProcessBuilder builder = new ProcessBuilder(argv);
        builder.environment().clear();
        builder.environment().putAll(ENVIRONMENT);
        builder.redirectInput(Path.of("/dev/null").toFile());
        try {
            return await(builder.start(), call);
        } catch (IOException e) {
            return new ToolAnswer.Missing(call.program() + " could not be started: " + IoReason.of(e));
        }
    }

    private static ToolAnswer await(Process process, ToolCall call) {
        Drain stdout = Drain.start(process.getInputStream(), call.outputBytesMax());
        Drain stderr = Drain.start(process.getErrorStream(), call.outputBytesMax());
        try {
            if (!process.waitFor(call.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
                kill(process);
                return new ToolAnswer.TimedOut(call.timeout());
            }
            // A grandchild may keep the pipe open: what came until a moment after the end is the answer.
            stdout.finish();
            stderr.finish();
            return new ToolAnswer.Ran(process.exitValue(), stdout.text(), stderr.text(), stdout.cut() || stderr.cut());
        } catch (InterruptedException e) {
            kill(process);
            Thread.currentThread().interrupt();
            throw new Failure.Interrupted(
                    ExitCode.INTERRUPTED,
                    Problem.in("waiting for " + call.program()).found("interrupted"));
        }
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /// Reads one stream to its end, keeping at most `max` bytes.
    private static final class Drain {
        private static final long GRACE_MILLIS = 500;
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private final Thread thread;
        private volatile boolean cut;

        private Drain(InputStream in, int max) {
            this.thread = Thread.ofVirtual().unstarted(() -> copy(in, max));
        }

        static Drain start(InputStream in, int max) {
            Drain drain = new Drain(in, max);
            drain.thread.start();
            return drain;
        }

        void finish() throws InterruptedException {
            thread.join(GRACE_MILLIS);
        }

        synchronized String text() {
            return kept.toString(StandardCharsets.UTF_8);
        }

        boolean cut() {
            return cut;
        }

        private void copy(InputStream in, int max) {
            byte[] buffer = new byte[8192];
            try (in) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    keep(buffer, n, max);
                }
            } catch (IOException closed) {
                // The process was killed: what was read is kept.
            }
        }

        private synchronized void keep(byte[] buffer, int n, int max) {
            int room = Math.min(n, max - kept.size());
            kept.write(buffer, 0, room);
            cut |= room < n;
        }
    }
}

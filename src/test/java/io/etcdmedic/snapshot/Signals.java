package io.etcdmedic.snapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// Signals to a server process. The kernel stops the threads of a process one by one, some time after `kill`
/// has returned: a server that is to be frozen could still answer.
public final class Signals {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Signals() {}

    /// Sends a signal by its name (STOP, CONT, KILL); STOP returns when every thread of the process stands still.
    public static void send(Process process, String name) throws IOException, InterruptedException {
        String pid = Long.toString(process.pid());
        if (new ProcessBuilder("kill", "-" + name, pid).start().waitFor() != 0) {
            throw new IOException("no signal " + name);
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (name.equals("STOP") && !standsStill(Path.of("/proc", pid, "task"))) {
            if (System.nanoTime() > deadline) {
                throw new IOException("process " + pid + " does not stop");
            }
            Thread.sleep(1);
        }
    }

    private static boolean standsStill(Path threads) throws IOException {
        try (Stream<Path> each = Files.list(threads)) {
            List<Path> all = each.toList();
            for (Path thread : all) {
                String stat = Files.readString(thread.resolve("stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        }
    }
}

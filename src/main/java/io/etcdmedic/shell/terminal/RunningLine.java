package io.etcdmedic.shell.terminal;

import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.render.Outlet;
import io.etcdmedic.repair.Stop;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jline.terminal.Terminal;

/// One command line while it runs, on a thread of its own, so that Ctrl-C can stop it and the shell lives on.
///
/// Ctrl-C asks once: the thread is interrupted, what it prints ends, and whoever waits looks at [#stop()]. A second
/// Ctrl-C goes back to the prompt at once and leaves a command that only reads to end by itself.
final class RunningLine {
    private static final Duration LOOK = Duration.ofMillis(50);
    private final Terminal terminal;
    private final AtomicInteger interrupts = new AtomicInteger();
    private volatile boolean pagerRuns;

    RunningLine(Terminal terminal) {
        this.terminal = terminal;
    }

    Stop stop() {
        return () -> interrupts.get() > 0 ? Optional.of(ExitCode.INTERRUPTED) : Optional.empty();
    }

    /// While a pager runs Ctrl-C is the pager's.
    void pager(boolean runs) {
        pagerRuns = runs;
    }

    void run(Runnable line, PrintStream err, Outlet out) {
        Thread thread = Thread.ofPlatform().name("line").daemon(true).start(line);
        Terminal.SignalHandler before = terminal.handle(Terminal.Signal.INT, _ -> interrupted(thread, out));
        try {
            boolean told = false;
            while (!thread.join(LOOK)) {
                if (interrupts.get() > 1) {
                    err.println("medic: left behind; it ends by itself");
                    return;
                }
                if (interrupts.get() == 1 && !told) {
                    told = true;
                    if (!thread.join(Duration.ofSeconds(2))) {
                        err.println("medic: stopping; Ctrl-C again goes back to the prompt at once");
                        err.flush();
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            terminal.handle(Terminal.Signal.INT, before);
        }
    }

    private void interrupted(Thread thread, Outlet out) {
        if (!pagerRuns) {
            interrupts.incrementAndGet();
            out.cut();
            thread.interrupt();
        }
    }
}

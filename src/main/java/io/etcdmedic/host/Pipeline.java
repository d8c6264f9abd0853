package io.etcdmedic.host;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The operator's own programs, one reading what the one before it wrote: argument lists, never a line for a shell.
///
/// They run with the operator's environment and PATH, unlike [Tools].
public final class Pipeline {
    private final List<Process> processes;

    private Pipeline(List<Process> processes) {
        this.processes = List.copyOf(processes);
    }

    /// Where the last program's output goes.
    public enum Output {
        /// To [#output()].
        READ,
        /// To our own standard output, so that a program that fills the screen finds its terminal.
        SCREEN
    }

    /// Starts `programs`; the first one reads what is written to [#input()].
    ///
    /// @param programs the argument list of each; at least one
    /// @throws Failure.Unreachable when one cannot be started
    public static Pipeline start(List<List<String>> programs, Map<String, String> environment, Output output) {
        List<ProcessBuilder> builders = new ArrayList<>();
        for (List<String> argv : programs) {
            ProcessBuilder builder = new ProcessBuilder(argv);
            if (output == Output.SCREEN) {
                builder.redirectError(ProcessBuilder.Redirect.INHERIT);
            }
            builder.environment().clear();
            builder.environment().putAll(environment);
            builders.add(builder);
        }
        if (output == Output.SCREEN) {
            builders.getLast().redirectOutput(ProcessBuilder.Redirect.INHERIT);
        }
        try {
            return new Pipeline(ProcessBuilder.startPipeline(builders));
        } catch (IOException | IndexOutOfBoundsException e) {
            throw new Failure.Unreachable(Problem.in("starting "
                                    + String.join(
                                            " | ",
                                            programs.stream()
                                                    .map(argv -> String.join(" ", argv))
                                                    .toList()))
                            .found(e instanceof IOException io ? IoReason.of(io) : e.toString())
                            .hint("it is looked for in PATH; no shell is involved"))
                    .because(e);
        }
    }

    /// What the first program reads.
    public OutputStream input() {
        return processes.getFirst().getOutputStream();
    }

    /// What the last program writes, unless it goes to the screen.
    public InputStream output() {
        return processes.getLast().getInputStream();
    }

    /// What each program complains of, unless it has the screen.
    public List<InputStream> errors() {
        return processes.stream().map(Process::getErrorStream).toList();
    }

    /// Waits for the last program.
    ///
    /// @return its exit status
    public int await() throws InterruptedException {
        return processes.getLast().waitFor();
    }

    /// Ends what still runs.
    public void kill() {
        processes.forEach(Process::destroyForcibly);
    }
}

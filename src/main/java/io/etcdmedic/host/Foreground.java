package io.etcdmedic.host;

import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// A program of the operator's that has the terminal to itself until it ends: an editor.
public final class Foreground {
    private Foreground() {}

    /// @param argv the program, looked for in the operator's PATH, and its arguments
    /// @return its exit status
    /// @throws Failure.Unreachable when it cannot be started
    public static int run(List<String> argv, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(argv).inheritIO();
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return builder.start().waitFor();
        } catch (IOException e) {
            throw new Failure.Unreachable(
                            Problem.in("starting " + String.join(" ", argv)).found(IoReason.of(e)))
                    .because(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure.Interrupted(
                    ExitCode.INTERRUPTED,
                    Problem.in("waiting for " + argv.getFirst()).found("stopped"));
        }
    }
}

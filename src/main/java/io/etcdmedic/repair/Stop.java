package io.etcdmedic.repair;

import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.util.Optional;

/// Whether somebody asked the engine to stop: it looks before it sends anything and while it waits.
public interface Stop {
    Stop NEVER = Optional::empty;

    /// The exit code of the signal that came.
    Optional<ExitCode> requested();

    /// @throws Failure.Interrupted when a stop was asked for
    default void look(String doing) {
        requested().ifPresent(code -> {
            throw new Failure.Interrupted(
                    code, Problem.in(doing).found("stopped").hint("medic journal resume goes on from here"));
        });
    }
}

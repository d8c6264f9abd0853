package io.etcdmedic.command;

import io.etcdmedic.render.Console;
import io.etcdmedic.repair.Stop;
import java.time.Clock;
import java.util.Map;

/// What the world around one run is: handed in, so that a test decides it.
///
/// @param environment the process's variables
/// @param prompt who is asked before something is changed
/// @param stop whether the operator wants the command to end: Ctrl-C
public record Surroundings(Console console, Clock clock, Map<String, String> environment, Prompt prompt, Stop stop) {
    public Surroundings {
        environment = Map.copyOf(environment);
    }

    /// Surroundings in which nobody can be asked and nothing is stopped.
    public Surroundings(Console console, Clock clock, Map<String, String> environment) {
        this(console, clock, environment, Prompt.NOBODY, Stop.NEVER);
    }

    /// The same with other streams.
    public Surroundings with(Console other) {
        return new Surroundings(other, clock, environment, prompt, stop);
    }
}

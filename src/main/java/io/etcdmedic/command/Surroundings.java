package io.etcdmedic.command;

import io.etcdmedic.render.Console;
import java.time.Clock;
import java.util.Map;

/// What the world around one run is: handed in, so that a test decides it.
///
/// @param environment the process's variables
/// @param prompt who is asked before something is changed
public record Surroundings(Console console, Clock clock, Map<String, String> environment, Prompt prompt) {
    public Surroundings {
        environment = Map.copyOf(environment);
    }

    /// Surroundings in which nobody can be asked.
    public Surroundings(Console console, Clock clock, Map<String, String> environment) {
        this(console, clock, environment, Prompt.NOBODY);
    }
}

package io.etcdmedic.command;

import io.etcdmedic.render.Console;
import java.time.Clock;
import java.util.Map;

/// What the world around one run is: handed in, so that a test decides it.
///
/// @param environment the process's variables
public record Surroundings(Console console, Clock clock, Map<String, String> environment) {
    public Surroundings {
        environment = Map.copyOf(environment);
    }
}

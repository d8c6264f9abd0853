package io.etcdmedic.command;

import io.etcdmedic.installation.Installation;
import io.etcdmedic.render.Console;
import io.etcdmedic.repair.Stop;
import java.time.Clock;
import java.util.Map;
import java.util.function.Supplier;

/// What the world around one run is: handed in, so that a test decides it.
///
/// @param environment the process's variables
/// @param prompt who is asked before something is changed
/// @param stop whether the operator wants the command to end: Ctrl-C
/// @param machine what Kubernetes and etcd run or lie on this machine, looked at only when no source is named
public record Surroundings(
        Console console,
        Clock clock,
        Map<String, String> environment,
        Prompt prompt,
        Stop stop,
        Supplier<Installation> machine) {
    public Surroundings {
        environment = Map.copyOf(environment);
    }

    /// Surroundings in which nobody can be asked, nothing is stopped and nothing lies about.
    public Surroundings(Console console, Clock clock, Map<String, String> environment) {
        this(console, clock, environment, Prompt.NOBODY, Stop.NEVER);
    }

    /// Surroundings in which nothing lies about.
    public Surroundings(Console console, Clock clock, Map<String, String> environment, Prompt prompt, Stop stop) {
        this(console, clock, environment, prompt, stop, Installation::nothing);
    }

    /// The same with other streams.
    public Surroundings with(Console other) {
        return new Surroundings(other, clock, environment, prompt, stop, machine);
    }
}

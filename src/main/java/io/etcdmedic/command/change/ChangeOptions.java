package io.etcdmedic.command.change;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// How a change is made: rehearsed, written down, or made at once.
public final class ChangeOptions {
    @Option(
            names = "--plan",
            paramLabel = "FILE",
            description = "write the plan to FILE (and its values beside it), print its SHA-256, and change nothing")
    private Optional<Path> plan = Optional.empty();

    @Mixin
    private RunOptions run = new RunOptions();

    public Optional<Path> plan() {
        return plan;
    }

    public boolean dryRun() {
        return run.dryRun();
    }

    public RunOptions run() {
        return run;
    }
}

package io.etcdmedic.command.change;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// How a change is made: rehearsed, written down, or made at once.
public final class ChangeOptions {
    @Option(names = "--dry-run", description = "run everything over a copy in memory, and change nothing")
    private boolean dryRun;

    @Option(
            names = "--plan",
            paramLabel = "FILE",
            description = "write the plan to FILE (and its values beside it), print its SHA-256, and change nothing")
    private Optional<Path> plan = Optional.empty();

    @Option(names = "--with-snapshot", description = "save and verify a snapshot of the whole cluster first")
    private boolean withSnapshot;

    @Option(names = "--wait-settled", description = "wait for what can only be known minutes later")
    private boolean waitSettled;

    public boolean dryRun() {
        return dryRun;
    }

    public Optional<Path> plan() {
        return plan;
    }

    public boolean withSnapshot() {
        return withSnapshot;
    }

    public boolean waitSettled() {
        return waitSettled;
    }
}

package io.etcdmedic.command.change;

import picocli.CommandLine.Option;

/// How a plan is run.
public final class RunOptions {
    @Option(names = "--dry-run", description = "run everything over a copy in memory, and change nothing")
    private boolean dryRun;

    @Option(names = "--with-snapshot", description = "save and verify a snapshot of the whole cluster first")
    private boolean withSnapshot;

    @Option(names = "--wait-settled", description = "wait for what can only be known minutes later")
    private boolean waitSettled;

    public boolean dryRun() {
        return dryRun;
    }

    public boolean withSnapshot() {
        return withSnapshot;
    }

    public boolean waitSettled() {
        return waitSettled;
    }
}

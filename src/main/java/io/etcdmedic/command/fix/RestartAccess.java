package io.etcdmedic.command.fix;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.ToolCall;
import io.etcdmedic.host.Tools;
import io.etcdmedic.repair.HostAccess;
import io.etcdmedic.repair.plan.HostChange.Ownership;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// This machine as far as a runbook changes it: the one command that the operator asked for, and no other.
///
/// @param allowed restarts the kube-apiserver; empty: nothing is run
record RestartAccess(List<String> allowed) implements HostAccess {
    /// A kube-apiserver drains its connections for up to a minute before it ends.
    private static final Duration RESTART = Duration.ofMinutes(2);

    @Override
    public Optional<String> run(List<String> argv) {
        if (!argv.equals(allowed)) {
            throw new Failure.Refused(Problem.in("running " + String.join(" ", argv))
                    .found("a command that was not asked for")
                    .hint("run it yourself, or the runbook again with --restart"));
        }
        String trouble = Tools.run(new ToolCall(argv, RESTART, ToolCall.OUTPUT_BYTES_MAX))
                .trouble();
        return trouble.isEmpty() ? Optional.empty() : Optional.of(trouble);
    }

    @Override
    public Optional<Bytes> content(String path) {
        return Optional.empty();
    }

    @Override
    public Optional<Ownership> ownership(String path) {
        return Optional.empty();
    }

    @Override
    public void setOwnership(String path, Ownership ownership) {
        throw refused(path);
    }

    @Override
    public void write(String path, Bytes content, Ownership ownership) {
        throw refused(path);
    }

    @Override
    public void remove(String path) {
        throw refused(path);
    }

    private static Failure refused(String path) {
        return new Failure.Refused(Problem.in("changing " + path).found("a runbook changes no file"));
    }
}

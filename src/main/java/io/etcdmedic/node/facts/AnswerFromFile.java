package io.etcdmedic.node.facts;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.AclEntry;
import io.etcdmedic.host.FileContent;
import io.etcdmedic.host.FileMeta;
import io.etcdmedic.host.IoReason;
import io.etcdmedic.host.Machine;
import io.etcdmedic.host.RunningProcess;
import io.etcdmedic.host.ToolAnswer;
import io.etcdmedic.host.ToolCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A machine on which one tool's answer was kept in a file: it is gone there, or was never reachable from here.
public record AnswerFromFile(Machine machine, ToolCall call, ToolAnswer answer) implements Machine {

    /// @throws Failure.Unreachable when `file` cannot be read
    public static AnswerFromFile of(Machine machine, ToolCall call, Path file) {
        try {
            return new AnswerFromFile(machine, call, new ToolAnswer.Ran(0, Files.readString(file), "", false));
        } catch (IOException e) {
            throw new Failure.Unreachable(Problem.in("reading the answer of " + call.program() + " in " + file)
                            .found(IoReason.of(e)))
                    .because(e);
        }
    }

    @Override
    public String name() {
        return machine.name();
    }

    @Override
    public Set<String> denied() {
        return machine.denied();
    }

    @Override
    public Optional<FileMeta> look(String path) {
        return machine.look(path);
    }

    @Override
    public List<String> names(String path) {
        return machine.names(path);
    }

    @Override
    public FileContent content(String path) {
        return machine.content(path);
    }

    @Override
    public FileContent head(String path) {
        return machine.head(path);
    }

    @Override
    public Optional<List<AclEntry>> acl(String path) {
        return machine.acl(path);
    }

    @Override
    public List<RunningProcess> processes() {
        return machine.processes();
    }

    @Override
    public ToolAnswer run(ToolCall asked) {
        return asked.argv().equals(call.argv()) ? answer : machine.run(asked);
    }
}

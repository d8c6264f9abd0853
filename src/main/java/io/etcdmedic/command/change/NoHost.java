package io.etcdmedic.command.change;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.repair.HostAccess;
import io.etcdmedic.repair.plan.HostChange.Ownership;
import java.util.List;
import java.util.Optional;

/// No machine: a dry run over a database file touches none.
public final class NoHost implements HostAccess {

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

    /// Nothing is run, and so nothing goes wrong.
    @Override
    public Optional<String> run(List<String> argv) {
        return Optional.empty();
    }

    private static Failure refused(String path) {
        return new Failure.Refused(Problem.in("changing " + path).found("a dry run changes no file"));
    }
}

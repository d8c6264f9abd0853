package io.etcdmedic.node;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.repair.HostAccess;
import io.etcdmedic.repair.plan.HostChange.Ownership;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A machine that is looked at and not changed: changes stay in memory, programs are taken to succeed.
public final class RehearsedMachine implements HostAccess {
    private final HostAccess real;
    private final Map<String, Optional<Bytes>> contents = new HashMap<>();
    private final Map<String, Optional<Ownership>> ownerships = new HashMap<>();

    public RehearsedMachine(HostAccess real) {
        this.real = real;
    }

    @Override
    public Optional<Bytes> content(String path) {
        return contents.containsKey(path) ? contents.getOrDefault(path, Optional.empty()) : real.content(path);
    }

    @Override
    public Optional<Ownership> ownership(String path) {
        return ownerships.containsKey(path) ? ownerships.getOrDefault(path, Optional.empty()) : real.ownership(path);
    }

    @Override
    public void setOwnership(String path, Ownership ownership) {
        ownerships.put(path, Optional.of(ownership));
    }

    @Override
    public void write(String path, Bytes content, Ownership ownership) {
        contents.put(path, Optional.of(content));
        ownerships.put(path, Optional.of(ownership));
    }

    @Override
    public void remove(String path) {
        contents.put(path, Optional.empty());
        ownerships.put(path, Optional.empty());
    }

    @Override
    public Optional<String> run(List<String> argv) {
        return Optional.empty();
    }
}

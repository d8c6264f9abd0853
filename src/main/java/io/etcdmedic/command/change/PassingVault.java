package io.etcdmedic.command.change;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.repair.Vault;
import io.etcdmedic.repair.plan.Plan;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A vault for a dry run, which archives nothing.
public final class PassingVault implements Vault {

    @Override
    public Sha256 keep(Plan plan) {
        return Sha256.of(Bytes.EMPTY);
    }

    @Override
    public Plan plan(String id) {
        throw new Failure.Refused(Problem.in("reading plan " + id).found("a dry run keeps none"));
    }

    @Override
    public Kept keep(Plan plan, Revision at, List<Entry> entries, Map<String, Bytes> files) {
        return new Kept("", Sha256.of(Bytes.EMPTY));
    }

    @Override
    public Optional<Bytes> value(Kept kept, Key key, Sha256 value) {
        return Optional.empty();
    }

    @Override
    public Optional<Bytes> file(Kept kept, String path) {
        return Optional.empty();
    }
}

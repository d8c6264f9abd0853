package io.etcdmedic.node;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.host.OwnUser;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.NoKeys;
import io.etcdmedic.keyspace.Overlay;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.repair.Documents;
import io.etcdmedic.repair.Faults;
import io.etcdmedic.repair.NamedCheck;
import io.etcdmedic.repair.Outcome;
import io.etcdmedic.repair.RepairRun;
import io.etcdmedic.repair.Stop;
import io.etcdmedic.repair.Vault;
import io.etcdmedic.repair.World;
import io.etcdmedic.repair.journal.Ledger;
import io.etcdmedic.repair.journal.MemoryLedger;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.PlanId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// The engine over this machine, for plans that change nothing else.
final class HostLab {
    private final Ledger ledger = new MemoryLedger();
    private final Map<String, NamedCheck> checks;
    final List<String> said = new ArrayList<>();

    HostLab() {
        this(Map.of());
    }

    HostLab(Map<String, NamedCheck> checks) {
        this.checks = checks;
    }

    /// The folder by its real name, open to the users of services; the test is left out where we may not give files
    /// to them.
    static Path forUsers(Path folder) throws IOException {
        assumeTrue(OwnUser.isRoot(), "SKIPPED: needs root to give files to the users of the services");
        Path real = folder.toRealPath();
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rwxr-xr-x"));
        return real;
    }

    static Plan plan(PlanDraft draft) {
        return draft.build(PlanId.random(new Random()), Clock.systemUTC().instant());
    }

    Outcome apply(Plan plan) {
        return apply(plan, Faults.NONE);
    }

    Outcome apply(Plan plan, Faults faults) {
        return RepairRun.real(world(faults), ledger, new NothingKept()).apply(plan);
    }

    Outcome resume(Plan plan) {
        return RepairRun.real(world(Faults.NONE), ledger, new NothingKept()).resume(plan);
    }

    private World world(Faults faults) {
        return new World(
                new Overlay(new NoKeys()),
                Optional.empty(),
                Optional.empty(),
                new MachineAccess(),
                new NoDocuments(),
                checks,
                Clock.systemUTC(),
                new Random(),
                World.Pause.REAL,
                said::add,
                Stop.NEVER,
                faults);
    }

    private record NoDocuments() implements Documents {
        @Override
        public Answer field(Entry entry, String pointer) {
            return Answer.trouble("there are no keys");
        }

        @Override
        public Answer condition(Entry entry, String type) {
            return Answer.trouble("there are no keys");
        }
    }

    private record NothingKept() implements Vault {
        @Override
        public Sha256 keep(Plan plan) {
            return Sha256.of(Bytes.EMPTY);
        }

        @Override
        public Plan plan(String id) {
            throw new IllegalStateException("not asked for");
        }

        @Override
        public Kept keep(Plan plan, Revision at, List<Entry> entries, Map<String, Bytes> files) {
            return new Kept("nothing", Sha256.of(Bytes.EMPTY));
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
}

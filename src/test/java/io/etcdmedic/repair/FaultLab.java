package io.etcdmedic.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.archive.ArchiveWriter;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.Codec;
import io.etcdmedic.etcd.Connection;
import io.etcdmedic.etcd.EtcdCluster;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.kubernetes.RegistryKeys;
import io.etcdmedic.repair.journal.FileLedger;
import io.etcdmedic.repair.journal.Ledger;
import io.etcdmedic.repair.journal.Record;
import io.etcdmedic.repair.plan.Binding;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanId;
import io.etcdmedic.repair.state.FileVault;
import io.etcdmedic.repair.state.State;
import io.etcdmedic.repair.state.StateFolder;
import io.etcdmedic.runbook.keys.Deletion;
import io.etcdmedic.runbook.keys.Putting;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/// The engine with everything durable on a real etcd, and places where a fault can be put in.
final class FaultLab implements AutoCloseable {
    private static final RegistryKeys REGISTRY = new RegistryKeys("/registry");
    final EtcdCluster cluster;
    private final StateFolder folder;
    Stop stop = Stop.NEVER;
    Clock clock = Clock.systemUTC();

    FaultLab(Connection connection, Path state) {
        this.cluster = EtcdCluster.open(connection);
        this.folder = new StateFolder(state).forWriting();
    }

    /// What a test throws where the process would have been killed.
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;

        Killed(Faults.Point point) {
            super("killed at " + point, null, false, false);
        }
    }

    /// Kills at the first `point`.
    static Faults killingAt(Faults.Point point) {
        return at -> {
            if (at == point) {
                throw new Killed(point);
            }
        };
    }

    static Faults doing(Faults.Point point, Runnable fault) {
        boolean[] done = new boolean[1];
        return at -> {
            if (at == point && !done[0]) {
                done[0] = true;
                fault.run();
            }
        };
    }

    Binding binding() {
        Health health = new LiveCluster(cluster, World.Pause.REAL).health();
        return new Binding(
                health.clusterId(),
                health.memberIds(),
                cluster.keyspace().revision(),
                health.etcdVersion(),
                Optional.empty());
    }

    Plan deletion(String... keys) {
        return deletion(binding(), keys);
    }

    Plan deletion(Binding now, String... keys) {
        List<Entry> seen = java.util.Arrays.stream(keys)
                .map(key -> cluster.keyspace().get(Key.of(key)).orElseThrow())
                .toList();
        return new Deletion(REGISTRY, Codec.plain()::document)
                .of(seen, now)
                .build(PlanId.random(new Random()), clock.instant());
    }

    Plan putting(String key, String value) {
        return new Putting(REGISTRY, Codec.plain()::document)
                .of("put", Key.of(key), cluster.keyspace().get(Key.of(key)), Bytes.utf8(value), binding())
                .build(PlanId.random(new Random()), clock.instant());
    }

    Plan undo(Plan done) {
        State state = State.read(folder);
        return Undo.of(done, state.entry(done.id().hex()), state.vault(), binding(), false)
                .build(PlanId.random(new Random()), clock.instant());
    }

    Outcome apply(Plan plan, Faults faults) {
        return run(faults, engine -> engine.apply(plan));
    }

    /// As a new process would: the plan comes out of the state folder.
    Outcome resume(Plan plan, Faults faults) {
        State state = State.read(folder);
        Plan kept = state.plan(state.entry(plan.id().hex()));
        assertThat(kept).isEqualTo(plan);
        return run(faults, engine -> engine.resume(kept));
    }

    /// Resumes until the server answers again.
    Outcome resumed(Plan plan) {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            try {
                outcomes.add(resume(plan, Faults.NONE));
                if (outcomes.getLast().result() != Outcome.Result.UNSETTLED) {
                    return outcomes.getLast();
                }
            } catch (Failure.Unreachable stillAway) {
                // The connection is made anew.
            }
        }
        throw new AssertionError("never settled: " + outcomes);
    }

    Outcome abandon(Plan plan) {
        return run(Faults.NONE, engine -> engine.abandon(plan));
    }

    /// Runs with a disk that takes `records` more journal records, and then is full.
    Outcome applyWithRoomFor(int records, Plan plan) {
        try (FileLedger ledger = FileLedger.open(folder.journal(), folder.lock(), clock)) {
            FileVault vault = new FileVault(folder, clock, ArchiveWriter.View.NONE);
            int full = ledger.records().size() + records;
            Ledger small = new Ledger() {
                @Override
                public void append(Record entry) {
                    if (ledger.records().size() >= full) {
                        throw new Failure.Unreachable(
                                Problem.in("writing to the journal").found("no space left on device"));
                    }
                    ledger.append(entry);
                }

                @Override
                public List<Record> records() {
                    return ledger.records();
                }
            };
            return RepairRun.real(world(Faults.NONE), small, vault).apply(plan);
        }
    }

    private Outcome run(Faults faults, Function<RepairRun, Outcome> way) {
        try (FileLedger ledger = FileLedger.open(folder.journal(), folder.lock(), clock)) {
            FileVault vault = new FileVault(folder, clock, ArchiveWriter.View.NONE);
            return way.apply(RepairRun.real(world(faults), ledger, vault));
        }
    }

    private World world(Faults faults) {
        return new World(
                cluster.keyspace(),
                Optional.of(new LiveCluster(cluster, World.Pause.REAL)),
                Optional.empty(),
                new NoMachine(),
                new NoFields(),
                Map.of(),
                clock,
                new Random(),
                World.Pause.REAL,
                Narrator.SILENT,
                stop,
                faults);
    }

    State state() {
        return State.read(folder);
    }

    Revision revision() {
        return cluster.keyspace().revision();
    }

    Optional<Entry> get(String key) {
        return cluster.keyspace().get(Key.of(key));
    }

    @Override
    public void close() {
        cluster.close();
    }

    static final class NoFields implements Documents {
        @Override
        public Answer field(Entry entry, String pointer) {
            return Answer.trouble("not asked for here");
        }

        @Override
        public Answer condition(Entry entry, String type) {
            return Answer.trouble("not asked for here");
        }
    }

    static final class NoMachine implements HostAccess {
        @Override
        public Optional<Bytes> content(String path) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<io.etcdmedic.repair.plan.HostChange.Ownership> ownership(String path) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void setOwnership(String path, io.etcdmedic.repair.plan.HostChange.Ownership ownership) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(String path, Bytes content, io.etcdmedic.repair.plan.HostChange.Ownership ownership) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void remove(String path) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<String> run(List<String> argv) {
            throw new UnsupportedOperationException();
        }
    }
}

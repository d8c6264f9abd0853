package io.etcdmedic.runbook;

import io.etcdmedic.apiserver.ApiReading;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.codec.Codec;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.DocumentPath;
import io.etcdmedic.document.Json;
import io.etcdmedic.etcd.EtcdCluster;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.host.Machine;
import io.etcdmedic.installation.Part;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.WritableKeyspace;
import io.etcdmedic.repair.Documents;
import io.etcdmedic.repair.Faults;
import io.etcdmedic.repair.HostAccess;
import io.etcdmedic.repair.LiveCluster;
import io.etcdmedic.repair.Outcome;
import io.etcdmedic.repair.RepairRun;
import io.etcdmedic.repair.Stop;
import io.etcdmedic.repair.Undo;
import io.etcdmedic.repair.Vault;
import io.etcdmedic.repair.World;
import io.etcdmedic.repair.journal.Ledger;
import io.etcdmedic.repair.journal.MemoryLedger;
import io.etcdmedic.repair.journal.Progress;
import io.etcdmedic.repair.plan.Binding;
import io.etcdmedic.repair.plan.HostChange;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanId;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/// A runbook with the engine under it, over a keyspace of the test.
final class RepairLab {
    private final WritableKeyspace keyspace;
    private final Optional<ApiReading> api;
    private final Decoder decoder;
    private final Runbook runbook;
    Optional<Keyspace> older = Optional.empty();

    World.Pause pause = World.Pause.REAL;

    Optional<EtcdCluster> cluster = Optional.empty();

    /// Where the runbook finds files.
    Machine machine = LiveMachine.at(Path.of("/"));

    Codec codec = Codec.plain();

    Ledger ledger = new MemoryLedger();
    private final MemoryVault vault = new MemoryVault();
    final List<String> said = new ArrayList<>();

    RepairLab(WritableKeyspace keyspace, Optional<ApiReading> api, Decoder decoder, Runbook runbook) {
        this.keyspace = keyspace;
        this.api = api;
        this.decoder = decoder;
        this.runbook = runbook;
    }

    Plan plan(Request request, List<Part> parts) {
        return runbook.plan(scene(parts), request);
    }

    Scene scene(List<Part> parts) {
        return new Scene(
                keyspace,
                older,
                decoder,
                (like, document) -> codec.encode(like.key(), document, like.value()),
                "/registry",
                cluster,
                api,
                machine,
                parts,
                binding(),
                Clock.systemUTC(),
                new Random(),
                pause,
                said::add);
    }

    private Binding binding() {
        return new Binding(
                keyspace.source().clusterId(),
                List.of(),
                keyspace.revision(),
                "",
                OneCluster.uid(new Registry(keyspace, keyspace.revision(), decoder, "/registry")));
    }

    /// Takes back what `done` did.
    Outcome undo(Plan done) {
        Progress progress = Progress.of(ledger.records()).stream()
                .filter(entry -> entry.entry().equals(done.id().hex()))
                .findFirst()
                .orElseThrow();
        return apply(Undo.of(done, progress, vault, binding(), false)
                .build(PlanId.random(new Random()), Clock.systemUTC().instant()));
    }

    /// Dies after every second durable point, again and again, until the plan has come to its end.
    Outcome killedAllAlong(Plan plan) {
        boolean begun = false;
        while (true) {
            AtomicInteger points = new AtomicInteger();
            Faults faults = point -> {
                if (points.incrementAndGet() > 2) {
                    throw new Killed("at " + point);
                }
            };
            try {
                return begun ? resume(plan, faults) : apply(plan, faults);
            } catch (Killed killed) {
                begun = true;
            }
        }
    }

    Outcome apply(Plan plan) {
        return RepairRun.real(world(Faults.NONE), ledger, vault).apply(plan);
    }

    Outcome apply(Plan plan, Faults faults) {
        return RepairRun.real(world(faults), ledger, vault).apply(plan);
    }

    /// Dies at the durable point after `survived` others, and goes on until the end; empty: it did not come so far.
    Optional<Outcome> killedOnce(Plan plan, int survived) {
        AtomicInteger points = new AtomicInteger();
        try {
            apply(plan, point -> {
                if (points.incrementAndGet() > survived) {
                    throw new Killed("at " + point);
                }
            });
            return Optional.empty();
        } catch (Killed killed) {
            return Optional.of(ledger.records().isEmpty() ? apply(plan) : resume(plan, Faults.NONE));
        }
    }

    /// Dies at the durable point after `survived` others, for good.
    ///
    /// @return whether it came so far
    boolean killedAt(Plan plan, int survived) {
        AtomicInteger points = new AtomicInteger();
        try {
            apply(plan, point -> {
                if (points.incrementAndGet() > survived) {
                    throw new Killed("at " + point);
                }
            });
            return false;
        } catch (Killed killed) {
            return true;
        }
    }

    Outcome abandon(Plan plan) {
        return RepairRun.real(world(Faults.NONE), ledger, vault).abandon(plan);
    }

    @SuppressWarnings("serial")
    static final class Killed extends RuntimeException {
        Killed(String where) {
            super(where);
        }
    }

    Outcome resume(Plan plan, Faults faults) {
        return RepairRun.real(world(faults), ledger, vault).resume(plan);
    }

    World world(Faults faults) {
        return new World(
                keyspace,
                cluster.map(live -> new LiveCluster(live, World.Pause.REAL)),
                api.map(a -> a),
                new NoHost(),
                new Decoded(decoder),
                Runbooks.checks(decoder, Clock.systemUTC(), cluster),
                Clock.systemUTC(),
                new Random(),
                World.Pause.REAL,
                said::add,
                Stop.NEVER,
                faults);
    }

    private record Decoded(Decoder decoder) implements Documents {
        @Override
        public Answer field(Entry entry, String pointer) {
            return answer(entry, List.of(pointer.substring(1).split("/")));
        }

        @Override
        public Answer condition(Entry entry, String type) {
            return answer(entry, List.of("status", "conditions", "type=" + type, "status"));
        }

        private Answer answer(Entry entry, List<String> steps) {
            try {
                return Answer.of(decoder.decode(entry)
                        .at(new DocumentPath(steps))
                        .map(Json::compact)
                        .orElse(Json.compact(Document.Nil.NULL)));
            } catch (Failure unreadable) {
                return Answer.trouble(unreadable.problem().message());
            }
        }
    }

    private static final class MemoryVault implements Vault {
        private final Map<String, Plan> plans = new HashMap<>();
        private final Map<Sha256, Bytes> values = new HashMap<>();

        @Override
        public Sha256 keep(Plan plan) {
            plans.put(plan.id().hex(), plan);
            return Sha256.of(Bytes.EMPTY);
        }

        @Override
        public Plan plan(String id) {
            return Optional.ofNullable(plans.get(id)).orElseThrow();
        }

        @Override
        public Kept keep(Plan plan, Revision at, List<Entry> entries, Map<String, Bytes> files) {
            entries.forEach(entry -> values.put(Sha256.of(entry.value()), entry.value()));
            return new Kept("memory", Sha256.of(Bytes.EMPTY));
        }

        @Override
        public Optional<Bytes> value(Kept kept, Key key, Sha256 value) {
            return Optional.ofNullable(values.get(value));
        }

        @Override
        public Optional<Bytes> file(Kept kept, String path) {
            return Optional.empty();
        }
    }

    private static final class NoHost implements HostAccess {
        @Override
        public Optional<Bytes> content(String path) {
            return Optional.empty();
        }

        @Override
        public Optional<HostChange.Ownership> ownership(String path) {
            return Optional.empty();
        }

        @Override
        public void setOwnership(String path, HostChange.Ownership ownership) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(String path, Bytes content, HostChange.Ownership ownership) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void remove(String path) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<String> run(List<String> argv) {
            return Optional.of("no host: " + Arrays.toString(argv.toArray()));
        }
    }
}

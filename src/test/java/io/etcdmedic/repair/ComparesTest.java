package io.etcdmedic.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.etcd.Connections;
import io.etcdmedic.etcd.EtcdCluster;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.ForwardingKeyspace;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.WritableKeyspace;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.repair.Outcome.Result;
import io.etcdmedic.repair.journal.MemoryLedger;
import io.etcdmedic.repair.plan.Binding;
import io.etcdmedic.repair.plan.Frame;
import io.etcdmedic.repair.plan.KeyChange;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.PlanId;
import io.etcdmedic.repair.state.FileVault;
import io.etcdmedic.repair.state.StateFolder;
import io.etcdmedic.snapshot.EtcdOfClass;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each comparison of the transaction by itself, on a real etcd: what was read differs from what is stored in one
/// thing.
///
/// Within one history of a cluster the revision alone would do. A cluster that was restored from a snapshot, or a
/// member that disagrees, has other things under the same revision: each of the others is there for that.
class ComparesTest {
    private static final Key KEY = Key.of("/registry/configmaps/shop/a");
    private static final LeaseId LEASE = new LeaseId(4711);

    @TempDir
    Path folder = Path.of("");

    @RegisterExtension
    static final EtcdOfClass ETCD = new EtcdOfClass();

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        ETCD.server().grant(LEASE, 600);
    }

    private enum Lie {
        MOD(e -> new Entry(
                e.key(),
                e.value(),
                e.createRevision(),
                Revision.of(e.modRevision().number() - 1),
                e.version(),
                e.lease())),
        CREATE(e -> new Entry(
                e.key(),
                e.value(),
                Revision.of(e.createRevision().number() - 1),
                e.modRevision(),
                e.version(),
                e.lease())),
        VERSION(e -> new Entry(e.key(), e.value(), e.createRevision(), e.modRevision(), e.version() + 1, e.lease())),
        LEASE_GONE(e -> new Entry(e.key(), e.value(), e.createRevision(), e.modRevision(), e.version(), LeaseId.NONE)),
        VALUE(e ->
                new Entry(e.key(), Bytes.utf8("valve"), e.createRevision(), e.modRevision(), e.version(), e.lease()));

        private final UnaryOperator<Entry> lie;

        Lie(UnaryOperator<Entry> lie) {
            this.lie = lie;
        }
    }

    @ParameterizedTest
    @EnumSource(Lie.class)
    void oneThingThatDiffersStopsTheWrite(Lie lie) throws Exception {
        assertThat(deleted(lie.lie).result()).isEqualTo(Result.STALE);
        assertThat(ETCD.server().etcdctl(List.of("get", KEY.text()))).contains("value");
    }

    @Test
    void theTruthLetsItPass() throws Exception {
        assertThat(deleted(UnaryOperator.identity()).result()).isEqualTo(Result.APPLIED);
        assertThat(ETCD.server().etcdctl(List.of("get", KEY.text()))).isEmpty();
    }

    /// What is believed absent, and is there.
    @Test
    void aKeyThatIsThereIsNotMade() throws Exception {
        put();
        try (EtcdCluster cluster =
                EtcdCluster.open(Connections.plain(ETCD.server().endpoint()))) {
            Lying lying = new Lying(cluster.keyspace(), UnaryOperator.identity(), true);
            PlanDraft draft = draft(cluster);
            Plan plan = draft.step(KeyChange.of(
                            Frame.of("make it", "it"),
                            KeyChange.Edit.put(KEY, Optional.empty(), draft.value(Bytes.utf8("new")))))
                    .build(PlanId.random(new Random()), Clock.systemUTC().instant());
            assertThat(run(cluster, lying, plan).result()).isEqualTo(Result.STALE);
        }
        assertThat(ETCD.server().etcdctl(List.of("get", KEY.text()))).contains("value");
    }

    private Outcome deleted(UnaryOperator<Entry> lie) throws Exception {
        put();
        try (EtcdCluster cluster =
                EtcdCluster.open(Connections.plain(ETCD.server().endpoint()))) {
            Lying lying = new Lying(cluster.keyspace(), lie, false);
            Plan plan = draft(cluster)
                    .step(KeyChange.of(
                            Frame.of("delete it", "it"),
                            KeyChange.Edit.delete(lying.get(KEY).orElseThrow())))
                    .build(PlanId.random(new Random()), Clock.systemUTC().instant());
            return run(cluster, lying, plan);
        }
    }

    private static PlanDraft draft(EtcdCluster cluster) {
        Health health = new LiveCluster(cluster, World.Pause.REAL).health();
        return new PlanDraft(
                "test",
                "t",
                new Binding(
                        health.clusterId(),
                        health.memberIds(),
                        cluster.keyspace().revision(),
                        health.etcdVersion(),
                        Optional.empty()));
    }

    private Outcome run(EtcdCluster cluster, Lying lying, Plan plan) {
        World world = new World(
                lying,
                Optional.of(new LiveCluster(cluster, World.Pause.REAL)),
                Optional.empty(),
                new FaultLab.NoMachine(),
                new FaultLab.NoFields(),
                Map.of(),
                Clock.systemUTC(),
                new Random(),
                World.Pause.REAL,
                Narrator.SILENT,
                Stop.NEVER,
                Faults.NONE);
        StateFolder state = new StateFolder(folder.resolve("state")).forWriting();
        FileVault vault = new FileVault(state, Clock.systemUTC(), _ -> Optional.empty());
        return RepairRun.real(world, new MemoryLedger(), vault).apply(plan);
    }

    private static void put() throws Exception {
        ETCD.server().commit(List.of(new Write.Put(KEY, Bytes.utf8("value"), LEASE)));
        ETCD.server().commit(List.of(new Write.Put(KEY, Bytes.utf8("value"), LEASE)));
    }

    /// Reads KEY otherwise than it is stored, and sends what it is told to the real etcd.
    private static final class Lying extends ForwardingKeyspace {
        private final UnaryOperator<Entry> lie;
        private final boolean hides;

        Lying(WritableKeyspace real, UnaryOperator<Entry> lie, boolean hides) {
            super(real);
            this.lie = lie;
            this.hides = hides;
        }

        @Override
        public Optional<Entry> get(Key key, Optional<Revision> at) {
            Optional<Entry> found = super.get(key, at);
            return !key.equals(KEY) ? found : hides ? Optional.empty() : found.map(lie);
        }
    }
}

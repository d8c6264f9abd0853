package io.etcdmedic.runbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.Codec;
import io.etcdmedic.etcd.Connections;
import io.etcdmedic.etcd.EtcdCluster;
import io.etcdmedic.etcd.EtcdKeyspace;
import io.etcdmedic.etcd.RealCluster;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Transaction;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.keyspace.WritePermit;
import io.etcdmedic.repair.Outcome;
import io.etcdmedic.repair.plan.Impact;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.snapshot.RealEtcd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A real etcd that is full. Each starts and fills one, which takes a second.
class NoSpaceTest {
    private static final int VALUE_BYTES = 200_000;
    private static final List<String> QUOTA = List.of("--quota-backend-bytes=8388608");

    @TempDir
    Path folder = Path.of("");

    static List<Path> binaries() {
        return RealEtcd.binaries();
    }

    @ParameterizedTest
    @MethodSource("binaries")
    void givesTheSpaceOfHistoryBackAndTakesTheAlarmBack(Path binary) throws Exception {
        try (RealEtcd etcd = RealEtcd.start(binary, folder.resolve("full"), QUOTA);
                EtcdCluster cluster = EtcdCluster.open(Connections.plain(etcd.endpoint()))) {
            fill(etcd, "/registry/events/shop/again");
            assertThat(cluster.alarms()).isNotEmpty();
            RepairLab lab = lab(cluster);
            Plan plan = lab.plan(Request.of(""), List.of());
            assertThat(titles(plan)).hasSize(3);
            assertThat(titles(plan).getFirst()).startsWith("forget the history below revision");
            assertThat(titles(plan).get(1)).startsWith("defragment member").endsWith(", the leader");
            assertThat(plan.impact()).isEqualTo(Impact.CLUSTER);
            assertThat(plan.notes()).anyMatch(note -> note.startsWith("events: 1 keys, 195.3 KiB"));
            Outcome outcome = lab.apply(plan);
            assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
            assertThat(cluster.alarms()).isEmpty();
            etcd.commit(List.of(new Write.Put(Key.of("/registry/a"), Bytes.utf8("fits"), LeaseId.NONE)));
            assertThat(lab.plan(Request.of(""), List.of()).steps()).isEmpty();
        }
    }

    @Test
    void leavesTheAlarmWhereThereIsNoRoom() throws Exception {
        try (RealEtcd etcd = RealEtcd.start(RealEtcd.binaries().getFirst(), folder.resolve("live"), QUOTA);
                EtcdCluster cluster = EtcdCluster.open(Connections.plain(etcd.endpoint()))) {
            Outcome outcome;
            int rounds = 0;
            do {
                fill(etcd, "");
                RepairLab lab = lab(cluster);
                outcome = lab.apply(lab.plan(Request.of(""), List.of()));
            } while (outcome.result() == Outcome.Result.APPLIED && rounds++ < 10);
            assertThat(outcome.result()).isEqualTo(Outcome.Result.PARTLY);
            assertThat(outcome.message()).contains("the alarm would come back at once");
            assertThat(cluster.alarms()).isNotEmpty();
        }
    }

    /// Three members take some seconds to start.
    @Test
    void rewritesTheLeadersFileLast() throws Exception {
        try (RealCluster etcd = RealCluster.start(
                        RealEtcd.binaries().getFirst(), folder.resolve("three"), 3, QUOTA.getFirst());
                EtcdCluster cluster = EtcdCluster.open(etcd.connection())) {
            fill(cluster.keyspace());
            RepairLab lab = lab(cluster);
            Plan plan = lab.plan(Request.of(""), List.of());
            List<String> defragments = titles(plan).stream()
                    .filter(t -> t.startsWith("defragment"))
                    .toList();
            assertThat(defragments).hasSize(3);
            assertThat(defragments.getLast()).endsWith(", the leader");
            assertThat(defragments.subList(0, 2)).noneMatch(title -> title.endsWith(", the leader"));
            Outcome outcome = lab.killedAllAlong(plan);
            assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
            assertThat(cluster.alarms()).isEmpty();
            assertThatThrownBy(() -> lab.undo(plan))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("what is forgotten is gone");
            fill(cluster.keyspace());
            Plan second = lab.plan(Request.of(""), List.of());
            etcd.stopMember(0);
            assertThatThrownBy(() -> lab.apply(second))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("the members' hashes cannot be compared");
            assertThat(cluster.alarms()).as("nothing was done").isNotEmpty();
            assertThatThrownBy(() -> lab.plan(Request.of(""), List.of()))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("does not answer");
        }
    }

    @Test
    void endsTheSameWhereverItIsKilled() throws Exception {
        try (RealEtcd etcd = RealEtcd.start(RealEtcd.binaries().getFirst(), folder.resolve("killed"), QUOTA);
                EtcdCluster cluster = EtcdCluster.open(Connections.plain(etcd.endpoint()))) {
            int kills = 0;
            Optional<Outcome> outcome;
            do {
                fill(etcd, "/registry/events/shop/again");
                RepairLab lab = lab(cluster);
                outcome = lab.killedOnce(lab.plan(Request.of(""), List.of()), kills);
                assertThat(cluster.alarms()).as("killed after " + kills).isEmpty();
                kills += 3;
            } while (outcome.isPresent());
            assertThat(kills).isGreaterThan(9);
        }
    }

    private static RepairLab lab(EtcdCluster cluster) {
        RepairLab lab =
                new RepairLab(cluster.keyspace(), Optional.empty(), Codec.plain()::document, Runbooks.named("nospace"));
        lab.cluster = Optional.of(cluster);
        return lab;
    }

    private static List<String> titles(Plan plan) {
        return plan.steps().stream().map(step -> step.frame().title()).toList();
    }

    private static void fill(EtcdKeyspace keyspace) {
        Key key = Key.of("/registry/events/shop/again");
        Write put = new Write.Put(key, Bytes.owned(new byte[VALUE_BYTES]), LeaseId.NONE);
        WritePermit permit = new WritePermit("the test's own accident", Set.of(key));
        for (int i = 0; i < 100; i++) {
            try {
                keyspace.commit(new Transaction(List.of(), List.of(put), List.of()), permit);
            } catch (Failure full) {
                return;
            }
        }
        throw new AssertionError("etcd took everything");
    }

    /// Writes until etcd refuses: one key again and again, or, without a name, ever new ones.
    private static void fill(RealEtcd etcd, String name) throws InterruptedException {
        Bytes value = Bytes.owned(new byte[VALUE_BYTES]);
        for (int i = 0; i < 100; i++) {
            String key = name.isEmpty() ? "/registry/events/shop/" + System.nanoTime() : name;
            try {
                etcd.commit(List.of(new Write.Put(Key.of(key), value, LeaseId.NONE)));
            } catch (IOException full) {
                return;
            }
        }
        throw new AssertionError("etcd took everything");
    }
}

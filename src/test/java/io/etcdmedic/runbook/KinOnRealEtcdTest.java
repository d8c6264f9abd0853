package io.etcdmedic.runbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.Codec;
import io.etcdmedic.etcd.Connections;
import io.etcdmedic.etcd.EtcdCluster;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.repair.Outcome;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.snapshot.RealEtcd;
import io.etcdmedic.snapshot.SnapshotFile;
import io.etcdmedic.snapshot.SnapshotKeyspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The runbooks that need no Kubernetes API, on a real etcd: each applies, has nothing to do the second time,
/// refuses when the world moved, ends the same wherever it is killed, and is taken back. Starting an etcd takes up
/// to a second.
class KinOnRealEtcdTest {
    @TempDir
    static Path folder = Path.of("");

    private static Optional<RealEtcd> etcd = Optional.empty();

    /// A snapshot of the cluster before the accident.
    private static Optional<SnapshotKeyspace> saved = Optional.empty();

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        etcd = Optional.of(RealEtcd.start(RealEtcd.binaries().getFirst(), folder.resolve("kin"), List.of()));
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        saved.ifPresent(SnapshotKeyspace::close);
        etcd.orElseThrow().close();
    }

    /// One accident.
    ///
    /// @param broken the values of `key` that lead to it, one after the other
    /// @param moved what somebody else makes of it meanwhile
    /// @param repaired what is there afterwards; empty: nothing
    /// @param older what an older snapshot holds; empty: none is named
    private record Accident(
            String runbook,
            Request request,
            String key,
            List<String> broken,
            String moved,
            Optional<String> repaired,
            Optional<String> older) {
        Accident(
                String runbook,
                Request request,
                String key,
                List<String> broken,
                String moved,
                Optional<String> repaired) {
            this(runbook, request, key, broken, moved, repaired, Optional.empty());
        }

        /// `value` in a snapshot that was saved before.
        Accident older(String value) {
            return new Accident(runbook, request, key, broken, moved, Optional.of(value), Optional.of(value));
        }

        @Override
        public String toString() {
            return runbook + " " + key;
        }
    }

    static Stream<Accident> accidents() {
        String claim = "{\"apiVersion\":\"v1\",\"kind\":\"PersistentVolumeClaim\",\"metadata\":{\"name\":\"data\","
                + "\"namespace\":\"shop\",\"uid\":\"c\"%s,\"finalizers\":[\"kubernetes.io/pvc-protection\"]}}\n";
        String deleted = claim.formatted(",\"deletionTimestamp\":\"2026-11-23T17:29:19Z\"");
        String volume = "{\"apiVersion\":\"v1\",\"kind\":\"PersistentVolume\",\"metadata\":{\"name\":\"disk\","
                + "\"uid\":\"v\"%s,\"finalizers\":[\"kubernetes.io/pv-protection\"]}}\n";
        String whole = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"torn\"}}";
        String torn = "/registry/configmaps/shop/torn";
        return Stream.of(
                new Accident(
                        "revive",
                        Request.of("pvc/shop/data"),
                        "/registry/persistentvolumeclaims/shop/data",
                        List.of(deleted),
                        deleted.replace("pvc-protection", "other"),
                        Optional.of(claim.formatted(""))),
                new Accident(
                        "revive",
                        Request.of("pv/disk"),
                        "/registry/persistentvolumes/disk",
                        List.of(volume.formatted(",\"deletionTimestamp\":\"2026-11-23T17:29:19Z\"")),
                        volume.formatted(",\"deletionTimestamp\":\"2026-11-24T17:29:19Z\""),
                        Optional.of(volume.formatted(""))),
                new Accident(
                                "undecodable",
                                Request.of("/registry/configmaps/shop/old"),
                                "/registry/configmaps/shop/old",
                                List.of("{\"apiVersion\":"),
                                "{",
                                Optional.empty())
                        .older(whole.replace("torn", "old")),
                new Accident(
                        "undecodable",
                        Request.of(torn),
                        torn,
                        List.of(whole, whole.substring(0, 30)),
                        whole.substring(0, 20),
                        Optional.of(whole)),
                new Accident(
                        "undecodable",
                        Request.of("/registry/configmaps/shop/lost").accepting(Set.of("loss")),
                        "/registry/configmaps/shop/lost",
                        List.of("{\"apiVersion\":"),
                        "{",
                        Optional.empty()),
                new Accident(
                        "masterleases",
                        Request.of(""),
                        "/registry/masterleases/10.99.0.7",
                        List.of("{}"),
                        "{\"moved\":true}",
                        Optional.empty()));
    }

    @ParameterizedTest
    @MethodSource("accidents")
    void appliesAndHasNothingToDoTheSecondTime(Accident accident) throws Exception {
        try (EtcdCluster cluster =
                EtcdCluster.open(Connections.plain(etcd.orElseThrow().endpoint()))) {
            happen(accident);
            RepairLab lab = lab(cluster, accident);
            Outcome outcome = lab.apply(lab.plan(accident.request(), List.of()));
            assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
            assertThat(value(cluster, accident)).isEqualTo(accident.repaired());
            assertThat(lab.plan(accident.request(), List.of()).steps()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("accidents")
    void refusesWhenTheWorldMovedMeanwhile(Accident accident) throws Exception {
        try (EtcdCluster cluster =
                EtcdCluster.open(Connections.plain(etcd.orElseThrow().endpoint()))) {
            happen(accident);
            RepairLab lab = lab(cluster, accident);
            Plan plan = lab.plan(accident.request(), List.of());
            put(accident.key(), accident.moved());
            assertThat(lab.apply(plan).result()).isEqualTo(Outcome.Result.STALE);
            assertThat(value(cluster, accident)).contains(accident.moved());
            remove(accident.key());
        }
    }

    @ParameterizedTest
    @MethodSource("accidents")
    void takesBackWhatItDidUnlessTheWorldMoved(Accident accident) throws Exception {
        try (EtcdCluster cluster =
                EtcdCluster.open(Connections.plain(etcd.orElseThrow().endpoint()))) {
            happen(accident);
            RepairLab lab = lab(cluster, accident);
            Plan plan = lab.plan(accident.request(), List.of());
            lab.apply(plan);
            assertThat(lab.undo(plan).result()).isEqualTo(Outcome.Result.APPLIED);
            assertThat(value(cluster, accident)).contains(accident.broken().getLast());
            Plan again = lab.plan(accident.request(), List.of());
            lab.apply(again);
            put(accident.key(), accident.moved());
            assertThat(lab.undo(again).result()).isEqualTo(Outcome.Result.STALE);
            assertThat(value(cluster, accident)).contains(accident.moved());
            remove(accident.key());
        }
    }

    @ParameterizedTest
    @MethodSource("accidents")
    void endsTheSameWhereverItIsKilled(Accident accident) throws Exception {
        try (EtcdCluster cluster =
                EtcdCluster.open(Connections.plain(etcd.orElseThrow().endpoint()))) {
            int kills = 0;
            while (true) {
                happen(accident);
                RepairLab lab = lab(cluster, accident);
                Optional<Outcome> outcome = lab.killedOnce(lab.plan(accident.request(), List.of()), kills);
                assertThat(value(cluster, accident)).as("killed after " + kills).isEqualTo(accident.repaired());
                if (outcome.isEmpty()) {
                    break;
                }
                assertThat(outcome.get().result())
                        .as("killed after " + kills + ": " + outcome.get().message())
                        .isIn(Outcome.Result.APPLIED, Outcome.Result.ALREADY_APPLIED);
                kills++;
            }
            assertThat(kills).isGreaterThan(5);
        }
    }

    @Test
    void findsAKubeApiServerThatHoldsALeaseAndDoesNotRenew() throws Exception {
        try (EtcdCluster cluster =
                EtcdCluster.open(Connections.plain(etcd.orElseThrow().endpoint()))) {
            etcd.orElseThrow().grant(new LeaseId(77), 3600);
            etcd.orElseThrow()
                    .commit(List.of(new Write.Put(
                            Key.of("/registry/masterleases/10.99.0.8"), Bytes.utf8("{}"), new LeaseId(77))));
            RepairLab lab = lab(cluster, "masterleases");
            lab.pause = time -> {};
            Plan plan = lab.plan(Request.of("10.99.0.8"), List.of());
            assertThat(plan.notes()).anyMatch(note -> note.contains("was not renewed for more than 15 s"));
            assertThat(lab.apply(plan).result()).isEqualTo(Outcome.Result.APPLIED);
            assertThatThrownBy(() -> lab.plan(Request.of("10.99.0.8"), List.of()))
                    .isInstanceOf(Failure.Absent.class);
        }
    }

    @Test
    void leavesAKubeApiServerThatRenews() throws Exception {
        Key key = Key.of("/registry/masterleases/10.99.0.9");
        try (EtcdCluster cluster =
                EtcdCluster.open(Connections.plain(etcd.orElseThrow().endpoint()))) {
            etcd.orElseThrow().grant(new LeaseId(78), 3600);
            etcd.orElseThrow().commit(List.of(new Write.Put(key, Bytes.utf8("{}"), new LeaseId(78))));
            RepairLab lab = lab(cluster, "masterleases");
            lab.pause = time -> {
                try {
                    etcd.orElseThrow().commit(List.of(new Write.Put(key, Bytes.utf8("{1}"), new LeaseId(78))));
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            };
            assertThat(lab.plan(Request.of(""), List.of()).steps()).isEmpty();
            assertThatThrownBy(() -> lab.plan(Request.of("10.99.0.9"), List.of()))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("holds lease");
            etcd.orElseThrow().commit(List.of(new Write.Delete(key)));
        }
    }

    private static RepairLab lab(EtcdCluster cluster, Accident accident) {
        RepairLab lab = lab(cluster, accident.runbook());
        if (accident.older().isPresent()) {
            lab.older = saved.map(keyspace -> keyspace);
        }
        return lab;
    }

    private static RepairLab lab(EtcdCluster cluster, String runbook) {
        RepairLab lab =
                new RepairLab(cluster.keyspace(), Optional.empty(), Codec.plain()::document, Runbooks.named(runbook));
        lab.cluster = Optional.of(cluster);
        return lab;
    }

    private static void happen(Accident accident) throws IOException, InterruptedException {
        remove(accident.key());
        if (accident.older().isPresent()) {
            put(accident.key(), accident.older().get());
            save();
            remove(accident.key());
        }
        for (String value : accident.broken()) {
            put(accident.key(), value);
        }
    }

    private static void save() throws IOException, InterruptedException {
        saved.ifPresent(SnapshotKeyspace::close);
        Path file = folder.resolve("older-" + System.nanoTime() + ".db");
        etcd.orElseThrow().save(file);
        saved = Optional.of(SnapshotFile.open(file));
    }

    private static void put(String key, String value) throws IOException, InterruptedException {
        etcd.orElseThrow().commit(List.of(new Write.Put(Key.of(key), Bytes.utf8(value), LeaseId.NONE)));
    }

    private static void remove(String key) throws IOException, InterruptedException {
        etcd.orElseThrow().commit(List.of(new Write.Delete(Key.of(key))));
    }

    private static Optional<String> value(EtcdCluster cluster, Accident accident) {
        return cluster.keyspace()
                .get(Key.of(accident.key()))
                .map(entry -> entry.value().toUtf8());
    }
}

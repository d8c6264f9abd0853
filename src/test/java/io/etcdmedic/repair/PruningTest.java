package io.etcdmedic.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.etcd.Connections;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.repair.Faults.Point;
import io.etcdmedic.repair.Outcome.Result;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.state.Pruning;
import io.etcdmedic.repair.state.State;
import io.etcdmedic.snapshot.EtcdOfClass;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Which archives stay although nothing can be undone with them. Starting etcd takes a second.
class PruningTest {
    private static final String KEY = "/registry/configmaps/shop/a";

    @RegisterExtension
    static final EtcdOfClass ETCD = new EtcdOfClass();

    @TempDir
    Path folder = Path.of("");

    @Test
    void thatOfARunThatDiedStaysUntilItIsOver() throws Exception {
        try (FaultLab lab = lab()) {
            put("1");
            Plan died = lab.deletion(KEY);
            assertThatThrownBy(() -> lab.apply(died, FaultLab.killingAt(Point.ARCHIVED)))
                    .isInstanceOf(FaultLab.Killed.class);
            assertThat(lab.apply(lab.deletion(KEY), Faults.NONE).result()).isEqualTo(Result.APPLIED);
            assertThat(prunable(lab)).isEmpty();
            assertThat(lab.abandon(died).result()).isEqualTo(Result.NOT_APPLIED);
            assertThat(prunable(lab)).isEqualTo(archives(lab, died));
        }
    }

    @Test
    void theNewestStays() throws Exception {
        try (FaultLab lab = lab()) {
            put("1");
            Plan stale = lab.deletion(KEY);
            assertThat(lab.apply(stale, FaultLab.doing(Point.ARCHIVED, () -> put("2")))
                            .result())
                    .isEqualTo(Result.STALE);
            assertThat(prunable(lab)).isEmpty();
            assertThat(lab.apply(lab.deletion(KEY), Faults.NONE).result()).isEqualTo(Result.APPLIED);
            assertThat(prunable(lab)).isEqualTo(archives(lab, stale));
        }
    }

    private static List<Path> prunable(FaultLab lab) {
        return Pruning.of(lab.state(), Optional.empty()).files();
    }

    private static List<Path> archives(FaultLab lab, Plan plan) {
        return State.archives(lab.state().entry(plan.id().hex())).stream()
                .map(kept -> Path.of(kept.file()))
                .toList();
    }

    private FaultLab lab() {
        return new FaultLab(Connections.plain(ETCD.server().endpoint()), folder.resolve("state"));
    }

    private static void put(String value) {
        try {
            ETCD.server().commit(List.of(new Write.Put(Key.of(KEY), Bytes.utf8(value), LeaseId.NONE)));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}

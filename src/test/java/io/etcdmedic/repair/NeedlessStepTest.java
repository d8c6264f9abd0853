package io.etcdmedic.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.etcd.Connections;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.repair.Faults.Point;
import io.etcdmedic.repair.Outcome.Result;
import io.etcdmedic.repair.plan.Check;
import io.etcdmedic.repair.plan.Expect;
import io.etcdmedic.repair.plan.Frame;
import io.etcdmedic.repair.plan.KeyChange;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.PlanId;
import io.etcdmedic.snapshot.EtcdOfClass;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// A controller does what a step was to do, in the moment between the look and the transaction.
class NeedlessStepTest {
    private static final String KEY = "/registry/replicasets/shop/web-1";
    private static final Bytes THEIRS = Bytes.utf8("a controller's");

    @RegisterExtension
    static final EtcdOfClass ETCD = new EtcdOfClass();

    @TempDir
    Path folder = Path.of("");

    @Test
    void isLeftOutAndTheirsStays() throws Exception {
        try (FaultLab lab = lab()) {
            Frame frame = Frame.of("put it back", "it").when(new Check.Absent(Key.of(KEY)));
            Outcome outcome = lab.apply(putting(lab, frame), FaultLab.doing(Point.FENCE_WRITTEN, this::theirs));
            assertThat(outcome.result()).as(outcome.message()).isEqualTo(Result.APPLIED);
            assertThat(outcome.stepsSkipped()).isEqualTo(1);
            assertThat(lab.get(KEY).map(Entry::value)).contains(THEIRS);
        }
    }

    @Test
    void isStaleWhereTheStepHasToBeDone() throws Exception {
        try (FaultLab lab = lab()) {
            Plan plan = putting(lab, Frame.of("put it back", "it"));
            Outcome outcome = lab.apply(plan, FaultLab.doing(Point.FENCE_WRITTEN, this::theirs));
            assertThat(outcome.result()).isEqualTo(Result.STALE);
            assertThat(lab.get(KEY).map(Entry::value)).contains(THEIRS);
        }
    }

    private FaultLab lab() {
        return new FaultLab(Connections.plain(ETCD.server().endpoint()), folder.resolve("state"));
    }

    private static Plan putting(FaultLab lab, Frame frame) {
        delete();
        PlanDraft draft = new PlanDraft("test", "put it back", lab.binding());
        return draft.step(KeyChange.of(
                        frame,
                        new KeyChange.Edit(
                                Key.of(KEY),
                                Expect.of(Optional.empty()),
                                new KeyChange.Effect.Put(draft.value(Bytes.utf8("of then")), LeaseId.NONE))))
                .build(PlanId.random(new Random()), lab.clock.instant());
    }

    private void theirs() {
        commit(new Write.Put(Key.of(KEY), THEIRS, LeaseId.NONE));
    }

    private static void delete() {
        commit(new Write.Delete(Key.of(KEY)));
    }

    private static void commit(Write write) {
        try {
            ETCD.server().commit(List.of(write));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}

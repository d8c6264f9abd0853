package io.etcdmedic.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.etcd.Connections;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.repair.Faults.Point;
import io.etcdmedic.repair.Outcome.Result;
import io.etcdmedic.repair.plan.Binding;
import io.etcdmedic.repair.plan.Frame;
import io.etcdmedic.repair.plan.KeyChange;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.PlanId;
import io.etcdmedic.repair.state.State;
import io.etcdmedic.snapshot.EtcdOfClass;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// What an undo looks at before it is planned, and a stop that comes before anything. Starting etcd takes a second.
class UndoGuardsTest {
    private static final String KEY = "/registry/configmaps/shop/a";
    private static final Bytes VALUE = Bytes.utf8("as it was");

    @RegisterExtension
    static final EtcdOfClass ETCD = new EtcdOfClass();

    @TempDir
    Path folder = Path.of("");

    @Test
    void whatWasDoneToAnotherClusterIsNotUndoneHere() throws Exception {
        put(VALUE);
        try (FaultLab lab = lab()) {
            Plan done = applied(lab, deletion(lab), Faults.NONE);
            Binding now = lab.binding();
            Binding other = new Binding("beef", now.memberIds(), now.floor(), now.etcdVersion(), now.kubeSystemUid());
            assertThatThrownBy(() -> undo(lab, done, other))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("and this is beef");
        }
    }

    @Test
    void aClusterThatIsOlderThanTheChangeHasNothingToTakeBack() throws Exception {
        put(VALUE);
        try (FaultLab lab = lab()) {
            Plan done = applied(lab, deletion(lab), Faults.NONE);
            Binding now = lab.binding();
            Revision before = Revision.of(done.binding().floor().number() - 1);
            Binding older =
                    new Binding(now.clusterId(), now.memberIds(), before, now.etcdVersion(), now.kubeSystemUid());
            assertThatThrownBy(() -> undo(lab, done, older))
                    .isInstanceOf(Failure.Stale.class)
                    .hasMessageContaining("older than when it was done");
        }
    }

    @Test
    void whatIsUnsettledIsSettledBeforeItIsUndone() throws Exception {
        put(VALUE);
        try (FaultLab lab = lab()) {
            Plan begun = deletion(lab);
            assertThatThrownBy(() -> lab.apply(begun, FaultLab.killingAt(Point.SENT)))
                    .isInstanceOf(FaultLab.Killed.class);
            assertThatThrownBy(() -> undo(lab, begun, lab.binding()))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("it is unsettled");
            assertThat(lab.resume(begun, Faults.NONE).result()).isEqualTo(Result.APPLIED);
            assertThat(lab.apply(undo(lab, begun, lab.binding()), Faults.NONE).result())
                    .isEqualTo(Result.APPLIED);
        }
    }

    /// A controller made the object anew before the change was verified: the undo takes that one away, and none
    /// that came later.
    @Test
    void anUndoComparesWithWhatStoodThereWhenItWasVerified() throws Exception {
        put(VALUE);
        try (FaultLab lab = lab()) {
            Plan done = applied(
                    lab, deletion(lab), FaultLab.doing(Point.STEP_DONE, () -> put(Bytes.utf8("a controller's"))));
            Plan late = undo(lab, done, lab.binding());
            Plan undo = undo(lab, done, lab.binding());
            assertThat(lab.apply(undo, Faults.NONE).result()).isEqualTo(Result.APPLIED);
            assertThat(lab.get(KEY).map(Entry::value)).contains(VALUE);
            put(Bytes.utf8("a controller's"));
            assertThat(lab.apply(late, Faults.NONE).result()).isEqualTo(Result.STALE);
            assertThat(lab.get(KEY).map(Entry::value)).contains(Bytes.utf8("a controller's"));
        }
    }

    @Test
    void aStopBeforeItBeginsLeavesNoEntry() throws Exception {
        put(VALUE);
        try (FaultLab lab = lab()) {
            Plan plan = deletion(lab);
            lab.stop = () -> Optional.of(ExitCode.TERMINATED);
            assertThatThrownBy(() -> lab.apply(plan, Faults.NONE)).isInstanceOf(Failure.Interrupted.class);
            assertThat(lab.state().entries()).isEmpty();
            assertThat(lab.get(KEY)).isPresent();
        }
    }

    @Test
    void aStopBetweenTwoStepsBeginsNoOther() throws Exception {
        put(VALUE);
        try (FaultLab lab = lab()) {
            Key other = Key.of("/registry/configmaps/shop/b");
            PlanDraft draft = new PlanDraft("test", "delete one, make one", lab.binding())
                    .step(KeyChange.of(
                            Frame.of("delete it", "it"),
                            KeyChange.Edit.delete(lab.get(KEY).orElseThrow())));
            draft.step(KeyChange.of(
                    Frame.of("make it", "another"), KeyChange.Edit.put(other, Optional.empty(), draft.value(VALUE))));
            Plan plan = draft.build(PlanId.random(new Random()), lab.clock.instant());
            boolean[] asked = new boolean[1];
            lab.stop = () -> asked[0] ? Optional.of(ExitCode.TERMINATED) : Optional.empty();
            assertThatThrownBy(() -> lab.apply(plan, FaultLab.doing(Point.STEP_DONE, () -> asked[0] = true)))
                    .isInstanceOf(Failure.Interrupted.class);
            assertThat(lab.state().entry(plan.id().hex()).last(1))
                    .as("what the journal says of the second step")
                    .isEmpty();
            lab.stop = Stop.NEVER;
            assertThat(lab.resume(plan, Faults.NONE).result()).isEqualTo(Result.APPLIED);
        }
    }

    private FaultLab lab() {
        return new FaultLab(Connections.plain(ETCD.server().endpoint()), folder.resolve("state"));
    }

    /// Without anything to be verified.
    private static Plan deletion(FaultLab lab) {
        Entry seen = lab.get(KEY).orElseThrow();
        return new PlanDraft("test", "delete it", lab.binding())
                .step(KeyChange.of(Frame.of("delete it", "it"), KeyChange.Edit.delete(seen)))
                .build(PlanId.random(new Random()), lab.clock.instant());
    }

    private static Plan applied(FaultLab lab, Plan plan, Faults faults) {
        assertThat(lab.apply(plan, faults).result()).isEqualTo(Result.APPLIED);
        return plan;
    }

    private static Plan undo(FaultLab lab, Plan done, Binding now) {
        State state = lab.state();
        return Undo.of(done, state.entry(done.id().hex()), state.vault(), now, false)
                .build(PlanId.random(new Random()), lab.clock.instant());
    }

    private static void put(Bytes value) {
        try {
            ETCD.server().commit(List.of(new Write.Put(Key.of(KEY), value, LeaseId.NONE)));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}

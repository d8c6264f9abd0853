package io.etcdmedic.command.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Format;
import io.etcdmedic.render.Report;
import io.etcdmedic.repair.Outcome;
import io.etcdmedic.repair.plan.Binding;
import io.etcdmedic.repair.plan.Expect;
import io.etcdmedic.repair.plan.Frame;
import io.etcdmedic.repair.plan.Inverse;
import io.etcdmedic.repair.plan.KeyChange;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.PlanId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutcomeReportTest {

    /// It would be refused.
    @Test
    void offersNoUndoOfWhatNothingTakesBack() {
        assertThat(report(new Inverse.Derived(), 1)).contains("medic undo");
        assertThat(report(new Inverse.Impossible("the namespace is gone"), 0)).contains("medic undo");
        assertThat(report(new Inverse.Impossible("the namespace is gone"), 1)).doesNotContain("medic undo");
    }

    private static String report(Inverse inverse, int applied) {
        Key key = Key.of("/registry/namespaces/doomed");
        PlanDraft draft = new PlanDraft(
                "namespace", "namespace doomed", new Binding("c", List.of(), Revision.of(1), "", Optional.empty()));
        draft.step(KeyChange.of(
                Frame.of("finalize", "namespace doomed").inverse(inverse),
                new KeyChange.Edit(key, new Expect.Absent(), new KeyChange.Effect.Delete())));
        Plan plan = draft.build(PlanId.random(new Random(1)), Instant.EPOCH);
        Outcome outcome = new Outcome(
                plan.id().hex(),
                Outcome.Result.APPLIED,
                2,
                applied,
                1 - applied,
                Optional.empty(),
                "",
                List.of(),
                List.of());
        Report report = OutcomeReport.of(plan, outcome, true, Format.TABLE);
        Content content = report.content();
        return content.toString();
    }
}

package io.etcdmedic.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.apiserver.ApiName;
import io.etcdmedic.apiserver.ApiServer;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.repair.Outcome;
import io.etcdmedic.repair.Outcome.Result;
import io.etcdmedic.repair.plan.ApiChange;
import io.etcdmedic.repair.plan.Check;
import io.etcdmedic.repair.plan.Expect;
import io.etcdmedic.repair.plan.Frame;
import io.etcdmedic.repair.plan.Inverse;
import io.etcdmedic.repair.plan.KeyChange;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.runbook.servicecidr.ServiceCidr;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/// What an undo knows about the time before: also where a later step was archived by itself, because its value was
/// read only when its turn came.
class UndoneTest {
    private static final Key WEB = Key.of("/registry/services/specs/shop/web");
    private static final Key LATER = Key.of("/registry/services/specs/shop/db");

    @Test
    void bringsBackWhatAnEarlierArchiveHolds() {
        try (PlayedLab world = new PlayedLab(new ServiceCidr())) {
            SortedMap<String, String> before = world.bytes("/registry/services/specs/shop/");
            Scene scene = world.lab.scene(List.of());
            PlanDraft draft = scene.draft("servicecidr", "two Services go");
            String uid = world.object(WEB.text()).text("metadata", "uid").orElseThrow();
            draft.step(new ApiChange.Delete(
                    Frame.of("delete service web", "service shop/web").inverse(new Inverse.Stored()),
                    new ApiName("", "v1", "services", "shop", "web"),
                    WEB,
                    Optional.of(new ApiServer.Same(uid, Optional.empty())),
                    Optional.empty()));
            draft.step(KeyChange.of(
                    Frame.of("delete service db", "service shop/db"),
                    new KeyChange.Edit(
                            LATER, new Expect.Meeting(new Check.Present(LATER)), new KeyChange.Effect.Delete())));
            Plan plan = scene.build(draft);
            assertThat(world.lab.apply(plan).result()).isEqualTo(Result.APPLIED);
            assertThat(world.has(WEB.text())).isFalse();
            assertThat(world.has(LATER.text())).isFalse();
            assertThat(world.lab.undo(plan).result()).isEqualTo(Result.APPLIED);
            assertThat(world.bytes("/registry/services/specs/shop/")).isEqualTo(before);
        }
    }

    /// What was there between two steps that take the same object away is not what comes back.
    @Test
    void bringsBackOnceWhatTwoStepsTookAway() {
        try (PlayedLab world = new PlayedLab(new ServiceCidr()).with(WEB.text(), """
                {"apiVersion":"v1","kind":"Service","metadata":{"name":"web","namespace":"shop","uid":"w",
                 "finalizers":["example.com/a"]},"spec":{"clusterIP":"None"}}""")) {
            SortedMap<String, String> before = world.bytes("/registry/services/specs/shop/");
            Scene scene = world.lab.scene(List.of());
            PlanDraft draft = scene.draft("servicecidr", "a Service goes");
            draft.step(new ApiChange.Delete(
                    Frame.of("delete service web through the API", "service shop/web")
                            .inverse(new Inverse.Stored()),
                    new ApiName("", "v1", "services", "shop", "web"),
                    WEB,
                    Optional.of(new ApiServer.Same("w", Optional.empty())),
                    Optional.empty()));
            draft.step(KeyChange.of(
                    Frame.of("delete service web in etcd", "service shop/web"),
                    new KeyChange.Edit(
                            WEB, new Expect.Meeting(new Check.Present(WEB)), new KeyChange.Effect.Delete())));
            Plan plan = scene.build(draft);
            assertThat(world.lab.apply(plan).result()).isEqualTo(Result.APPLIED);
            assertThat(world.has(WEB.text())).isFalse();
            Outcome undone = world.lab.undo(plan);
            assertThat(undone.result()).as(undone.message()).isEqualTo(Result.APPLIED);
            assertThat(undone.stepsApplied()).isOne();
            assertThat(world.bytes("/registry/services/specs/shop/")).isEqualTo(before);
        }
    }
}

package io.etcdmedic.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.apiserver.ApiReading;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.repair.Faults;
import io.etcdmedic.repair.Outcome.Result;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.runbook.servicecidr.ServiceCidr;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;

/// An API that does what it is asked, loses the answer, and is down from then on: that nothing was sent the second
/// time does not mean that nothing was sent. Takes as long as the engine asks again, five seconds.
class LostAnswerTest {
    private static final Set<String> WRITES = Set.of("create", "delete", "patch");

    @Test
    void aLostAnswerIsNotForgottenWhenTheApiIsDown() {
        SortedSet<String> right;
        try (PlayedLab well = new PlayedLab(new ServiceCidr())) {
            well.lab.apply(plan(well), Faults.NONE);
            right = well.facts();
        }
        try (PlayedLab troubled = new PlayedLab(new ServiceCidr())) {
            Dying dying = new Dying();
            RepairLab lab = troubled.asked(dying::around);
            Plan plan = plan(troubled);
            assertThat(lab.apply(plan, Faults.NONE).result()).isEqualTo(Result.UNSETTLED);
            assertThat(dying.writes).isGreaterThan(1);
            dying.alive = true;
            assertThat(lab.resume(plan, Faults.NONE).result()).isEqualTo(Result.APPLIED);
            assertThat(troubled.facts()).isEqualTo(right);
        }
    }

    private static Plan plan(PlayedLab lab) {
        return lab.lab.plan(Request.target(PlayedLab.TARGET), List.of());
    }

    private static final class Dying {
        private int writes;
        private boolean alive;

        ApiReading around(ApiReading api) {
            return (ApiReading) Proxy.newProxyInstance(
                    Dying.class.getClassLoader(), new Class<?>[] {ApiReading.class}, (_, method, arguments) -> {
                        boolean write = WRITES.contains(method.getName()) && !alive;
                        if (write && ++writes > 1) {
                            throw new Failure.Unreachable(
                                    Problem.in("asking the API").found("connection refused"));
                        }
                        try {
                            Object answer = method.invoke(api, arguments);
                            if (write) {
                                throw new Failure.Unsettled(
                                        Problem.in("asking the API").found("connection reset"));
                            }
                            return answer;
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }
}

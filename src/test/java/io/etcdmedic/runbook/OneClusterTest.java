package io.etcdmedic.runbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.repair.Faults;
import io.etcdmedic.repair.Outcome.Result;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.runbook.servicecidr.ServiceCidr;
import java.util.List;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;

/// A plan that is right, and a Kubernetes API that has become another cluster's between planning and applying, as a
/// kubeconfig does whose address has moved: the engine looks for itself before each step of the API.
class OneClusterTest {
    private static final String KUBE_SYSTEM = "/registry/namespaces/kube-system";
    private static final String SERVICE = "/registry/services/specs/default/kubernetes";

    @Test
    void theSameClusterIsNoTrouble() {
        try (PlayedLab ours = lab()) {
            assertThat(ours.lab.apply(plan(ours)).result()).isEqualTo(Result.APPLIED);
        }
    }

    @Test
    void anotherKubeSystem() {
        try (PlayedLab ours = lab();
                PlayedLab other = lab()) {
            Plan plan = plan(ours);
            other.with(KUBE_SYSTEM, other(other, KUBE_SYSTEM));
            refusedWithoutTouching(ours, other, plan, "namespace kube-system has UID");
        }
    }

    /// A copy of the cluster, restored from a snapshot and lived in since: only its objects tell it apart.
    @Test
    void anObjectThatWasChangedInTheCopy() {
        try (PlayedLab ours = lab();
                PlayedLab copy = lab()) {
            copy.with(SERVICE, Json.compact(copy.object(SERVICE)));
            refusedWithoutTouching(ours, copy, plan(ours), "resourceVersion");
        }
    }

    /// The same revision by chance, and yet another object.
    @Test
    void anObjectOfAnotherUidAtTheSameRevision() {
        try (PlayedLab ours = lab();
                PlayedLab copy = lab()) {
            ours.with(SERVICE, Json.compact(ours.object(SERVICE)));
            copy.with(SERVICE, other(copy, SERVICE));
            refusedWithoutTouching(ours, copy, plan(ours), "has UID");
        }
    }

    private static PlayedLab lab() {
        return new PlayedLab(new ServiceCidr());
    }

    private static Plan plan(PlayedLab lab) {
        return lab.lab.plan(Request.target(PlayedLab.TARGET), List.of());
    }

    private static String other(PlayedLab lab, String key) {
        String json = Json.compact(lab.object(key));
        String uid = lab.object(key).text("metadata", "uid").orElseThrow();
        return json.replace(uid, "00000000-0000-4000-8000-000000000000");
    }

    private static void refusedWithoutTouching(PlayedLab ours, PlayedLab other, Plan plan, String why) {
        SortedSet<String> before = ours.facts();
        SortedSet<String> otherBefore = other.facts();
        assertThatThrownBy(() -> ours.withApiOf(other).apply(plan, Faults.NONE))
                .isInstanceOf(Failure.Refused.class)
                .hasMessageContaining(why);
        assertThat(ours.facts()).isEqualTo(before);
        assertThat(other.facts()).isEqualTo(otherBefore);
    }
}

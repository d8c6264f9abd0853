package io.etcdmedic.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.codec.Codec;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Flags;
import io.etcdmedic.installation.Part;
import io.etcdmedic.repair.plan.Check;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.runbook.servicecidr.ServiceCidr;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What an undo of the repair waits for: that every kube-apiserver is another process than then.
class RestartedTest {
    private static final String LEASE = "/registry/leases/kube-system/apiserver-x";
    private static final String REGISTERED = "/registry/masterleases/10.99.0.1";

    @Test
    void knowsAnotherProcessByTheHolderOfItsLease() {
        try (PlayedLab world = new PlayedLab(new ServiceCidr()).with(LEASE, lease("a", Instant.now()))) {
            Check.Named check = check(world, List.of());
            assertThat(trouble(world, check))
                    .hasValueSatisfying(trouble -> assertThat(trouble).contains("the kube-apiserver on ctl2"));
            world.with(LEASE, lease("b", Instant.now()));
            assertThat(trouble(world, check)).isEmpty();
        }
    }

    @Test
    void askingForNobodyWhoIsGone() {
        try (PlayedLab world = new PlayedLab(new ServiceCidr()).with(LEASE, lease("a", Instant.now()))) {
            Check.Named check = check(world, List.of());
            world.with(LEASE, lease("a", Instant.now().minus(Duration.ofMinutes(5))));
            assertThat(trouble(world, check)).isEmpty();
            world.without(LEASE);
            assertThat(trouble(world, check)).isEmpty();
        }
    }

    @Test
    void knowsAnotherProcessOfThisMachineByItsStart() throws IOException, InterruptedException {
        Process sleeping = new ProcessBuilder("sleep", "60").start();
        List<String> argv = List.of("kube-apiserver", "--service-cluster-ip-range=10.43.0.0/16");
        Part part = new Part(
                Component.APISERVER, Part.Origin.PROCESS, "pid " + sleeping.pid(), argv, Flags.parse(argv), "", "0");
        try (PlayedLab world = new PlayedLab(new ServiceCidr()).with(REGISTERED, "{}")) {
            Check.Named check = check(world, List.of(part));
            assertThat(trouble(world, check))
                    .hasValueSatisfying(trouble -> assertThat(trouble).contains("process id " + sleeping.pid()));
            sleeping.destroyForcibly().waitFor();
            assertThat(trouble(world, check)).isEmpty();
        } finally {
            sleeping.destroyForcibly();
        }
    }

    @Test
    void saysWhomItCannotSee() {
        try (PlayedLab world = new PlayedLab(new ServiceCidr()).with(REGISTERED, "{}")) {
            assertThat(trouble(world, check(world, List.of())))
                    .hasValueSatisfying(
                            trouble -> assertThat(trouble).contains("10.99.0.1").contains("journal abandon"));
        }
    }

    private static String lease(String holder, Instant renewed) {
        return """
                {"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"apiserver-x",
                 "namespace":"kube-system","labels":{"kubernetes.io/hostname":"ctl2"}},
                 "spec":{"holderIdentity":"apiserver-x_%s","leaseDurationSeconds":3600,"renewTime":"%s"}}""".formatted(holder, renewed);
    }

    private static Check.Named check(PlayedLab world, List<Part> parts) {
        Scene scene = world.live().scene(parts);
        PlanDraft undo = scene.draft("undo", "undo of a test");
        new ServiceCidr().undone(scene, undo);
        Plan plan = scene.build(undo);
        return (Check.Named) plan.settled().getFirst().until();
    }

    private static Optional<String> trouble(PlayedLab world, Check.Named check) {
        return java.util.Objects.requireNonNull(new ServiceCidr()
                        .checks(Codec.plain()::document, Clock.systemUTC())
                        .get(check.name()))
                .trouble(world.overlay, world.overlay.revision(), check.arguments());
    }
}

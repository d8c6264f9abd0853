package io.etcdmedic.runbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.ForwardingKeyspace;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.kubernetes.network.Cidr;
import io.etcdmedic.repair.Faults;
import io.etcdmedic.repair.Outcome;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.runbook.servicecidr.ServiceCidr;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ServiceCidrTest {
    private static final String RANGE = "/registry/servicecidrs/kubernetes";
    private static final String KUBERNETES = "/registry/services/specs/default/kubernetes";

    @Test
    void plansTheStepsInTheOrderThatKeepsTheEndpointsAlive() {
        try (PlayedLab broken = new PlayedLab(new ServiceCidr())) {
            assertThat(titles(broken.lab.plan(Request.target(PlayedLab.TARGET), List.of())))
                    .containsExactly(
                            "create ipaddress 10.43.74.60 for Service cattle-system/rancher-webhook",
                            "create ipaddress 10.43.211.234 for Service datastore/mysql-lb",
                            "create ipaddress 10.43.52.244 for Service shop/web",
                            "delete servicecidr kubernetes in etcd",
                            "delete service kubernetes, to make it again at once",
                            "create service kubernetes with 10.43.0.1",
                            "delete ipaddress 10.0.0.1, which Service kubernetes had");
        }
    }

    @Test
    void repairsAPlayedClusterAsItDoesARealOneAndTwiceIsNothing() {
        try (PlayedLab broken = new PlayedLab(new ServiceCidr())) {
            Outcome outcome = broken.lab.apply(broken.lab.plan(Request.target(PlayedLab.TARGET), List.of()));
            assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
            assertThat(broken.object(RANGE).texts("spec", "cidrs")).containsExactly("10.43.0.0/16");
            assertThat(broken.object(KUBERNETES).text("spec", "clusterIP")).contains("10.43.0.1");
            assertThat(broken.has("/registry/ipaddresses/10.43.52.244")).isTrue();
            assertThat(broken.has("/registry/ipaddresses/10.0.0.1")).isFalse();
            Plan second = broken.lab.plan(Request.target(PlayedLab.TARGET), List.of());
            assertThat(second.steps()).isEmpty();
            assertThat(second.notes()).anyMatch(note -> note.contains("nothing to do"));
        }
    }

    /// Also where a step was sent and nothing was written of it. The IPAddress that Service `kubernetes` had
    /// meanwhile is an orphan then, which a kube-apiserver removes.
    @Test
    void bringsTheOldBytesBackWhereverItWasKilled() {
        String[] folders = {"/registry/servicecidrs/", "/registry/ipaddresses/", "/registry/services/"};
        boolean killed = true;
        for (int kills = 0; killed; kills++) {
            try (PlayedLab broken = new PlayedLab(new ServiceCidr())) {
                SortedMap<String, String> before = broken.bytes(folders);
                Plan plan = broken.lab.plan(Request.target(PlayedLab.TARGET), List.of());
                killed = broken.lab.killedOnce(plan, kills).isPresent();
                Outcome undone = broken.lab.undo(plan);
                assertThat(undone.result())
                        .as("killed after " + kills + ": " + undone.message())
                        .isEqualTo(Outcome.Result.INCOMPLETE);
                SortedMap<String, String> after = broken.bytes(folders);
                after.remove("/registry/ipaddresses/10.43.0.1");
                assertThat(after.entrySet()).as("killed after " + kills).isEqualTo(before.entrySet());
            }
        }
    }

    /// Where it was given up half-way, too: the kube-apiservers have made anew what was deleted, and what was sent
    /// and not written of is looked for.
    @Test
    void bringsTheOldBytesBackWhereverItWasGivenUp() {
        String[] folders = {"/registry/servicecidrs/", "/registry/ipaddresses/", "/registry/services/"};
        boolean killed = true;
        for (int kills = 0; killed; kills++) {
            try (PlayedLab broken = new PlayedLab(new ServiceCidr())) {
                SortedMap<String, String> before = broken.bytes(folders);
                Plan plan = broken.lab.plan(Request.target(PlayedLab.TARGET), List.of());
                killed = broken.lab.killedAt(plan, kills);
                Outcome given = killed ? broken.lab.abandon(plan) : broken.lab.resume(plan, Faults.NONE);
                if (given.stepsApplied() == 0) {
                    continue;
                }
                Outcome undone = broken.lab.undo(plan);
                if (undone.result() == Outcome.Result.STALE) {
                    // Between its reading and its writing Service kubernetes was made anew.
                    undone = broken.lab.undo(plan);
                }
                assertThat(undone.result())
                        .as("killed after " + kills + ": " + undone.message())
                        .isIn(Outcome.Result.APPLIED, Outcome.Result.INCOMPLETE);
                SortedMap<String, String> after = broken.bytes(folders);
                after.remove("/registry/ipaddresses/10.43.0.1");
                assertThat(after.entrySet()).as("killed after " + kills).isEqualTo(before.entrySet());
            }
        }
    }

    /// What was sent and not written of may have been done: an undo that left it out would bring only a part back.
    @Test
    void isNotTakenBackBeforeItIsKnownWhatWasDone() {
        try (PlayedLab broken = new PlayedLab(new ServiceCidr())) {
            Plan plan = broken.lab.plan(Request.target(PlayedLab.TARGET), List.of());
            assertThatThrownBy(() -> broken.lab.apply(plan, point -> {
                        if (point == Faults.Point.SENT) {
                            throw new RepairLab.Killed("with the answer on its way");
                        }
                    }))
                    .isInstanceOf(RepairLab.Killed.class);
            assertThat(broken.has("/registry/ipaddresses/10.43.74.60")).isTrue();
            assertThatThrownBy(() -> broken.lab.undo(plan))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("may or may not have been done");
        }
    }

    /// Whether a step is needed is not known then, and "not needed" would leave it out for good.
    @Test
    void leavesNoStepOutBecauseEtcdDoesNotAnswer() {
        AtomicBoolean silent = new AtomicBoolean();
        try (PlayedLab broken = new PlayedLab(new ServiceCidr())) {
            RepairLab lab = broken.behind(inside -> new ForwardingKeyspace(inside) {
                @Override
                public Revision revision() {
                    if (silent.get()) {
                        throw new Failure.Unreachable(Problem.in("asking etcd").found("no answer"));
                    }
                    return inside.revision();
                }
            });
            Plan plan = lab.plan(Request.target(PlayedLab.TARGET), List.of());
            AtomicInteger done = new AtomicInteger();
            assertThatThrownBy(() -> lab.apply(
                            plan,
                            point -> silent.set(
                                    point == Faults.Point.STEP_DONE ? done.incrementAndGet() == 4 : silent.get())))
                    .isInstanceOf(Failure.NotVerified.class)
                    .hasMessageContaining("no answer");
            silent.set(false);
            assertThat(lab.resume(plan, Faults.NONE).result()).isEqualTo(Outcome.Result.APPLIED);
            assertThat(broken.object(KUBERNETES).text("spec", "clusterIP")).contains("10.43.0.1");
        }
    }

    /// Through the API it would stay, and no Service could be made until somebody takes that finalizer away.
    @Test
    void goesPastAFinalizerThatIsNotTheControllerManagers() {
        String held = range("10.44.0.0/16").replace("\"uid\":\"r\"", "\"uid\":\"r\",\"finalizers\":[%s]");
        String own = "\"networking.k8s.io/service-cidr-finalizer\"";
        try (PlayedLab world = new PlayedLab(new ServiceCidr())
                .with("/registry/leases/kube-system/kube-controller-manager", """
                        {"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"kube-controller-manager",
                         "namespace":"kube-system"},"spec":{"holderIdentity":"m","renewTime":"%s"}}
                        """.formatted(Instant.now()))
                .with(RANGE, held.formatted(own))
                .with(KUBERNETES, service("kubernetes", "10.43.0.1").replace("\"shop\"", "\"default\""))
                .without("/registry/ipaddresses/10.0.0.1")) {
            assertThat(titles(world.lab.plan(Request.target(PlayedLab.TARGET), List.of())))
                    .contains("delete servicecidr kubernetes through the API");
            world.with(RANGE, held.formatted(own + ",\"example.com/keep\""));
            Plan plan = world.lab.plan(Request.target(PlayedLab.TARGET), List.of());
            assertThat(titles(plan))
                    .contains("delete servicecidr kubernetes in etcd")
                    .doesNotContain("delete servicecidr kubernetes through the API");
            assertThat(plan.warnings()).anyMatch(text -> text.contains("finalizer example.com/keep"));
        }
    }

    @Test
    void saysHowToGoOnWhereNothingWasDoneYet() {
        AtomicBoolean silent = new AtomicBoolean();
        try (PlayedLab broken = new PlayedLab(new ServiceCidr())) {
            RepairLab lab = broken.behind(inside -> new ForwardingKeyspace(inside) {
                @Override
                public Revision revision() {
                    if (silent.get()) {
                        throw new Failure.Unreachable(Problem.in("asking etcd").found("no answer"));
                    }
                    return inside.revision();
                }
            });
            Plan plan = lab.plan(Request.target(PlayedLab.TARGET), List.of());
            assertThatThrownBy(() -> lab.apply(plan, point -> silent.set(point == Faults.Point.INTENT_WRITTEN)))
                    .isInstanceOf(Failure.Unreachable.class);
            assertThat(lab.said)
                    .anyMatch(line ->
                            line.contains("medic journal resume " + plan.id().shortForm()));
            silent.set(false);
            assertThat(lab.resume(plan, Faults.NONE).result()).isEqualTo(Outcome.Result.APPLIED);
        }
    }

    @Test
    void tellsAnUnsetOptionFromSwappedRanges() {
        try (PlayedLab broken = new PlayedLab(new ServiceCidr())) {
            assertThat(broken.lab
                            .plan(Request.target(PlayedLab.TARGET), List.of())
                            .notes())
                    .anyMatch(note -> note.contains("ran without --service-cluster-ip-range"));
        }
        try (PlayedLab swapped = new PlayedLab(new ServiceCidr())
                .with(RANGE, range("10.42.0.0/16"))
                .with("/registry/minions/srv9", """
                        {"apiVersion":"v1","kind":"Node","metadata":{"name":"srv9"},"spec":{"podCIDR":"10.42.0.0/24"}}""")) {
            assertThat(swapped.lab
                            .plan(Request.target(PlayedLab.TARGET), List.of())
                            .notes())
                    .anyMatch(note -> note.contains("were swapped once"));
        }
    }

    @Test
    void waitsWhereASecondFamilyWasAddedAndNeverDeletes() {
        try (PlayedLab single = new PlayedLab(new ServiceCidr()).with(RANGE, range("10.43.0.0/16"))) {
            Plan plan = single.lab.plan(Request.target(Cidr.parseAll("10.43.0.0/16,fd00:43::/112")), List.of());
            assertThat(plan.steps()).isEmpty();
            assertThat(plan.notes()).anyMatch(note -> note.contains("adds it by itself"));
        }
    }

    @Test
    void refusesATargetThatLeavesMoreServicesOutside() {
        refuses(new PlayedLab(new ServiceCidr()), "10.77.0.0/16", "would be outside every range");
    }

    /// While the range was wrong, more Services were made than there had been before.
    @Test
    void leavesMoreServicesOutsideWhereTheRiskIsTaken() {
        Set<String> outside = Set.of("outside");
        try (PlayedLab world = new PlayedLab(new ServiceCidr())) {
            for (int i = 2; i < 6; i++) {
                world.with("/registry/services/specs/shop/s" + i, service("s" + i, "10.0.0." + i));
            }
            assertThatThrownBy(() -> world.lab.plan(Request.target(PlayedLab.TARGET), List.of()))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("4 addresses of Services would be outside");
            Plan plan = world.lab.plan(new Request("", PlayedLab.TARGET, Set.of(), outside, List.of()), List.of());
            assertThat(plan.thenDo()).anyMatch(task -> task.contains("medic fix ipaddresses shop/s5"));
            assertThat(world.lab.apply(plan).result()).isEqualTo(Outcome.Result.APPLIED);
            assertThatThrownBy(() -> world.lab.plan(
                            new Request("", Cidr.parseAll("10.77.0.0/16"), Set.of(), outside, List.of()), List.of()))
                    .isInstanceOf(Failure.Refused.class);
        }
    }

    @Test
    void refusesWhereARangeOrServiceCannotBeRead() {
        refuses(new PlayedLab(new ServiceCidr()).with(RANGE, "{\"kind\":"), "10.43.0.0/16", RANGE);
        refuses(
                new PlayedLab(new ServiceCidr())
                        .with("/registry/services/specs/shop/torn", "k8s:enc:aescbc:v1:key1:xxxxxxxx"),
                "10.43.0.0/16",
                "expected to read every range, Service and IPAddress");
    }

    @Test
    void refusesATargetThatOverlapsPods() {
        refuses(
                new PlayedLab(new ServiceCidr()).with("/registry/minions/srv9", """
                        {"apiVersion":"v1","kind":"Node","metadata":{"name":"srv9"},"spec":{"podCIDR":"10.43.9.0/24"}}"""),
                "10.43.0.0/16",
                "overlaps the pods of node srv9");
    }

    @Test
    void refusesATargetThatHoldsANode() {
        refuses(
                new PlayedLab(new ServiceCidr()).with("/registry/minions/srv9", """
                        {"apiVersion":"v1","kind":"Node","metadata":{"name":"srv9"},
                         "status":{"addresses":[{"type":"InternalIP","address":"10.43.200.1"}]}}"""),
                "10.43.0.0/16",
                "10.43.200.1 of node srv9");
    }

    @Test
    void refusesATargetWhoseFirstAddressIsTaken() {
        refuses(
                new PlayedLab(new ServiceCidr())
                        .with("/registry/services/specs/shop/taker", service("taker", "10.43.0.1")),
                "10.43.0.0/16",
                "belongs to Service shop/taker");
        refuses(
                new PlayedLab(new ServiceCidr())
                        .with("/registry/ipaddresses/10.43.0.1", ipAddress("10.43.0.1", "gone")),
                "10.43.0.0/16",
                "belongs to an IPAddress of Service shop/gone");
    }

    /// Once it was deleted it could not be made again, and the endpoints would die with it.
    @Test
    void leavesServiceKubernetesAloneWhereItsNewAddressIsTakenMeanwhile() {
        try (PlayedLab world = new PlayedLab(new ServiceCidr())) {
            Plan plan = world.lab.plan(Request.target(PlayedLab.TARGET), List.of());
            Outcome outcome = world.lab.apply(plan, point -> {
                if (point == Faults.Point.STEP_DONE) {
                    world.with("/registry/ipaddresses/10.43.0.1", ipAddress("10.43.0.1", "quicker"));
                }
            });
            assertThat(outcome.result()).isEqualTo(Outcome.Result.PARTLY);
            assertThat(outcome.message())
                    .contains("10.43.0.1 is taken: Service kubernetes could not be made again")
                    .contains("shop/quicker");
            assertThat(world.object(KUBERNETES).text("spec", "clusterIP")).contains("10.0.0.1");
        }
    }

    /// It would stay, being deleted, and the one with the right address could not be made.
    @Test
    void doesNotDeleteAServiceKubernetesThatAFinalizerHolds() {
        String held = service("kubernetes", "10.0.0.1")
                .replace("\"shop\"", "\"default\",\"uid\":\"k\",\"finalizers\":[\"a/b\"]");
        refuses(new PlayedLab(new ServiceCidr()).with(KUBERNETES, held), "10.43.0.0/16", "has finalizer a/b");
        try (PlayedLab world = new PlayedLab(new ServiceCidr())
                .with(KUBERNETES, service("kubernetes", "10.0.0.1").replace("\"shop\"", "\"default\",\"uid\":\"k\""))) {
            Plan plan = world.lab.plan(Request.target(PlayedLab.TARGET), List.of());
            Outcome outcome = world.lab.apply(plan, point -> {
                if (point == Faults.Point.STEP_DONE) {
                    world.with(KUBERNETES, held);
                }
            });
            assertThat(outcome.result()).isEqualTo(Outcome.Result.PARTLY);
            assertThat(outcome.message()).contains("a finalizer would keep the deleted Service kubernetes there");
            assertThat(world.object(KUBERNETES).at("metadata", "deletionTimestamp"))
                    .isEmpty();
        }
    }

    @Test
    void refusesATargetWithoutTheDnsService() {
        refuses(
                new PlayedLab(new ServiceCidr()).with("/registry/services/specs/kube-system/kube-dns", """
                        {"apiVersion":"v1","kind":"Service","metadata":{"name":"kube-dns","namespace":"kube-system",
                         "labels":{"k8s-app":"kube-dns"}},"spec":{"clusterIP":"10.0.0.10","clusterIPs":["10.0.0.10"]}}"""),
                "10.43.0.0/16",
                "the DNS Service kube-system/kube-dns has 10.0.0.10");
    }

    /// The one that pods ask is not the first with the label.
    @Test
    void refusesATargetWithoutTheDnsServiceBesideAnother() {
        String dns = """
                {"apiVersion":"v1","kind":"Service","metadata":{"name":"%s","namespace":"kube-system",
                 "labels":{"k8s-app":"kube-dns"}},"spec":{"clusterIP":"%s","clusterIPs":["%s"]}}""";
        refuses(
                new PlayedLab(new ServiceCidr())
                        .with(
                                "/registry/services/specs/kube-system/coredns-metrics",
                                dns.formatted("coredns-metrics", "None", "None"))
                        .with(
                                "/registry/services/specs/kube-system/rke2-coredns",
                                dns.formatted("rke2-coredns", "10.0.0.10", "10.0.0.10")),
                "10.43.0.0/16",
                "the DNS Service kube-system/rke2-coredns has 10.0.0.10");
    }

    /// An IPAddress may belong to something else than a Service, of the same name perhaps.
    @Test
    void refusesAnAddressThatSomethingElseHas() {
        String gateway = ipAddress("10.43.52.244", "web").replace("\"services\"", "\"gateways\"");
        refuses(
                new PlayedLab(new ServiceCidr()).with("/registry/ipaddresses/10.43.52.244", gateway),
                "10.43.0.0/16",
                "IPAddress 10.43.52.244 belongs to gateways shop/web, and Service shop/web has that address");
    }

    @Test
    void wantsToKnowWhatTheOperatorVouchesFor() {
        try (PlayedLab world = new PlayedLab(new ServiceCidr())) {
            Request vague = new Request("", List.of(), Set.of("10.99.0.9"), Set.of(), List.of());
            assertThatThrownBy(() -> world.lab.plan(vague, List.of()))
                    .isInstanceOf(Failure.Usage.class)
                    .hasMessageContaining("without --cidr");
        }
    }

    @Test
    void refusesAnAddressWithAnotherOwner() {
        refuses(
                new PlayedLab(new ServiceCidr())
                        .with("/registry/ipaddresses/10.43.52.244", ipAddress("10.43.52.244", "gone")),
                "10.43.0.0/16",
                "IPAddress 10.43.52.244 belongs to Service shop/gone");
    }

    @Test
    void refusesToLoseAFamilyThatServicesUse() {
        PlayedLab dual = new PlayedLab(new ServiceCidr())
                .with(RANGE, range("10.0.0.0/24\",\"fd00:43::/112"))
                .with("/registry/services/specs/shop/six", """
                        {"apiVersion":"v1","kind":"Service","metadata":{"name":"six","namespace":"shop"},
                         "spec":{"clusterIP":"10.43.9.9","clusterIPs":["10.43.9.9","fd00:43::9"]}}""");
        refuses(dual, "10.43.0.0/16", "of the second family");
    }

    @Test
    void refusesAnotherPrimaryFamily() {
        refuses(new PlayedLab(new ServiceCidr()), "fd00:43::/112", "the primary family would change");
    }

    @Test
    void needsTheOperatorsWordOverASnapshot() {
        try (PlayedLab broken = new PlayedLab(new ServiceCidr())) {
            assertThatThrownBy(() -> broken.lab.plan(Request.of(""), List.of()))
                    .isInstanceOf(Failure.Usage.class)
                    .hasMessageContaining("does not say which range");
        }
    }

    private static void refuses(PlayedLab world, String target, String because) {
        try (world) {
            assertThatThrownBy(() -> world.lab.plan(Request.target(Cidr.parseAll(target)), List.of()))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining(because);
        }
    }

    private static List<String> titles(Plan plan) {
        return plan.steps().stream().map(step -> step.frame().title()).toList();
    }

    private static String range(String cidr) {
        return """
                {"apiVersion":"networking.k8s.io/v1","kind":"ServiceCIDR","metadata":{"name":"kubernetes","uid":"r"},
                 "spec":{"cidrs":["%s"]},"status":{"conditions":[{"type":"Ready","status":"True"}]}}""".formatted(cidr);
    }

    private static String service(String name, String address) {
        return """
                {"apiVersion":"v1","kind":"Service","metadata":{"name":"%s","namespace":"shop"},
                 "spec":{"clusterIP":"%s","clusterIPs":["%s"]}}""".formatted(name, address, address);
    }

    private static String ipAddress(String address, String service) {
        return """
                {"apiVersion":"networking.k8s.io/v1","kind":"IPAddress","metadata":{"name":"%s","uid":"i",
                 "labels":{"ipaddress.kubernetes.io/managed-by":"ipallocator.k8s.io"}},
                 "spec":{"parentRef":{"resource":"services","namespace":"shop","name":"%s"}}}""".formatted(address, service);
    }
}

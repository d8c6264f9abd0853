package io.etcdmedic.runbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.apiserver.ApiName;
import io.etcdmedic.apiserver.ApiServer;
import io.etcdmedic.apiserver.KubeApi;
import io.etcdmedic.apiserver.KubeProcess;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.Codec;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.etcd.Connections;
import io.etcdmedic.etcd.EtcdCluster;
import io.etcdmedic.etcd.EtcdKeyspace;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.installation.Installation;
import io.etcdmedic.installation.Part;
import io.etcdmedic.keyspace.WritePermit;
import io.etcdmedic.kubernetes.network.Cidr;
import io.etcdmedic.repair.Outcome;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.runbook.servicecidr.ServiceCidr;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The mission itself, on a real kube-apiserver and controller manager over the broken cluster.
///
/// Slow (a minute a test): a control plane has to start, and its loops run every 10 s.
@Tag("long")
class ServiceCidrOnRealApiServerTest {
    private static final Path BROKEN = Path.of("src/main/resources/io/etcdmedic/snapshot/servicecidr-broken.db");
    private static final List<Cidr> TARGET = Cidr.parseAll("10.43.0.0/16");
    private static final ApiName KUBERNETES = new ApiName("", "v1", "services", "default", "kubernetes");
    private static final ApiName SLICE =
            new ApiName("discovery.k8s.io", "v1", "endpointslices", "default", "kubernetes");
    private static final ApiName RANGE = new ApiName("networking.k8s.io", "v1", "servicecidrs", "", "kubernetes");

    @Test
    void repairsTheAccidentAndHasNothingToDoTheSecondTime() {
        try (KubeProcess kube =
                        KubeProcess.over(BROKEN).startApiServer("10.43.0.0/16").startControllerManager();
                KubeApi api = kube.api();
                KubeApi eyes = kube.api();
                EtcdCluster live = EtcdCluster.open(Connections.plain(kube.endpoint()));
                EtcdKeyspace etcd = live.keyspace()) {
            kube.awaitFinalizer();
            RepairLab lab = new RepairLab(etcd, Optional.of(api), Codec.plain()::document, new ServiceCidr());
            Plan plan = lab.plan(Request.target(TARGET), parts());
            try (Absences absences = Absences.watch(eyes, KUBERNETES, SLICE)) {
                Outcome outcome = lab.apply(plan);
                assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
                assertThat(absences.longestMillis(KUBERNETES)).isLessThan(100);
                assertThat(absences.longestMillis(SLICE)).isZero();
            }
            assertThat(object(api, RANGE).texts("spec", "cidrs")).containsExactly("10.43.0.0/16");
            assertThat(object(api, KUBERNETES).text("spec", "clusterIP")).contains("10.43.0.1");
            assertPlayedTheSame(plan, api);
            Plan second = lab.plan(Request.target(TARGET), parts());
            assertThat(second.steps()).isEmpty();
            assertThat(second.notes()).anyMatch(note -> note.contains("nothing to do"));
        }
    }

    @Test
    void replacesTheRangeThroughTheApiWhenNothingHoldsItBack() {
        try (KubeProcess kube =
                        KubeProcess.over(BROKEN).startApiServer("10.43.0.0/16").startControllerManager();
                KubeApi api = kube.api();
                EtcdCluster live = EtcdCluster.open(Connections.plain(kube.endpoint()));
                EtcdKeyspace etcd = live.keyspace()) {
            kube.awaitFinalizer();
            RepairLab lab = new RepairLab(etcd, Optional.of(api), Codec.plain()::document, new ServiceCidr());
            assertThat(lab.apply(lab.plan(Request.target(TARGET), parts())).result())
                    .isEqualTo(Outcome.Result.APPLIED);
            makeTheAccidentAgain(kube);
            Plan plan = lab.plan(Request.target(TARGET), parts());
            assertThat(titles(plan))
                    .containsExactly(
                            "delete servicecidr kubernetes through the API",
                            "delete servicecidr kubernetes in etcd, if it is still there");
            Outcome outcome = lab.apply(plan);
            assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
            assertThat(outcome.stepsSkipped()).isEqualTo(1);
            assertThat(object(api, RANGE).texts("spec", "cidrs")).containsExactly("10.43.0.0/16");
        }
    }

    /// The right range, and then a start with the flag unset: Service `kubernetes` keeps its address.
    private static void makeTheAccidentAgain(KubeProcess kube) {
        kube.stop("apiserver");
        kube.etcdctl("del", "/registry/servicecidrs/kubernetes");
        kube.startApiServer("10.0.0.0/24");
        // A controller manager ends when it cannot renew its lease.
        kube.stop("kcm");
        kube.startControllerManager().awaitFinalizer();
        kube.restartApiServer("10.43.0.0/16");
        kube.stop("kcm");
        Instant restarted = Instant.now();
        kube.startControllerManager();
        try (KubeApi api = kube.api()) {
            ApiName lease =
                    new ApiName("coordination.k8s.io", "v1", "leases", "kube-system", "kube-controller-manager");
            KubeProcess.await(
                    "the controller manager leads again",
                    Duration.ofSeconds(60),
                    () -> Instant.parse(
                                    object(api, lease).text("spec", "renewTime").orElseThrow())
                            .isAfter(restarted));
        }
    }

    @Test
    void healsARangeThatIsStuckTerminating() {
        try (KubeProcess kube =
                        KubeProcess.over(BROKEN).startApiServer("10.43.0.0/16").startControllerManager();
                KubeApi api = kube.api();
                EtcdCluster live = EtcdCluster.open(Connections.plain(kube.endpoint()));
                EtcdKeyspace etcd = live.keyspace()) {
            kube.awaitFinalizer();
            api.delete(
                    RANGE,
                    new ApiServer.Same(api.get(RANGE).orElseThrow().uid(), Optional.empty()),
                    new WritePermit("the test's own accident", Set.of()));
            RepairLab lab = new RepairLab(etcd, Optional.of(api), Codec.plain()::document, new ServiceCidr());
            Plan plan = lab.plan(Request.target(TARGET), parts());
            assertThat(plan.notes()).anyMatch(note -> note.contains("being deleted through the API"));
            Outcome outcome = lab.apply(plan);
            assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
            assertThat(object(api, KUBERNETES).text("spec", "clusterIP")).contains("10.43.0.1");
        }
    }

    @Test
    void healsTheOrderOfThePostInterrupted() {
        try (KubeProcess kube = KubeProcess.over(BROKEN).startApiServer("10.43.0.0/16");
                KubeApi api = kube.api();
                EtcdCluster live = EtcdCluster.open(Connections.plain(kube.endpoint()));
                EtcdKeyspace etcd = live.keyspace()) {
            api.delete(
                    KUBERNETES,
                    new ApiServer.Same(api.get(KUBERNETES).orElseThrow().uid(), Optional.empty()),
                    new WritePermit("the test's own accident", Set.of()));
            KubeProcess.await(
                    "no kube-apiserver is registered any more",
                    Duration.ofSeconds(40),
                    () -> kube.etcdctl("get", "--prefix", "/registry/masterleases/")
                            .isBlank());
            RepairLab lab = new RepairLab(etcd, Optional.of(api), Codec.plain()::document, new ServiceCidr());
            Plan plan = lab.plan(Request.target(TARGET), parts());
            Outcome outcome = lab.apply(plan);
            assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
            assertThat(object(api, KUBERNETES).text("spec", "clusterIP")).contains("10.43.0.1");
        }
    }

    @Test
    void worksWithoutAControllerManagerAndReportsStraysAndOrphans() {
        try (KubeProcess kube = KubeProcess.over(BROKEN).startApiServer("10.43.0.0/16");
                KubeApi api = kube.api();
                EtcdCluster live = EtcdCluster.open(Connections.plain(kube.endpoint()));
                EtcdKeyspace etcd = live.keyspace()) {
            createService(api, "stray", "10.0.0.77");
            api.create(
                    new ApiName("networking.k8s.io", "v1", "ipaddresses", "", "10.0.0.99"),
                    Bytes.utf8("""
                            {"apiVersion":"networking.k8s.io/v1","kind":"IPAddress","metadata":{"name":"10.0.0.99",
                             "labels":{"ipaddress.kubernetes.io/ip-family":"IPv4",
                             "ipaddress.kubernetes.io/managed-by":"ipallocator.k8s.io"}},
                             "spec":{"parentRef":{"group":"","resource":"services","namespace":"shop","name":"gone"}}}"""),
                    new WritePermit("the test's own accident", Set.of()));
            RepairLab lab = new RepairLab(etcd, Optional.of(api), Codec.plain()::document, new ServiceCidr());
            Plan plan = lab.plan(Request.target(TARGET), parts());
            assertThat(plan.thenDo())
                    .anyMatch(task -> task.contains("default/stray has 10.0.0.77"))
                    .anyMatch(task -> task.contains("IPAddress 10.0.0.99 is an orphan"));
            Outcome outcome = lab.apply(plan);
            assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
            assertThat(object(api, KUBERNETES).text("spec", "clusterIP")).contains("10.43.0.1");
        }
    }

    @Test
    void endsTheSameWhereverItIsKilled() {
        try (KubeProcess kube = KubeProcess.over(BROKEN).startApiServer("10.43.0.0/16");
                KubeApi api = kube.api();
                EtcdCluster live = EtcdCluster.open(Connections.plain(kube.endpoint()));
                EtcdKeyspace etcd = live.keyspace()) {
            RepairLab lab = new RepairLab(etcd, Optional.of(api), Codec.plain()::document, new ServiceCidr());
            Plan plan = lab.plan(Request.target(TARGET), parts());
            int kills = 0;
            Optional<Outcome> end = Optional.empty();
            while (end.isEmpty()) {
                int now = kills;
                java.util.concurrent.atomic.AtomicInteger points = new java.util.concurrent.atomic.AtomicInteger();
                try {
                    end = Optional.of(
                            now == 0
                                    ? lab.apply(plan, point -> die(point, points, 2))
                                    : lab.resume(plan, point -> die(point, points, 2 + now % 7)));
                } catch (Killed killed) {
                    kills++;
                }
            }
            assertThat(kills).isGreaterThan(5);
            assertThat(end.get().result()).as(end.get().message()).isEqualTo(Outcome.Result.APPLIED);
            assertThat(object(api, RANGE).texts("spec", "cidrs")).containsExactly("10.43.0.0/16");
            assertThat(object(api, KUBERNETES).text("spec", "clusterIP")).contains("10.43.0.1");
            assertThat(lab.plan(Request.target(TARGET), parts()).steps()).isEmpty();
        }
    }

    /// Dies at the durable point after `after` others.
    private static void die(
            io.etcdmedic.repair.Faults.Point point, java.util.concurrent.atomic.AtomicInteger points, int after) {
        if (points.incrementAndGet() > after) {
            throw new Killed("at " + point);
        }
    }

    @SuppressWarnings("serial")
    private static final class Killed extends RuntimeException {
        Killed(String where) {
            super(where);
        }
    }

    @Test
    void refusesTheWorldsInWhichItWouldDoHarm() {
        try (KubeProcess kube = KubeProcess.over(BROKEN).startApiServer("10.43.0.0/16");
                KubeProcess other = KubeProcess.over(BROKEN);
                KubeApi api = kube.api();
                EtcdCluster live = EtcdCluster.open(Connections.plain(kube.endpoint()));
                EtcdKeyspace etcd = live.keyspace()) {
            RepairLab lab = new RepairLab(etcd, Optional.of(api), Codec.plain()::document, new ServiceCidr());
            refuses(lab, Request.target(Cidr.parseAll("10.44.0.0/16")), "would make its own range again");
            kube.launchSecondApiServer("10.0.0.0/24", "--advertise-address=10.99.0.2");
            refuses(lab, Request.target(TARGET), "different ranges");
            kube.stop("apiserver-2");
            kube.etcdctl("del", "/registry/masterleases/10.99.0.2");
            kube.etcdctl("put", "/registry/masterleases/10.99.0.9", "somewhere else");
            refuses(lab, Request.target(TARGET), "10.99.0.9: range unknown");
            assertThat(lab.plan(Request.target(TARGET).vouching(Set.of("10.99.0.9")), parts())
                            .steps())
                    .isNotEmpty();
            kube.etcdctl("del", "/registry/masterleases/10.99.0.9");
            api.create(
                    new ApiName("networking.k8s.io", "v1", "servicecidrs", "", "taker"),
                    Bytes.utf8("{\"apiVersion\":\"networking.k8s.io/v1\",\"kind\":\"ServiceCIDR\","
                            + "\"metadata\":{\"name\":\"taker\"},\"spec\":{\"cidrs\":[\"10.43.0.0/24\"]}}"),
                    new WritePermit("the test's own accident", Set.of()));
            KubeProcess.await("an allocator for the extra range", Duration.ofSeconds(20), () -> {
                try {
                    createService(api, "taker", "10.43.0.1");
                    return true;
                } catch (Failure notYet) {
                    return false;
                }
            });
            refuses(lab, Request.target(TARGET), "belongs to Service default/taker");
            other.startApiServer("10.43.0.0/16");
            other.etcdctl("del", "/registry/namespaces/kube-system");
            KubeProcess.await(
                    "another kube-system",
                    Duration.ofSeconds(60),
                    () -> other.etcdctl("get", "/registry/namespaces/kube-system")
                            .contains("kube-system"));
            try (KubeApi foreign = other.api()) {
                RepairLab wrong = new RepairLab(etcd, Optional.of(foreign), Codec.plain()::document, new ServiceCidr());
                refuses(wrong, Request.target(TARGET), "namespace kube-system has UID");
            }
        }
    }

    @Test
    void goesOnOnceAnApiServerIsStarted() {
        try (KubeProcess kube = KubeProcess.over(BROKEN);
                KubeApi api = kube.api();
                EtcdCluster live = EtcdCluster.open(Connections.plain(kube.endpoint()));
                EtcdKeyspace etcd = live.keyspace()) {
            RepairLab lab = new RepairLab(etcd, Optional.of(api), Codec.plain()::document, new ServiceCidr());
            Plan plan = lab.plan(Request.target(TARGET).vouching(Set.of("10.99.0.1")), parts());
            Outcome first = lab.apply(plan);
            assertThat(first.result()).as(first.message()).isEqualTo(Outcome.Result.NOT_VERIFIED);
            assertThat(first.message()).contains("start a kube-apiserver: none answers");
            kube.startApiServer("10.43.0.0/16");
            Outcome second = lab.resume(plan, io.etcdmedic.repair.Faults.NONE);
            assertThat(second.result()).as(second.message()).isEqualTo(Outcome.Result.APPLIED);
            assertThat(object(api, RANGE).texts("spec", "cidrs")).containsExactly("10.43.0.0/16");
            assertThat(object(api, KUBERNETES).text("spec", "clusterIP")).contains("10.43.0.1");
        }
    }

    /// The played cluster ends as the real one does, after the same steps.
    private static void assertPlayedTheSame(Plan plan, KubeApi api) {
        try (PlayedLab played = new PlayedLab(new ServiceCidr())) {
            Plan other = played.lab.plan(Request.target(TARGET), List.of());
            assertThat(titles(other)).isEqualTo(titles(plan));
            played.lab.apply(other);
            assertThat(played.facts()).isEqualTo(PlayedLab.facts(api));
        }
    }

    private static void refuses(RepairLab lab, Request request, String because) {
        assertThatThrownBy(() -> lab.plan(request, parts()))
                .isInstanceOf(Failure.Refused.class)
                .hasMessageContaining(because);
    }

    private static void createService(KubeApi api, String name, String address) {
        api.create(
                new ApiName("", "v1", "services", "default", name),
                Bytes.utf8("{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"" + name
                        + "\"},\"spec\":{\"clusterIP\":\"" + address + "\",\"ports\":[{\"port\":80}]}}"),
                new WritePermit("the test's own accident", Set.of()));
    }

    private static List<String> titles(Plan plan) {
        return plan.steps().stream().map(step -> step.frame().title()).toList();
    }

    private static Document object(KubeApi api, ApiName name) {
        return Json.read(api.get(name).orElseThrow().json());
    }

    private static List<Part> parts() {
        return Installation.of(LiveMachine.at(Path.of("/"))).parts();
    }
}

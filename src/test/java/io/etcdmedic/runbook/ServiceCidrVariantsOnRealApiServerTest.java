package io.etcdmedic.runbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.apiserver.ApiName;
import io.etcdmedic.apiserver.ApiReading;
import io.etcdmedic.apiserver.KubeApi;
import io.etcdmedic.apiserver.KubeProcess;
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
import io.etcdmedic.kubernetes.network.Cidr;
import io.etcdmedic.repair.Faults;
import io.etcdmedic.repair.Outcome;
import io.etcdmedic.repair.plan.ApiChange;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.runbook.servicecidr.ServiceCidr;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// More variants of the accident, on a real kube-apiserver over the broken cluster.
///
/// Slow (half a minute a test): a kube-apiserver has to start, and its loops run every 10 s.
@Tag("long")
class ServiceCidrVariantsOnRealApiServerTest {
    private static final Path BROKEN = Path.of("src/main/resources/io/etcdmedic/snapshot/servicecidr-broken.db");
    private static final List<Cidr> TARGET = Cidr.parseAll("10.43.0.0/16");
    private static final String RANGE_KEY = "/registry/servicecidrs/kubernetes";
    private static final ApiName KUBERNETES = new ApiName("", "v1", "services", "default", "kubernetes");
    private static final ApiName RANGE = new ApiName("networking.k8s.io", "v1", "servicecidrs", "", "kubernetes");

    /// Somebody is half-way: the object was deleted by hand a moment ago, and nothing else was done.
    @Test
    void goesOnWhereSomebodyDeletedTheObjectAndNoMore() {
        try (KubeProcess kube = KubeProcess.over(BROKEN).startApiServer("10.43.0.0/16");
                KubeApi api = kube.api();
                EtcdCluster live = EtcdCluster.open(Connections.plain(kube.endpoint()));
                EtcdKeyspace etcd = live.keyspace()) {
            RepairLab lab = lab(etcd, api);
            kube.etcdctl("del", RANGE_KEY);
            Plan plan = lab.plan(Request.target(TARGET), parts());
            assertThat(titles(plan)).noneMatch(title -> title.contains("servicecidr"));
            Outcome outcome = lab.apply(plan);
            assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
            assertRepaired(api, "10.43.0.0/16");
            assertThat(lab.plan(Request.target(TARGET), parts()).steps()).isEmpty();
        }
    }

    /// The first start of a cluster was without the flag: it holds no Service but `kubernetes`, which moves along.
    @Test
    void repairsAClusterThatHoldsNothingElse() {
        try (KubeProcess kube =
                        KubeProcess.empty().startApiServer("10.0.0.0/24").restartApiServer("10.43.0.0/16");
                KubeApi api = kube.api();
                EtcdCluster live = EtcdCluster.open(Connections.plain(kube.endpoint()));
                EtcdKeyspace etcd = live.keyspace()) {
            RepairLab lab = lab(etcd, api);
            Outcome outcome = lab.apply(lab.plan(Request.of(""), parts()));
            assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
            assertRepaired(api, "10.43.0.0/16");
        }
    }

    /// Two that run with the same range: both are endpoints afterwards.
    @Test
    void repairsAClusterWithTwoKubeApiServers() {
        try (KubeProcess kube = KubeProcess.over(BROKEN).startApiServer("10.43.0.0/16");
                KubeApi api = kube.api();
                EtcdCluster live = EtcdCluster.open(Connections.plain(kube.endpoint()));
                EtcdKeyspace etcd = live.keyspace()) {
            kube.launchSecondApiServer("10.43.0.0/16", "--advertise-address=10.99.0.2");
            KubeProcess.await(
                    "both are registered",
                    Duration.ofSeconds(90),
                    () -> !kube.isAbsent("/registry/masterleases/10.99.0.2"));
            RepairLab lab = lab(etcd, api);
            Plan plan = lab.plan(Request.of(""), parts());
            assertThat(plan.notes())
                    .anyMatch(note -> note.startsWith("kube-apiserver 10.99.0.1: 10.43.0.0/16"))
                    .anyMatch(note -> note.startsWith("kube-apiserver 10.99.0.2: 10.43.0.0/16"));
            Outcome outcome = lab.apply(plan);
            assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
            assertRepaired(api, "10.43.0.0/16");
            ApiName endpoints = new ApiName("", "v1", "endpoints", "default", "kubernetes");
            assertThat(Json.compact(object(api, endpoints))).contains("10.99.0.1", "10.99.0.2");
        }
    }

    /// The object is gone and no kube-apiserver runs: what is left to do goes through the API.
    @Test
    void saysToStartAnApiServerWhereOnlyTheApiCanGoOn() {
        try (KubeProcess kube = KubeProcess.over(BROKEN);
                KubeApi api = kube.api();
                EtcdCluster live = EtcdCluster.open(Connections.plain(kube.endpoint()));
                EtcdKeyspace etcd = live.keyspace()) {
            kube.etcdctl("del", RANGE_KEY);
            RepairLab lab = lab(etcd, api);
            Request request = Request.target(TARGET).vouching(Set.of("10.99.0.1"));
            assertThatThrownBy(() -> lab.plan(request, parts()))
                    .isInstanceOf(Failure.Unreachable.class)
                    .hasMessageContaining("no Kubernetes API answers");
        }
    }

    @Test
    void bringsBothFamiliesOfADualStack() {
        try (KubeProcess kube = KubeProcess.over(BROKEN).startApiServer("10.43.0.0/16,fd00:43::/112");
                KubeApi api = kube.api();
                EtcdCluster live = EtcdCluster.open(Connections.plain(kube.endpoint()));
                EtcdKeyspace etcd = live.keyspace()) {
            RepairLab lab = lab(etcd, api);
            Request dual = Request.target(Cidr.parseAll("10.43.0.0/16,fd00:43::/112"));
            assertThatThrownBy(() -> lab.plan(Request.target(TARGET), parts()))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("would make its own range again");
            Outcome outcome = lab.apply(lab.plan(dual, parts()));
            assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
            assertRepaired(api, "10.43.0.0/16", "fd00:43::/112");
            assertThat(lab.plan(dual, parts()).steps()).isEmpty();
        }
    }

    /// A kube-apiserver that was vouched for wrongly makes the old range again.
    @Test
    void stopsAndSaysWhoCouldHaveDoneItWhenTheWrongValueComesBack() {
        try (KubeProcess kube = KubeProcess.over(BROKEN).startApiServer("10.43.0.0/16");
                KubeApi api = kube.api();
                EtcdCluster live = EtcdCluster.open(Connections.plain(kube.endpoint()));
                EtcdKeyspace etcd = live.keyspace()) {
            RepairLab lab = lab(etcd, api);
            kube.etcdctl("put", "/registry/masterleases/10.99.0.9", "elsewhere");
            Plan plan = lab.plan(Request.target(TARGET).vouching(Set.of("10.99.0.9")), parts());
            AtomicBoolean done = new AtomicBoolean();
            Outcome outcome = lab.apply(plan, point -> {
                if (point == Faults.Point.SENT && kube.isAbsent(RANGE_KEY) && done.compareAndSet(false, true)) {
                    kube.etcdctl("put", RANGE_KEY, """
                                    {"apiVersion":"networking.k8s.io/v1","kind":"ServiceCIDR","metadata":{
                                     "name":"kubernetes","uid":"5b1c0f4e-0000-4000-8000-000000000001",
                                     "creationTimestamp":"2026-11-25T03:00:00Z"},"spec":{"cidrs":["10.0.0.0/24"]},
                                     "status":{"conditions":[{"type":"Ready","status":"True","reason":"","message":"",
                                      "lastTransitionTime":"2026-11-25T03:00:00Z"}]}}""");
                }
            });
            assertThat(done).isTrue();
            assertThat(outcome.result()).isEqualTo(Outcome.Result.NOT_VERIFIED);
            assertThat(outcome.message())
                    .contains("any of 10.99.0.1, 10.99.0.9")
                    .contains("10.0.0.0/24");
            assertThat(object(api, KUBERNETES).text("spec", "clusterIP")).contains("10.0.0.1");
        }
    }

    /// The certificate is asked for its names in the handshake, before anything is done.
    @Test
    void wantsTheFirstAddressInTheCertificateUnlessTheRiskIsTaken() {
        try (KubeProcess kube = KubeProcess.over(BROKEN).startApiServer("10.43.0.0/17");
                KubeApi api = kube.api();
                EtcdCluster live = EtcdCluster.open(Connections.plain(kube.endpoint()));
                EtcdKeyspace etcd = live.keyspace()) {
            kube.etcdctl("del", "--prefix", "/registry/services/specs/");
            kube.etcdctl("del", "--prefix", "/registry/ipaddresses/");
            kube.restartApiServer("10.55.0.0/16");
            RepairLab lab = lab(etcd, api);
            Request target = Request.target(Cidr.parseAll("10.55.0.0/16"));
            assertThatThrownBy(() -> lab.plan(target, parts()))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("does not name 10.55.0.1");
            assertThat(lab.plan(target.accepting(Set.of("certificate")), parts())
                            .steps())
                    .isNotEmpty();
        }
    }

    /// 1.33 counts addresses twice, in its bitmap and in IPAddress objects, and needs a restart to forget the old
    /// bitmap.
    @Test
    void repairsOneThatBehavesAsOneDotThirtyThree() {
        try (KubeProcess kube = KubeProcess.over(BROKEN).startApiServer("10.43.0.0/16", "--emulated-version=1.33");
                KubeApi api = kube.api();
                EtcdCluster live = EtcdCluster.open(Connections.plain(kube.endpoint()));
                EtcdKeyspace etcd = live.keyspace()) {
            assertThat(kube.isAbsent("/registry/ranges/serviceips")).isFalse();
            assertThat(api.version()).isEqualTo("v1.33");
            RepairLab lab = lab(etcd, api);
            Plan plan = lab.plan(Request.target(TARGET), parts());
            Outcome outcome = lab.apply(plan);
            assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
            assertRepaired(api, "10.43.0.0/16");
            assertThat(outcome.thenDo()).anyMatch(task -> task.startsWith("restart the kube-apiservers now"));
        }
    }

    /// 1.31 and 1.32 serve the objects as v1beta1 alone; here it is one of two, and the other is not asked for.
    @Test
    void speaksV1beta1ToARealApiServer() {
        try (KubeProcess kube = KubeProcess.over(BROKEN)
                        .startApiServer("10.43.0.0/16", "--runtime-config=networking.k8s.io/v1beta1=true");
                KubeApi api = kube.api();
                EtcdCluster live = EtcdCluster.open(Connections.plain(kube.endpoint()));
                EtcdKeyspace etcd = live.keyspace()) {
            ApiReading beta = new ServiceCidrFindingTest.Saying(api, "v1.36.0", "v1beta1");
            RepairLab lab = new RepairLab(etcd, Optional.of(beta), Codec.plain()::document, new ServiceCidr());
            Plan plan = lab.plan(Request.target(TARGET), parts());
            assertThat(plan.steps().stream()
                            .filter(ApiChange.class::isInstance)
                            .map(step -> ((ApiChange) step).name())
                            .filter(name -> name.group().equals("networking.k8s.io")))
                    .isNotEmpty()
                    .allMatch(name -> name.version().equals("v1beta1"));
            Outcome outcome = lab.apply(plan);
            assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
            assertRepaired(api, "10.43.0.0/16");
        }
    }

    private static RepairLab lab(EtcdKeyspace etcd, KubeApi api) {
        return new RepairLab(etcd, Optional.of(api), Codec.plain()::document, new ServiceCidr());
    }

    private static void assertRepaired(KubeApi api, String... ranges) {
        assertThat(object(api, RANGE).texts("spec", "cidrs")).containsExactly(ranges);
        assertThat(object(api, KUBERNETES).text("spec", "clusterIP")).contains("10.43.0.1");
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

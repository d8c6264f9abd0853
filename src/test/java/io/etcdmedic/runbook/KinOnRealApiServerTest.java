package io.etcdmedic.runbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.apiserver.ApiName;
import io.etcdmedic.apiserver.ApiServer;
import io.etcdmedic.apiserver.KubeApi;
import io.etcdmedic.apiserver.KubeProcess;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.Codec;
import io.etcdmedic.document.Json;
import io.etcdmedic.etcd.Connections;
import io.etcdmedic.etcd.EtcdCluster;
import io.etcdmedic.etcd.EtcdKeyspace;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Transaction;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.keyspace.WritePermit;
import io.etcdmedic.repair.Outcome;
import io.etcdmedic.repair.plan.Plan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The other runbooks on a real control plane.
///
/// Slow: a control plane has to start, and its loops run every 10 s.
@Tag("long")
class KinOnRealApiServerTest {
    private static final Path BROKEN = Path.of("src/main/resources/io/etcdmedic/snapshot/servicecidr-broken.db");
    private static final ApiName ENDPOINTS = new ApiName("", "v1", "endpoints", "default", "kubernetes");

    private static final ApiName ORPHAN = new ApiName("networking.k8s.io", "v1", "ipaddresses", "", "10.0.0.99");
    private static final Key ORPHAN_KEY = Key.of("/registry/ipaddresses/10.0.0.99");

    @Test
    void endsAnEndpointWithoutLeaseAndANamespaceThatIsHeld() {
        try (KubeProcess kube =
                        KubeProcess.over(BROKEN).startApiServer("10.43.0.0/16").startControllerManager();
                KubeApi api = kube.api();
                EtcdCluster live = EtcdCluster.open(Connections.plain(kube.endpoint()));
                EtcdKeyspace etcd = live.keyspace()) {
            masterleases(etcd, api);
            orphans(etcd, api);
            renumbers(etcd, api);
            kube.awaitFinalizer();
            namespace(etcd, api);
        }
    }

    private static void masterleases(EtcdKeyspace etcd, KubeApi api) {
        Key live = Key.of("/registry/masterleases/10.99.0.1");
        Key dead = Key.of("/registry/masterleases/10.99.0.7");
        Bytes value = Bytes.hex(etcd.get(live)
                .orElseThrow()
                .value()
                .toHex()
                .replace(
                        Bytes.utf8("10.99.0.1").toHex(), Bytes.utf8("10.99.0.7").toHex()));
        etcd.commit(
                new Transaction(List.of(), List.of(new Write.Put(dead, value, LeaseId.NONE)), List.of()),
                new WritePermit("the test's own accident", Set.of(dead)));
        KubeProcess.await(
                "the dead one is an endpoint",
                Duration.ofSeconds(30),
                () -> endpoints(api).contains("10.99.0.7"));
        RepairLab lab = new RepairLab(etcd, Optional.of(api), Codec.plain()::document, Runbooks.named("masterleases"));
        Outcome outcome = lab.apply(lab.plan(Request.of(""), List.of()));
        assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
        assertThat(endpoints(api)).contains("10.99.0.1").doesNotContain("10.99.0.7");
        assertThat(lab.plan(Request.of(""), List.of()).steps()).isEmpty();
    }

    private static String endpoints(KubeApi api) {
        return Json.compact(
                Json.read(api.get(ENDPOINTS).orElseThrow().json()).at("subsets").orElseThrow());
    }

    private static void orphans(EtcdKeyspace etcd, KubeApi api) {
        makeOrphan(api);
        RepairLab lab = lab(etcd, api, "ipaddresses");
        Plan plan = lab.plan(Request.of(""), List.of());
        assertThat(plan.steps()).hasSize(1);
        assertThat(plan.thenDo()).anyMatch(task -> task.contains("shop/web has 10.43.52.244"));
        api.patch(
                ORPHAN,
                new ApiServer.Same(api.get(ORPHAN).orElseThrow().uid(), Optional.empty()),
                ApiServer.PatchType.MERGE,
                Bytes.utf8("{\"metadata\":{\"labels\":{\"moved\":\"true\"}}}"),
                new WritePermit("the test's own accident", Set.of()));
        assertThat(lab.apply(plan).result()).isEqualTo(Outcome.Result.STALE);
        Bytes before = etcd.get(ORPHAN_KEY).orElseThrow().value();
        Plan again = lab.plan(Request.of(""), List.of());
        Outcome outcome = lab.killedAllAlong(again);
        assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
        assertThat(api.get(ORPHAN)).isEmpty();
        assertThat(lab.plan(Request.of(""), List.of()).steps()).isEmpty();
        assertThat(lab.undo(again).result()).isEqualTo(Outcome.Result.APPLIED);
        assertThat(etcd.get(ORPHAN_KEY).orElseThrow().value()).isEqualTo(before);
        assertThat(lab.apply(lab.plan(Request.of(""), List.of())).result()).isEqualTo(Outcome.Result.APPLIED);
    }

    private static void makeOrphan(KubeApi api) {
        api.create(ORPHAN, Bytes.utf8("""
                        {"apiVersion":"networking.k8s.io/v1","kind":"IPAddress","metadata":{"name":"10.0.0.99","labels":{
                         "ipaddress.kubernetes.io/ip-family":"IPv4",
                         "ipaddress.kubernetes.io/managed-by":"ipallocator.k8s.io"}},
                         "spec":{"parentRef":{"group":"","resource":"services","namespace":"shop","name":"gone"}}}"""), new WritePermit("the test's own accident", Set.of()));
    }

    /// Service `shop/web` is outside every range of the broken cluster.
    private static void renumbers(EtcdKeyspace etcd, KubeApi api) {
        RepairLab lab = lab(etcd, api, "ipaddresses");
        Key key = Key.of("/registry/services/specs/shop/web");
        Bytes before = etcd.get(key).orElseThrow().value();
        Plan plan = lab.plan(Request.of("shop/web"), List.of());
        Outcome outcome = lab.killedAllAlong(plan);
        assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
        ApiName web = new ApiName("", "v1", "services", "shop", "web");
        assertThat(Json.read(api.get(web).orElseThrow().json()).text("spec", "clusterIP"))
                .hasValueSatisfying(address -> assertThat(address).doesNotStartWith("10.43."));
        assertThat(lab.plan(Request.of("shop/web"), List.of()).steps()).isEmpty();
        assertThat(lab.undo(plan).result()).isEqualTo(Outcome.Result.INCOMPLETE);
        assertThat(etcd.get(key).orElseThrow().value()).isEqualTo(before);
    }

    private static void namespace(EtcdKeyspace etcd, KubeApi api) {
        RepairLab lab = lab(etcd, api, "namespace");
        assertThatThrownBy(() -> lab.plan(Request.of("shop"), List.of())).hasMessageContaining("is not being deleted");
        assertThatThrownBy(() -> lab.plan(Request.of("doomed"), List.of()))
                .isInstanceOf(Failure.Refused.class)
                .hasMessageContaining("v1beta1.metrics.k8s.io is registered and does not answer");
        Request accepting =
                Request.of("doomed").accepting(Set.of("apiservice", "example.com/never", "example.com/late"));
        Key undefined = Key.of("/registry/gone.example.com/things/doomed/left");
        put(etcd, undefined, """
                {"apiVersion":"gone.example.com/v1","kind":"Thing","metadata":{"name":"left","namespace":"doomed"}}""");
        assertThatThrownBy(() -> lab.plan(accepting, List.of()))
                .isInstanceOf(Failure.Refused.class)
                .hasMessageContaining(
                        "1 objects are left whose definition is gone, things.gone.example.com doomed/left");
        etcd.commit(
                new Transaction(List.of(), List.of(new Write.Delete(undefined)), List.of()),
                new WritePermit("the test's own accident", Set.of(undefined)));
        Plan plan = lab.plan(accepting, List.of());
        Key late = Key.of("/registry/configmaps/doomed/late");
        put(etcd, late, """
                {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"late","namespace":"doomed",
                 "uid":"5b1c0f4e-0000-4000-8000-00000000000a","creationTimestamp":"2026-11-25T03:00:00Z",
                 "finalizers":["example.com/late"]}}""");
        Outcome moved = lab.apply(plan);
        assertThat(moved.result()).as(moved.message()).isEqualTo(Outcome.Result.PARTLY);
        assertThat(moved.message()).contains("something is left in the namespace");
        assertThat(api.get(new ApiName("", "v1", "namespaces", "", "doomed"))).isPresent();
        Plan again = lab.plan(accepting, List.of());
        Outcome outcome = lab.killedAllAlong(again);
        assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
        assertThat(api.get(new ApiName("", "v1", "namespaces", "", "doomed"))).isEmpty();
        assertThat(lab.plan(Request.of("doomed"), List.of()).notes()).anyMatch(n -> n.contains("nothing to do"));
        assertThatThrownBy(() -> lab.undo(again))
                .isInstanceOf(Failure.Refused.class)
                .hasMessageContaining("cannot be taken back");
    }

    private static void put(EtcdKeyspace etcd, Key key, String json) {
        etcd.commit(
                new Transaction(List.of(), List.of(new Write.Put(key, Bytes.utf8(json), LeaseId.NONE)), List.of()),
                new WritePermit("the test's own accident", Set.of(key)));
    }

    private static RepairLab lab(EtcdKeyspace etcd, KubeApi api, String runbook) {
        return new RepairLab(etcd, Optional.of(api), Codec.plain()::document, Runbooks.named(runbook));
    }
}

package io.etcdmedic.runbook;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Transaction;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.keyspace.WritePermit;
import io.etcdmedic.kubernetes.network.Cidr;
import io.etcdmedic.repair.Faults;
import io.etcdmedic.repair.Outcome;
import io.etcdmedic.repair.plan.Plan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Runbooks killed at each durable point and gone on with, on a real kube-apiserver.
///
/// Slow: a kube-apiserver has to start, and its loops run every 10 s.
@Tag("long")
class KinKilledOnRealApiServerTest {
    private static final Path BROKEN = Path.of("src/main/resources/io/etcdmedic/snapshot/servicecidr-broken.db");
    private static final WritePermit ACCIDENT = new WritePermit("the test's own accident", Set.of());
    private static final ApiName ENDPOINTS = new ApiName("", "v1", "endpoints", "default", "kubernetes");
    private static final Key DEAD = Key.of("/registry/masterleases/10.99.0.7");

    @Test
    void endsADeadEndpointWhereverItIsKilledAndTakesItBack() {
        try (KubeProcess kube = KubeProcess.over(BROKEN).startApiServer("10.43.0.0/16");
                KubeApi api = kube.api();
                EtcdCluster live = EtcdCluster.open(Connections.plain(kube.endpoint()));
                EtcdKeyspace etcd = live.keyspace()) {
            Optional<Outcome> outcome;
            int kills = 0;
            do {
                register(etcd, "");
                RepairLab lab = lab(etcd, api, "masterleases");
                outcome = lab.killedOnce(lab.plan(Request.of(""), List.of()), kills);
                assertThat(etcd.get(DEAD)).as("killed after " + kills).isEmpty();
                kills++;
            } while (outcome.isPresent());
            assertThat(kills).isGreaterThan(5);
            RepairLab lab = lab(etcd, api, "masterleases");
            register(etcd, "");
            awaitEndpoint(api);
            Plan stale = lab.plan(Request.of(""), List.of());
            register(etcd, "moved");
            assertThat(lab.apply(stale).result()).isEqualTo(Outcome.Result.STALE);
            Plan plan = lab.plan(Request.of(""), List.of());
            Outcome all = killedLater(lab, plan, 2);
            assertThat(all.result()).as(all.message()).isEqualTo(Outcome.Result.APPLIED);
            assertThat(endpoints(api)).contains("10.99.0.1").doesNotContain("10.99.0.7");
            assertThat(lab.plan(Request.of(""), List.of()).steps()).isEmpty();
            Outcome undone = lab.undo(plan);
            assertThat(undone.result()).as(undone.message()).isEqualTo(Outcome.Result.APPLIED);
            awaitEndpoint(api);
        }
    }

    private static void awaitEndpoint(KubeApi api) {
        KubeProcess.await(
                "the dead one is an endpoint",
                Duration.ofSeconds(30),
                () -> endpoints(api).contains("10.99.0.7"));
    }

    /// What a kube-apiserver that is gone left behind, without its lease.
    private static void register(EtcdKeyspace etcd, String more) {
        Bytes value = Bytes.hex(etcd.get(Key.of("/registry/masterleases/10.99.0.1"))
                .orElseThrow()
                .value()
                .toHex()
                .replace(
                        Bytes.utf8("10.99.0.1").toHex(), Bytes.utf8("10.99.0.7").toHex()));
        // A second copy of a field: protobuf takes the last one.
        Bytes moved = more.isEmpty() ? value : value.concat(Bytes.hex("2200"));
        etcd.commit(
                new Transaction(List.of(), List.of(new Write.Put(DEAD, moved, LeaseId.NONE)), List.of()),
                new WritePermit("the test's own accident", Set.of(DEAD)));
    }

    private static String endpoints(KubeApi api) {
        return Json.compact(object(api, ENDPOINTS).at("subsets").orElse(Document.Nil.NULL));
    }

    /// Service `shop/web` is outside every range of the broken cluster; killed in between, it is made again by the
    /// next run.
    @Test
    void givesAServiceAnotherAddressWhereverItIsKilled() {
        ApiName web = new ApiName("", "v1", "services", "shop", "web");
        try (KubeProcess kube = KubeProcess.over(BROKEN).startApiServer("10.43.0.0/16");
                KubeApi api = kube.api();
                EtcdCluster live = EtcdCluster.open(Connections.plain(kube.endpoint()));
                EtcdKeyspace etcd = live.keyspace()) {
            Optional<Outcome> outcome;
            int kills = 0;
            do {
                RepairLab lab = lab(etcd, api, "ipaddresses");
                Plan plan = lab.plan(Request.of("shop/web"), List.of());
                outcome = lab.killedOnce(plan, kills);
                String address = object(api, web).text("spec", "clusterIP").orElseThrow();
                assertThat(address).as("killed after " + kills).doesNotStartWith("10.43.");
                assertThat(kube.isAbsent("/registry/ipaddresses/" + address)).isFalse();
                assertThat(lab.plan(Request.of("shop/web"), List.of()).steps()).isEmpty();
                Outcome undone = lab.undo(plan);
                assertThat(undone.result())
                        .as("killed after " + kills + ": " + undone.message() + lab.said)
                        .isEqualTo(Outcome.Result.INCOMPLETE);
                assertThat(object(api, web).text("spec", "clusterIP")).contains("10.43.52.244");
                kills++;
            } while (outcome.isPresent());
            assertThat(kills).isGreaterThan(8);
            RepairLab lab = lab(etcd, api, "ipaddresses");
            Plan stale = lab.plan(Request.of("shop/web"), List.of());
            api.patch(
                    web,
                    new ApiServer.Same(api.get(web).orElseThrow().uid(), Optional.empty()),
                    ApiServer.PatchType.MERGE,
                    Bytes.utf8("{\"metadata\":{\"labels\":{\"moved\":\"true\"}}}"),
                    ACCIDENT);
            assertThat(lab.apply(stale).result()).isEqualTo(Outcome.Result.STALE);
            assertThat(object(api, web).text("spec", "clusterIP")).contains("10.43.52.244");
        }
    }

    /// The first address of the target is given away after the plan was made: however often it is killed, Service
    /// `kubernetes` stays until the address is free, and then it ends as if nothing had been.
    @Test
    void waitsForTheFirstAddressWhereverItIsKilled() {
        ApiName kubernetes = new ApiName("", "v1", "services", "default", "kubernetes");
        ApiName taker = new ApiName("", "v1", "services", "default", "taker");
        try (KubeProcess kube = KubeProcess.over(BROKEN).startApiServer("10.43.0.0/16");
                KubeApi api = kube.api();
                EtcdCluster live = EtcdCluster.open(Connections.plain(kube.endpoint()));
                EtcdKeyspace etcd = live.keyspace()) {
            RepairLab lab = lab(etcd, api, "servicecidr");
            Plan plan =
                    lab.plan(Request.target(Cidr.parseAll("10.43.0.0/16")).vouching(Set.of("10.99.0.1")), List.of());
            api.create(new ApiName("networking.k8s.io", "v1", "servicecidrs", "", "taker"), Bytes.utf8("""
                            {"apiVersion":"networking.k8s.io/v1","kind":"ServiceCIDR","metadata":{"name":"taker"},
                             "spec":{"cidrs":["10.43.0.0/28"]}}"""), ACCIDENT);
            KubeProcess.await("an allocator for the extra range", Duration.ofSeconds(20), () -> takes(api, taker));
            Outcome stopped = killedLater(lab, plan, 2);
            assertThat(stopped.result()).as(stopped.message()).isEqualTo(Outcome.Result.PARTLY);
            assertThat(stopped.message()).contains("10.43.0.1 is taken").contains("default/taker");
            assertThat(object(api, kubernetes).text("spec", "clusterIP")).contains("10.0.0.1");
            api.delete(taker, new ApiServer.Same(api.get(taker).orElseThrow().uid(), Optional.empty()), ACCIDENT);
            Request again = Request.target(Cidr.parseAll("10.43.0.0/16")).vouching(Set.of("10.99.0.1"));
            Outcome whole = lab.apply(lab.plan(again, List.of()));
            assertThat(whole.result()).as(whole.message()).isEqualTo(Outcome.Result.APPLIED);
            assertThat(object(api, kubernetes).text("spec", "clusterIP")).contains("10.43.0.1");
        }
    }

    /// Dies after `survived` durable points, and goes on and dies one later, until it comes to its end.
    private static Outcome killedLater(RepairLab lab, Plan plan, int survived) {
        AtomicInteger points = new AtomicInteger();
        Faults faults = point -> {
            if (points.incrementAndGet() > survived) {
                throw new RepairLab.Killed("at " + point);
            }
        };
        try {
            return survived == 2 ? lab.apply(plan, faults) : lab.resume(plan, faults);
        } catch (RepairLab.Killed killed) {
            return killedLater(lab, plan, survived + 1);
        }
    }

    private static boolean takes(KubeApi api, ApiName name) {
        try {
            api.create(name, Bytes.utf8("""
                            {"apiVersion":"v1","kind":"Service","metadata":{"name":"taker"},
                             "spec":{"clusterIP":"10.43.0.1","ports":[{"port":80}]}}"""), ACCIDENT);
            return true;
        } catch (Failure notYet) {
            return false;
        }
    }

    private static Document object(KubeApi api, ApiName name) {
        return Json.read(api.get(name).orElseThrow().json());
    }

    private static RepairLab lab(EtcdKeyspace etcd, KubeApi api, String runbook) {
        return new RepairLab(etcd, Optional.of(api), Codec.plain()::document, Runbooks.named(runbook));
    }
}

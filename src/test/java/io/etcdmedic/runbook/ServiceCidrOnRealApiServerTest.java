package io.etcdmedic.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.apiserver.ApiName;
import io.etcdmedic.apiserver.KubeApi;
import io.etcdmedic.apiserver.KubeProcess;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.installation.Installation;
import io.etcdmedic.installation.Part;
import io.etcdmedic.repair.Outcome;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.runbook.network.Cidr;
import io.etcdmedic.runbook.servicecidr.ServiceCidr;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
                EtcdForTests etcd = new EtcdForTests(kube.endpoint())) {
            kube.awaitFinalizer();
            RepairLab lab = new RepairLab(etcd, Optional.of(api), new ApiDecoder(api), new ServiceCidr());
            Plan plan = lab.plan(Request.target(TARGET), parts());
            try (Absences absences = Absences.watch(eyes, KUBERNETES, SLICE)) {
                Outcome outcome = lab.apply(plan);
                assertThat(outcome.result()).as(outcome.message()).isEqualTo(Outcome.Result.APPLIED);
                assertThat(absences.longestMillis(KUBERNETES)).isLessThan(100);
                assertThat(absences.longestMillis(SLICE)).isZero();
            }
            assertThat(object(api, RANGE).texts("spec", "cidrs")).containsExactly("10.43.0.0/16");
            assertThat(object(api, KUBERNETES).text("spec", "clusterIP")).contains("10.43.0.1");
            Plan second = lab.plan(Request.target(TARGET), parts());
            assertThat(second.steps()).isEmpty();
            assertThat(second.notes()).anyMatch(note -> note.contains("nothing to do"));
        }
    }

    private static Document object(KubeApi api, ApiName name) {
        return Json.read(api.get(name).orElseThrow().json());
    }

    private static List<Part> parts() {
        return Installation.of(LiveMachine.at(Path.of("/"))).parts();
    }
}

package io.etcdmedic.runbook.servicecidr;

import io.etcdmedic.apiserver.ApiReading;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.kubernetes.network.Cidr;
import io.etcdmedic.repair.NamedCheck;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.Wait;
import io.etcdmedic.runbook.Decoder;
import io.etcdmedic.runbook.OneCluster;
import io.etcdmedic.runbook.Registry;
import io.etcdmedic.runbook.Request;
import io.etcdmedic.runbook.Runbook;
import io.etcdmedic.runbook.Scene;
import io.etcdmedic.runbook.Stored;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Repairs a default ServiceCIDR that is not what the kube-apiservers run with.
///
/// `spec.cidrs` cannot be changed and an edit in etcd would leave the old allocator alive in every kube-apiserver's
/// memory: the object has to go, and a kube-apiserver makes it anew from its flags. The order of the steps keeps
/// the API's endpoints alive throughout. Source: measurements on kube-apiserver 1.36, with the code of its
/// controllers (K8S pkg/controlplane/controller/defaultservicecidr, pkg/registry/core/service/ipallocator).
public final class ServiceCidr implements Runbook {
    /// For `--wait-settled`: an operator restarts several machines meanwhile, one by one.
    private static final Duration RESTARTED = Duration.ofMinutes(30);

    @Override
    public String name() {
        return "servicecidr";
    }

    @Override
    public String when() {
        return "the default ServiceCIDR says another range than the kube-apiservers' --service-cluster-ip-range:"
                + " new Services get addresses from the wrong range, events say ClusterIPOutOfRange";
    }

    @Override
    public Map<String, NamedCheck> checks(Decoder decoder, Clock clock) {
        Map<String, NamedCheck> checks = new HashMap<>(new ServiceCidrChecks(decoder, clock).byName());
        checks.put(Restarted.NAME, new Restarted(decoder, clock, LiveMachine.at(Path.of("/"))));
        return checks;
    }

    /// The allocators of both ranges live on in the memory of every kube-apiserver that was not restarted since.
    @Override
    public void undone(Scene scene, PlanDraft undo) {
        undo.settled(Wait.until("every kube-apiserver was restarted", Restarted.everyOne(scene), RESTARTED));
    }

    @Override
    public Plan plan(Scene scene, Request request) {
        if (!request.vouched().isEmpty() && request.target().isEmpty()) {
            throw new Failure.Usage(Problem.in("planning servicecidr")
                    .found("--vouch " + String.join(", ", request.vouched()) + " without --cidr")
                    .expected("the range that the operator says it runs with")
                    .hint("give --cidr RANGE with it"));
        }
        Registry registry = scene.registry();
        Optional<ApiReading> api = OneCluster.check(scene, registry);
        ApiServers apiServers = ApiServers.find(scene, registry, request);
        ServiceNetwork network = ServiceNetwork.read(registry);
        ServiceNetwork.requireAll(registry, "planning servicecidr");
        PlanDraft draft = scene.draft(name(), "default ServiceCIDR");
        Optional<Stored> stored = network.defaultRange();
        if (stored.isEmpty() && registry.all("servicecidrs/").isEmpty() && isBeforeServiceCidr(api)) {
            draft.note("these kube-apiservers have no ServiceCIDR objects (before 1.33): set the right"
                    + " --service-cluster-ip-range and restart them; that is all");
            return scene.build(draft);
        }
        ApiVersions versions = ApiVersions.of(scene, api);
        versions.refuseMixed();
        Target target = Target.find(apiServers, request, scene.isLive());
        target.notes().forEach(draft::note);
        apiServers
                .facts()
                .forEach(fact ->
                        draft.note("kube-apiserver " + (scene.isLive() ? fact : fact.name() + " was registered")));
        registry.troubles().forEach(trouble -> draft.warn("not decoded, and so not looked at: " + trouble));
        return new Repair(scene, request, registry, network, apiServers, versions, api, target.range(), draft).plan();
    }

    /// The range that `plan` expects the default ServiceCIDR to have at its end, as kube-apiservers make it from
    /// their flags; empty where it does not speak of one.
    public static List<Cidr> range(Plan plan) {
        return plan.verify().stream()
                .flatMap(wait -> Steps.range(wait.until()).stream())
                .findFirst()
                .orElse(List.of());
    }

    /// Whether the server says that it is older than 1.33, the first that always has the object.
    private static boolean isBeforeServiceCidr(Optional<ApiReading> api) {
        return api.map(ready ->
                        ready.servedVersion("networking.k8s.io", "servicecidrs").isEmpty())
                .orElse(false);
    }
}

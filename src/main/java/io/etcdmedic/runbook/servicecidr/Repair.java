package io.etcdmedic.runbook.servicecidr;

import io.etcdmedic.apiserver.ApiReading;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.kubernetes.network.Address;
import io.etcdmedic.kubernetes.network.Cidr;
import io.etcdmedic.repair.plan.Impact;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.runbook.Registry;
import io.etcdmedic.runbook.Request;
import io.etcdmedic.runbook.Scene;
import io.etcdmedic.runbook.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// One plan of the repair while it is being made.
///
/// @param api the Kubernetes API, if it answers
record Repair(
        Scene scene,
        Request request,
        Registry registry,
        ServiceNetwork network,
        ApiServers apiServers,
        ApiVersions versions,
        Optional<ApiReading> api,
        List<Cidr> target,
        PlanDraft draft) {

    /// That nothing reserves the addresses of Services before the range is exchanged.
    static final String WINDOW = "window";

    private static final String FINALIZER = "networking.k8s.io/service-cidr-finalizer";

    /// The controller manager renews its lease every 2 s, for 15 s. Source: K8S leader election's defaults.
    private static final Duration RENEWED = Duration.ofSeconds(20);

    Plan plan() {
        Optional<Stored> stored = network.defaultRange();
        Diagnosis.of(network, registry, target).sentences().forEach(draft::note);
        if (stored.isPresent() && heals(stored.get())) {
            draft.note("the flags add a second family to the stored one: a kube-apiserver adds it by itself within"
                    + " 10 s; nothing to do but wait");
            return scene.build(draft);
        }
        boolean replace = stored.isPresent()
                && (stored.get().isTerminating()
                        || !ServiceNetwork.cidrs(stored.get()).equals(target));
        boolean move = network.kubernetes()
                .map(service ->
                        ServiceNetwork.clusterAddresses(service).stream().noneMatch(target.getFirst()::contains))
                .orElse(false);
        List<Allocation> unreserved = unreserved(target);
        Refusals refusals = new Refusals(network, target, registry, request);
        if (!replace && !move && (unreserved.isEmpty() || stored.isEmpty() && !apiUp())) {
            absentOrRight(stored, refusals);
            return scene.build(draft);
        }
        refusals.pass();
        if (move) {
            refusals.noFinalizer(network.kubernetes().orElseThrow());
        }
        if (move || network.kubernetes().isEmpty()) {
            certificate(refusals);
        }
        if (scene.isLive()) {
            reachable(replace, move, unreserved);
        }
        steps(stored.filter(_ -> replace), move, unreserved);
        new Closing(this, strays()).plan(replace, move);
        return scene.build(draft.impact(Impact.CLUSTER));
    }

    /// That the API is there, as far as the plan needs it.
    private void reachable(boolean replace, boolean move, List<Allocation> unreserved) {
        String kubeconfig = "give --kubeconfig FILE (kubeadm: /etc/kubernetes/admin.conf, RKE2:"
                + " /etc/rancher/rke2/rke2.yaml), or the API's address and a client certificate: --api-server URL";
        if (scene.api().isEmpty() && move) {
            throw Target.refused(
                    "no Kubernetes API was named, and Service kubernetes has to be made again through it",
                    "the API, or the endpoints would die with the Service",
                    kubeconfig);
        }
        boolean open = !unreserved.isEmpty() && !apiServers.facts().isEmpty();
        if (scene.api().isEmpty() && open && !request.accepted().contains(WINDOW)) {
            throw Target.refused(
                    "no Kubernetes API was named, and " + unreserved.size() + " Services have no IPAddress: for up to"
                            + " 3 minutes after the exchange their addresses could be given to others",
                    "the API, to reserve them first",
                    kubeconfig + "; or --accept " + WINDOW);
        }
        if (!apiUp() && !replace) {
            throw new Failure.Unreachable(Problem.in("planning servicecidr")
                    .found("no Kubernetes API answers, and what is left to do goes through it")
                    .hint("start a kube-apiserver with --service-cluster-ip-range=" + Cidr.join(target)
                            + ", then run this again"));
        }
        if (!apiUp()) {
            draft.warn("no Kubernetes API answers: after the object is deleted, start a kube-apiserver, then go on with"
                    + " `medic journal resume`");
        }
    }

    private void steps(Optional<Stored> wrong, boolean move, List<Allocation> unreserved) {
        Steps steps = new Steps(draft, registry, target, servedVersion());
        if (apiUp()) {
            unreserved.forEach(steps::reserve);
        } else if (!unreserved.isEmpty() && scene.isLive()) {
            draft.note("no API answers: " + unreserved.size() + " Services without IPAddress get theirs when a"
                    + " kube-apiserver starts, before it serves anybody");
        }
        wrong.ifPresent(object -> replace(steps, object));
        if (move) {
            Stored service = network.kubernetes().orElseThrow();
            Optional<Stored> old = ServiceNetwork.clusterAddresses(service).stream()
                    .findFirst()
                    .map(network.addresses()::get);
            steps.moveKubernetes(service, old);
        }
    }

    private void replace(Steps steps, Stored wrong) {
        boolean down = !apiUp() && scene.isLive();
        String names = String.join(
                ", ", apiServers.facts().stream().map(ApiServerFact::name).toList());
        Steps.Makers makers =
                new Steps.Makers(down ? "start a kube-apiserver: none answers" : "any of " + names, !down);
        List<String> blockers = blockers(wrong);
        List<String> finalizers = wrong.document().texts("metadata", "finalizers");
        List<String> foreign =
                finalizers.stream().filter(name -> !name.equals(FINALIZER)).toList();
        if (!foreign.isEmpty()) {
            draft.warn("the object has finalizer " + String.join(", ", foreign)
                    + ", which is not the controller manager's: whoever set it is not asked");
        }
        if (wrong.isTerminating()) {
            draft.note("the object is being deleted through the API, which cannot be taken back and stops the"
                    + " creation of Services until it is gone" + heldBy(blockers));
            steps.deleteInEtcdStillThere(wrong, makers);
        } else if (blockers.isEmpty() && finalizers.equals(List.of(FINALIZER)) && apiUp() && controllerManagerLives()) {
            steps.deleteThroughApi(wrong, makers);
            steps.deleteInEtcdStillThere(wrong, makers);
        } else {
            draft.note("deleted in etcd and not through the API: "
                    + (blockers.isEmpty() && foreign.isEmpty()
                            ? "no controller manager would finish it"
                            : "there it would stay Terminating" + heldBy(blockers)));
            steps.deleteInEtcd(wrong, makers);
        }
    }

    private static String heldBy(List<String> blockers) {
        return blockers.isEmpty() ? "" : ", held by IPAddress " + String.join(", ", blockers);
    }

    /// Managed IPAddresses that only the old range holds. Source: K8S pkg/controller/servicecidrs.
    private List<String> blockers(Stored wrong) {
        List<Cidr> old = ServiceNetwork.cidrs(wrong);
        List<Cidr> others = network.readyExtras();
        return network.addresses().entrySet().stream()
                .filter(e -> ServiceNetwork.isManaged(e.getValue()))
                .map(Map.Entry::getKey)
                .filter(address -> old.stream().anyMatch(c -> c.contains(address)))
                .filter(address -> others.stream().noneMatch(c -> c.contains(address)))
                .map(Address::toString)
                .limit(5)
                .toList();
    }

    private boolean apiUp() {
        return api.isPresent();
    }

    private String servedVersion() {
        return api.flatMap(served -> served.servedVersion("networking.k8s.io", "servicecidrs"))
                .orElse("v1");
    }

    boolean controllerManagerLives() {
        return registry.get("leases/kube-system/kube-controller-manager")
                .filter(lease ->
                        Identities.isRenewed(lease.document(), scene.clock().instant(), RENEWED))
                .isPresent();
    }

    private boolean heals(Stored stored) {
        List<Cidr> now = ServiceNetwork.cidrs(stored);
        return !stored.isTerminating()
                && now.size() == 1
                && target.size() == 2
                && now.getFirst().equals(target.getFirst());
    }

    /// The Services inside the target that have no IPAddress; one that belongs to another Service is refused.
    private List<Allocation> unreserved(List<Cidr> ranges) {
        List<Allocation> missing = new ArrayList<>();
        for (Allocation allocation : network.inside(ranges)) {
            Stored address = network.addresses().get(allocation.address());
            String title = allocation.service().title();
            if (address == null) {
                missing.add(allocation);
            } else if (!ServiceNetwork.parent(address).equals(title)) {
                throw Target.refused(
                        "IPAddress " + allocation.address() + " belongs to " + ServiceNetwork.owner(address)
                                + ", and Service " + title + " has that address",
                        "one owner of an address",
                        network.orphans().contains(address)
                                ? "no Service has that address from it: medic fix ipaddresses"
                                : "make the younger of the two Services again");
            }
        }
        return missing;
    }

    private void absentOrRight(Optional<Stored> stored, Refusals refusals) {
        if (stored.isEmpty()) {
            draft.note("the object is not there: a kube-apiserver makes it within 10 s of its start; if one runs,"
                    + " somebody is half-way through a repair");
        } else {
            draft.note("the default ServiceCIDR is " + Cidr.join(target) + ", as the flags say: nothing to do");
            new Closing(this, strays()).strayTasks();
        }
        if (network.kubernetes().isEmpty()) {
            refusals.firstAddressFree();
            draft.note("Service kubernetes is not there: a kube-apiserver makes it within 10 s once the range is"
                    + " right");
        }
    }

    private void certificate(Refusals refusals) {
        List<Certificate> shown = scene.isLive() ? Certificate.all(scene, api) : List.of();
        if (shown.isEmpty()) {
            draft.note("whether the kube-apiserver's certificate names "
                    + target.getFirst().first() + " is not known here");
        }
        refusals.certificates(shown);
    }

    /// Services that stay outside: they keep working, and their addresses are unprotected until they are made
    /// again.
    private List<Allocation> strays() {
        List<Cidr> then =
                Stream.concat(target.stream(), network.readyExtras().stream()).toList();
        return network.outside(then).stream()
                .filter(a -> !a.service().title().equals("default/kubernetes"))
                .toList();
    }
}

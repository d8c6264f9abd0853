package io.etcdmedic.runbook.servicecidr;

import io.etcdmedic.apiserver.ApiReading;
import io.etcdmedic.kubernetes.network.Address;
import io.etcdmedic.kubernetes.network.Cidr;
import io.etcdmedic.repair.NamedCheck;
import io.etcdmedic.repair.plan.Check;
import io.etcdmedic.repair.plan.Impact;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.UndoTerms;
import io.etcdmedic.repair.plan.Wait;
import io.etcdmedic.runbook.Decoder;
import io.etcdmedic.runbook.OneCluster;
import io.etcdmedic.runbook.Registry;
import io.etcdmedic.runbook.Request;
import io.etcdmedic.runbook.Runbook;
import io.etcdmedic.runbook.Scene;
import io.etcdmedic.runbook.Stored;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Repairs a default ServiceCIDR that is not what the kube-apiservers run with.
///
/// `spec.cidrs` cannot be changed and an edit in etcd would leave the old allocator alive in every kube-apiserver's
/// memory: the object has to go, and a kube-apiserver makes it anew from its flags. The order of the steps keeps the
/// API's endpoints alive throughout. Source: measurements on kube-apiserver 1.36, with the code of its controllers
/// (K8S pkg/controlplane/controller/defaultservicecidr, pkg/registry/core/service/ipallocator).
public final class ServiceCidr implements Runbook {
    private static final Duration VERIFY = Duration.ofSeconds(30);
    private static final Duration SETTLE = Duration.ofMinutes(4);

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
        return new ServiceCidrChecks(decoder, clock).byName();
    }

    @Override
    public Plan plan(Scene scene, Request request) {
        Registry registry = scene.registry();
        OneCluster.check(scene, registry);
        ApiServers apiServers = ApiServers.find(scene, registry, request);
        ServiceNetwork network = ServiceNetwork.read(registry);
        PlanDraft draft = scene.draft(name(), "default ServiceCIDR");
        Optional<Stored> stored = network.defaultRange();
        if (stored.isEmpty() && registry.all("servicecidrs/").isEmpty() && isBeforeServiceCidr(scene)) {
            draft.note("these kube-apiservers have no ServiceCIDR objects (before 1.33): set the right"
                    + " --service-cluster-ip-range and restart them; that is all");
            return scene.build(draft);
        }
        Target target = Target.find(apiServers, request, scene.isLive());
        target.notes().forEach(draft::note);
        apiServers
                .facts()
                .forEach(fact ->
                        draft.note("kube-apiserver " + (scene.isLive() ? fact : fact.name() + " was registered")));
        registry.troubles().forEach(trouble -> draft.warn("not decoded, and so not looked at: " + trouble));
        return new Draft(scene, request, registry, network, apiServers, target.range(), draft).plan();
    }

    /// Whether the server says that it is older than 1.33, the first that always has the object.
    private static boolean isBeforeServiceCidr(Scene scene) {
        return scene.api()
                .filter(ApiReading::ready)
                .map(api ->
                        api.servedVersion("networking.k8s.io", "servicecidrs").isEmpty())
                .orElse(false);
    }

    /// One plan while it is being made.
    private record Draft(
            Scene scene,
            Request request,
            Registry registry,
            ServiceNetwork network,
            ApiServers apiServers,
            List<Cidr> target,
            PlanDraft draft) {

        Plan plan() {
            Optional<Stored> stored = network.defaultRange();
            Diagnosis diagnosis = Diagnosis.of(network, registry, target);
            diagnosis.sentences().forEach(draft::note);
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
            if (!replace && !move && (unreserved.isEmpty() || stored.isEmpty() && !apiUp())) {
                absentOrRight(stored);
                return scene.build(draft);
            }
            new Refusals(network, target, registry, request).pass();
            if (move || network.kubernetes().isEmpty()) {
                certificate();
            }
            steps(stored.filter(_ -> replace), move, unreserved);
            verify();
            report(replace, move);
            return scene.build(draft.impact(Impact.CLUSTER));
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
            String makers = "any of "
                    + String.join(
                            ", ",
                            apiServers.facts().stream().map(ApiServerFact::name).toList());
            if (!apiUp() && scene.isLive()) {
                makers = "start a kube-apiserver: none answers";
            }
            List<String> blockers = blockers(wrong);
            boolean finalizer =
                    !wrong.document().texts("metadata", "finalizers").isEmpty();
            if (wrong.isTerminating()) {
                draft.note("the object is being deleted through the API, which cannot be taken back and stops the"
                        + " creation of Services until it is gone" + heldBy(blockers));
                steps.deleteInEtcdStillThere(wrong, makers);
            } else if (blockers.isEmpty() && finalizer && apiUp() && controllerManagerLives()) {
                steps.deleteThroughApi(wrong, makers);
                steps.deleteInEtcdStillThere(wrong, makers);
            } else {
                draft.note("deleted in etcd and not through the API: "
                        + (blockers.isEmpty()
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
            return scene.api().filter(ApiReading::ready).isPresent();
        }

        private String servedVersion() {
            return scene.api()
                    .filter(_ -> apiUp())
                    .flatMap(api -> api.servedVersion("networking.k8s.io", "servicecidrs"))
                    .orElse("v1");
        }

        /// Its lease is renewed every 2 s and good for 15 s. Source: K8S leader election's defaults.
        private boolean controllerManagerLives() {
            return registry.get("leases/kube-system/kube-controller-manager")
                    .flatMap(lease -> lease.document().text("spec", "renewTime"))
                    .map(java.time.Instant::parse)
                    .filter(renewed ->
                            Duration.between(renewed, scene.clock().instant()).toSeconds() < 20)
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
            List<Allocation> missing = new java.util.ArrayList<>();
            for (Allocation allocation : network.inside(ranges)) {
                Stored address = network.addresses().get(allocation.address());
                String title = allocation.service().title();
                if (address == null) {
                    missing.add(allocation);
                } else if (!ServiceNetwork.parent(address).equals(title)) {
                    throw Target.refused(
                            "IPAddress " + allocation.address() + " belongs to Service "
                                    + ServiceNetwork.parent(address) + ", and Service " + title + " has that address",
                            "one owner of an address",
                            "make the younger of the two Services again");
                }
            }
            return missing;
        }

        private void absentOrRight(Optional<Stored> stored) {
            if (stored.isEmpty()) {
                draft.note("the object is not there: a kube-apiserver makes it within 10 s of its start; if one runs,"
                        + " somebody is half-way through a repair");
            } else {
                draft.note("the default ServiceCIDR is " + Cidr.join(target) + ", as the flags say: nothing to do");
            }
            if (network.kubernetes().isEmpty()) {
                draft.note("Service kubernetes is not there: a kube-apiserver makes it within 10 s once the range is"
                        + " right");
            }
        }

        private void certificate() {
            Optional<List<String>> names = scene.api().filter(_ -> apiUp()).map(ApiReading::certificateNames);
            if (names.isEmpty()) {
                draft.note("whether the kube-apiserver's certificate names "
                        + target.getFirst().first() + " is not known here");
            }
            new Refusals(network, target, registry, request).certificate(names);
        }

        private void verify() {
            Steps steps = new Steps(draft, registry, target, "v1");
            String strays = String.join(
                    ",", strays().stream().map(a -> a.service().title()).toList());
            Map<String, String> arguments =
                    Map.of("prefix", scene.prefix(), "strays", strays, "doubled", String.join(",", network.doubled()));
            draft.verify(Wait.until("the ServiceCIDR is " + Cidr.join(target) + " and ready", steps.right(), VERIFY));
            if (controllerManagerLives() && scene.isLive()) {
                draft.verify(Wait.until(
                        "the controller manager has put its finalizer on it",
                        new Check.Field(
                                registry.key("servicecidrs/kubernetes"),
                                "/metadata/finalizers",
                                "[\"networking.k8s.io/service-cidr-finalizer\"]"),
                        VERIFY));
            }
            draft.verify(Wait.until(
                    "Service kubernetes has " + address(),
                    new Check.Field(
                            registry.key("services/specs/default/kubernetes"),
                            "/spec/clusterIP",
                            Steps.quoted(address())),
                    VERIFY));
            draft.verify(Wait.until(
                    "Services and IPAddresses belong together one to one",
                    new Check.Named(ServiceCidrChecks.ONE_TO_ONE, arguments),
                    VERIFY));
            if (scene.isLive()) {
                draft.verify(Wait.until(
                        "the endpoints of Service kubernetes are the live kube-apiservers",
                        new Check.Named(ServiceCidrChecks.ENDPOINTS, Map.of("prefix", scene.prefix())),
                        VERIFY));
                draft.settled(Wait.until(
                        "no new event says ClusterIPOutOfRange",
                        new Check.Named(
                                ServiceCidrChecks.QUIET,
                                Map.of(
                                        "prefix", scene.prefix(),
                                        "strays", strays,
                                        "from", scene.clock().instant().toString(),
                                        "revision", registry.revision().toString())),
                        SETTLE));
            }
        }

        /// The address that Service `kubernetes` has at the end.
        private String address() {
            return network.kubernetes()
                    .flatMap(s -> ServiceNetwork.clusterAddresses(s).stream().findFirst())
                    .filter(a -> target.getFirst().contains(a))
                    .orElseGet(() -> target.getFirst().first())
                    .toString();
        }

        /// Services that stay outside: they keep working, and their addresses are unprotected until they are made
        /// again.
        private List<Allocation> strays() {
            List<Cidr> then = java.util.stream.Stream.concat(target.stream(), network.readyExtras().stream())
                    .toList();
            return network.outside(then).stream()
                    .filter(a -> !a.service().title().equals("default/kubernetes"))
                    .toList();
        }

        private void report(boolean replace, boolean move) {
            List.of("servicecidrs/", "ipaddresses/")
                    .forEach(folder -> registry.all(folder).forEach(stored -> draft.archive(stored.key())));
            network.services().forEach(service -> draft.archive(service.key()));
            draft.archive(registry.key("services/endpoints/default/kubernetes"));
            draft.archive(registry.key("endpointslices/default/kubernetes"));
            strays().forEach(stray -> draft.thenDo("Service " + stray.service().title() + " has " + stray.address()
                    + ", outside every range: it works, but nothing keeps the address from being given again; make it"
                    + " again"));
            network.extraRanges()
                    .forEach(extra -> draft.note("the extra ServiceCIDR " + extra.name() + " ("
                            + Cidr.join(ServiceNetwork.cidrs(extra))
                            + ") is as good to the allocator as the default one"));
            if (move) {
                stalePods().forEach(draft::thenDo);
            }
            if (replace) {
                draft.thenDo("restart the kube-apiservers one by one when it is quiet: belt and braces on 1.34 and"
                        + " later, required on 1.33 (its bitmap lives in memory)"
                        + ApiServers.restart(scene).map(how -> "; here: " + how).orElse(""));
                draft.undo(new UndoTerms(
                        List.of("the fault itself: the default ServiceCIDR "
                                + network.defaultRange()
                                        .map(r -> Cidr.join(ServiceNetwork.cidrs(r)))
                                        .orElse("")),
                        List.of("restart every kube-apiserver: the allocators of both ranges live on in memory")));
            }
        }

        /// A container's environment is frozen when it starts: pods that started while Service `kubernetes` had the old
        /// address keep it in KUBERNETES_SERVICE_HOST.
        private List<String> stalePods() {
            String since = network.kubernetes()
                    .flatMap(s -> s.document().text("metadata", "creationTimestamp"))
                    .orElse("");
            List<String> pods = registry.all("pods/").stream()
                    .filter(pod -> pod.document()
                                    .text("status", "startTime")
                                    .orElse("")
                                    .compareTo(since)
                            >= 0)
                    .filter(pod -> pod.document().text("status", "startTime").isPresent())
                    .map(Stored::title)
                    .toList();
            return pods.isEmpty()
                    ? List.of()
                    : List.of("restart " + pods.size() + " pods that know Service kubernetes by its old address: "
                            + String.join(", ", pods.stream().limit(10).toList())
                            + (pods.size() > 10 ? ", …" : ""));
        }
    }
}

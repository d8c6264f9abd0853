package io.etcdmedic.runbook.servicecidr;

import io.etcdmedic.apiserver.ApiReading;
import io.etcdmedic.kubernetes.network.Cidr;
import io.etcdmedic.repair.plan.Check;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.Wait;
import io.etcdmedic.runbook.OneCluster;
import io.etcdmedic.runbook.Registry;
import io.etcdmedic.runbook.Request;
import io.etcdmedic.runbook.Runbook;
import io.etcdmedic.runbook.Scene;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Brings IPAddress objects and Services together again: orphans go, what is missing is made; what two Services
/// share or what is outside every range is said, because only the operator can choose the Service that is made
/// again.
public final class IpAddresses implements Runbook {
    private static final Duration VERIFY = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "ipaddresses";
    }

    @Override
    public String when() {
        return "IPAddress objects and Services do not match: addresses that nobody has are taken, or two Services have"
                + " one (events IPAddressNotAllocated, ClusterIPAlreadyAllocated); with NAMESPACE/SERVICE: that Service gets"
                + " another address";
    }

    @Override
    public Plan plan(Scene scene, Request request) {
        Registry registry = scene.registry();
        Optional<ApiReading> api = OneCluster.check(scene, registry);
        ServiceNetwork network = ServiceNetwork.read(registry);
        ServiceNetwork.requireAll(registry, "planning ipaddresses");
        String version = api.flatMap(ready -> ready.servedVersion("networking.k8s.io", "ipaddresses"))
                .orElse("v1");
        if (!request.argument().isEmpty()) {
            return new Renumber(scene, request, registry, network, version).plan();
        }
        PlanDraft draft = scene.draft(name(), "IPAddress objects and Services");
        registry.troubles().forEach(trouble -> draft.warn("not decoded, and so not looked at: " + trouble));
        List<Cidr> ranges = network.readyRanges();
        Steps steps = new Steps(draft, registry, List.of(), version);
        draft.note(network.addresses().size() + " IPAddress objects, "
                + network.allocations().size() + " addresses of Services, "
                + network.orphans().size() + " orphans");
        network.orphans().forEach(steps::releaseOrphan);
        Set<String> doubled = network.doubled();
        network.inside(ranges).stream()
                .filter(a -> !network.addresses().containsKey(a.address()))
                .filter(a -> !doubled.contains(a.address().toString()))
                .forEach(steps::reserve);
        Set<String> left = leftToTheOperator(network, ranges, draft);
        if (draftIsEmpty(network, ranges, doubled)) {
            draft.note("no IPAddress is an orphan, and every Service inside a range has its own: nothing to do");
            return scene.build(draft);
        }
        network.addresses().values().forEach(stored -> draft.archive(stored.key()));
        draft.verify(Wait.until(
                "Services and IPAddresses belong together one to one",
                new Check.Named(
                        ServiceCidrChecks.ONE_TO_ONE,
                        Map.of(
                                "prefix", scene.prefix(),
                                "strays", String.join(",", left),
                                "doubled", String.join(",", doubled),
                                "orphans", "")),
                VERIFY));
        return scene.build(draft);
    }

    private static boolean draftIsEmpty(ServiceNetwork network, List<Cidr> ranges, Set<String> doubled) {
        return network.orphans().isEmpty()
                && network.inside(ranges).stream()
                        .filter(a -> !doubled.contains(a.address().toString()))
                        .allMatch(a -> network.addresses().containsKey(a.address()));
    }

    /// @return the Services that stay wrong until the operator makes them again
    private static Set<String> leftToTheOperator(ServiceNetwork network, List<Cidr> ranges, PlanDraft draft) {
        Set<String> left = new TreeSet<>();
        network.outside(ranges).forEach(a -> {
            draft.thenDo("Service " + a.service().title() + " has " + a.address()
                    + ", outside every range: give it another (medic fix ipaddresses "
                    + a.service().title()
                    + "), or bring the range back (medic fix servicecidr)");
            left.add(a.service().title());
        });
        network.duplicates()
                .forEach(twice -> draft.thenDo("one address of two Services: " + twice
                        + ": give the younger another: medic fix ipaddresses NAMESPACE/SERVICE"));
        return left;
    }
}

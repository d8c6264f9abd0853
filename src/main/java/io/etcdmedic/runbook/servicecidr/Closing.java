package io.etcdmedic.runbook.servicecidr;

import io.etcdmedic.kubernetes.network.Cidr;
import io.etcdmedic.repair.plan.Check;
import io.etcdmedic.repair.plan.Frame;
import io.etcdmedic.repair.plan.HostChange;
import io.etcdmedic.repair.plan.Inverse;
import io.etcdmedic.repair.plan.UndoTerms;
import io.etcdmedic.repair.plan.Wait;
import io.etcdmedic.runbook.ApiServerRestart;
import io.etcdmedic.runbook.Stored;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// How the plan of the repair ends: what is verified, archived, left to the operator, and what an undo means.
///
/// @param strays the addresses that stay outside every range
record Closing(Repair repair, List<Allocation> strays) {
    private static final int LISTED = 10;
    private static final Duration VERIFY = Duration.ofSeconds(30);
    private static final Duration SETTLE = Duration.ofMinutes(4);
    private static final Duration RESTART = Duration.ofMinutes(2);

    void plan(boolean replace, boolean move) {
        verify();
        archive();
        if (replace && !repair.request().restart().isEmpty()) {
            restart();
        }
        report(replace, move);
    }

    private void restart() {
        List<String> argv = repair.request().restart();
        repair.draft()
                .step(new HostChange.Command(
                        Frame.of(
                                        "restart the kube-apiserver of this machine: " + String.join(" ", argv),
                                        "kube-apiserver")
                                .waiting(Wait.until(
                                        "it is another process, and the Kubernetes API is ready again",
                                        Check.all(Restarted.ofThisMachine(repair.scene()), new Check.ApiReady()),
                                        RESTART))
                                .inverse(new Inverse.Needless("a restart changes nothing that is stored")),
                        argv,
                        new Check.Never(),
                        List.of()));
    }

    private void archive() {
        for (String folder : List.of("servicecidrs/", "ipaddresses/")) {
            repair.registry().keys(folder).forEach(repair.draft()::archive);
        }
        repair.network().services().forEach(service -> repair.draft().archive(service.key()));
        repair.draft().archive(repair.registry().key("services/endpoints/default/kubernetes"));
        repair.draft().archive(repair.registry().key("endpointslices/default/kubernetes"));
    }

    private void verify() {
        Steps steps = new Steps(repair.draft(), repair.registry(), repair.target(), "v1");
        verify("the ServiceCIDR is " + Cidr.join(repair.target()) + " and ready", steps.right());
        if (repair.controllerManagerLives() && repair.scene().isLive()) {
            verify(
                    "the controller manager has put its finalizer on it",
                    new Check.Field(
                            repair.registry().key("servicecidrs/kubernetes"),
                            "/metadata/finalizers",
                            "[\"networking.k8s.io/service-cidr-finalizer\"]"));
        }
        verify(
                "Service kubernetes has " + address(),
                new Check.Field(
                        repair.registry().key("services/specs/default/kubernetes"),
                        "/spec/clusterIP",
                        Steps.quoted(address())));
        String prefix = repair.scene().prefix();
        verify(
                "Services and IPAddresses belong together one to one",
                new Check.Named(
                        ServiceCidrChecks.ONE_TO_ONE,
                        Map.of(
                                "prefix", prefix,
                                "strays", outside(),
                                "doubled", String.join(",", repair.network().doubled()),
                                "orphans",
                                        String.join(
                                                ",",
                                                repair.network().orphans().stream()
                                                        .map(Stored::name)
                                                        .toList()))));
        if (repair.scene().isLive()) {
            verify(
                    "the endpoints of Service kubernetes are the live kube-apiservers",
                    new Check.Named(ServiceCidrChecks.ENDPOINTS, Map.of("prefix", prefix)));
            repair.draft().settled(Wait.until("no new event says ClusterIPOutOfRange", quiet(prefix), SETTLE));
        }
    }

    private void verify(String what, Check check) {
        repair.draft().verify(Wait.until(what, check, VERIFY));
    }

    private Check quiet(String prefix) {
        return new Check.Named(
                ServiceCidrChecks.QUIET,
                Map.of(
                        "prefix", prefix,
                        "strays", outside(),
                        "from", repair.scene().clock().instant().toString(),
                        "revision", repair.registry().revision().toString()));
    }

    private String outside() {
        return String.join(",", strays.stream().map(a -> a.service().title()).toList());
    }

    /// The address that Service `kubernetes` has at the end.
    private String address() {
        return repair.network()
                .kubernetes()
                .flatMap(s -> ServiceNetwork.clusterAddresses(s).stream().findFirst())
                .filter(a -> repair.target().getFirst().contains(a))
                .orElseGet(() -> repair.target().getFirst().first())
                .toString();
    }

    /// One task for each Service that stays outside.
    void strayTasks() {
        strays.forEach(stray -> repair.draft()
                .thenDo("Service " + stray.service().title() + " has " + stray.address()
                        + ", outside every range: it works, but nothing keeps the address from being given again; give it"
                        + " another: medic fix ipaddresses " + stray.service().title()));
    }

    private void orphanTasks() {
        List<Stored> orphans = repair.network().orphans();
        orphans.stream()
                .limit(LISTED)
                .forEach(orphan -> repair.draft()
                        .thenDo("IPAddress " + orphan.name() + " is an orphan of " + ServiceNetwork.owner(orphan)
                                + ": medic fix ipaddresses"));
        if (orphans.size() > LISTED) {
            repair.draft().thenDo((orphans.size() - LISTED) + " more IPAddresses are orphans: medic fix ipaddresses");
        }
    }

    private void report(boolean replace, boolean move) {
        strayTasks();
        orphanTasks();
        repair.network()
                .extraRanges()
                .forEach(extra -> repair.draft()
                        .note("the extra ServiceCIDR " + extra.name() + " ("
                                + Cidr.join(ServiceNetwork.cidrs(extra))
                                + ") is as good to the allocator as the default one"));
        if (move) {
            stalePods().forEach(repair.draft()::thenDo);
        }
        if (replace) {
            restartsLeft();
            repair.draft()
                    .undo(new UndoTerms(
                            List.of("the fault itself: the default ServiceCIDR "
                                    + repair.network()
                                            .defaultRange()
                                            .map(r -> Cidr.join(ServiceNetwork.cidrs(r)))
                                            .orElse("")),
                            List.of("restart every kube-apiserver: the allocators of both ranges live on in memory")));
        }
    }

    /// A container's environment is frozen when it starts: pods that started while Service `kubernetes` had the old
    /// address keep it in KUBERNETES_SERVICE_HOST.
    private List<String> stalePods() {
        String since = repair.network()
                .kubernetes()
                .flatMap(s -> s.document().text("metadata", "creationTimestamp"))
                .orElse("");
        List<String> pods = repair.registry().all("pods/").stream()
                .filter(pod ->
                        pod.document().text("status", "startTime").orElse("").compareTo(since) >= 0)
                .filter(pod -> pod.document().text("status", "startTime").isPresent())
                .map(Stored::title)
                .toList();
        return pods.isEmpty()
                ? List.of()
                : List.of("restart " + pods.size() + " pods that know Service kubernetes by its old address: "
                        + String.join(", ", pods.stream().limit(LISTED).toList())
                        + (pods.size() > LISTED ? ", …" : ""));
    }

    private void restartsLeft() {
        boolean done = !repair.request().restart().isEmpty();
        boolean single = repair.apiServers().facts().size() <= 1;
        if (done && single) {
            return;
        }
        String which = done ? "the other kube-apiservers" : "the kube-apiservers";
        String how = done
                ? ""
                : ApiServerRestart.here(repair.scene())
                        .map(argv -> "; here: " + String.join(" ", argv))
                        .orElse("");
        repair.draft().thenDo("restart " + which + why() + how);
    }

    private String why() {
        if (repair.versions().needRestart()) {
            return " now, one by one: before 1.34 each goes on with the old range's bitmap in memory until then";
        }
        return " one by one when it is quiet: belt and braces"
                + (repair.versions().oldest().isPresent()
                        ? ""
                        : " on 1.34 and later, required on 1.33 (its bitmap lives in memory)");
    }
}

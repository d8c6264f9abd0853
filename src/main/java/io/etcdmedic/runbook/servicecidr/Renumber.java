package io.etcdmedic.runbook.servicecidr;

import io.etcdmedic.apiserver.ApiName;
import io.etcdmedic.apiserver.ApiServer.Same;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.DocumentPath;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.kubernetes.network.Address;
import io.etcdmedic.kubernetes.network.Cidr;
import io.etcdmedic.repair.plan.ApiChange;
import io.etcdmedic.repair.plan.Check;
import io.etcdmedic.repair.plan.Frame;
import io.etcdmedic.repair.plan.Inverse;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.UndoTerms;
import io.etcdmedic.repair.plan.Wait;
import io.etcdmedic.runbook.Registry;
import io.etcdmedic.runbook.Request;
import io.etcdmedic.runbook.Scene;
import io.etcdmedic.runbook.Stored;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Gives one Service another address, by making it again: an address cannot be changed.
///
/// @param version in which IPAddress is served
record Renumber(Scene scene, Request request, Registry registry, ServiceNetwork network, String version) {
    private static final String LOAD_BALANCER = "load-balancer";
    private static final String ENDPOINTS = "endpoints";
    private static final Duration VERIFY = Duration.ofSeconds(15);

    /// What a cloud's controller takes away once the load balancer is gone. Source: K8S cloud-provider
    /// service/helpers, LoadBalancerCleanupFinalizer.
    private static final String CLEANUP = "service.kubernetes.io/load-balancer-cleanup";

    /// A cloud takes a minute or two to take a load balancer down.
    private static final Duration LET_GO = Duration.ofMinutes(5);

    Plan plan() {
        int slash = request.argument().indexOf('/');
        Stored service = network.service(
                        request.argument().substring(0, Math.max(0, slash)),
                        request.argument().substring(slash + 1))
                .orElseThrow(() -> new Failure.Absent(Problem.in("looking for Service " + request.argument())
                        .found("there is none")
                        .hint("medic fix ipaddresses NAMESPACE/SERVICE")));
        if (service.title().equals("default/kubernetes")) {
            throw refused("Service kubernetes is the API's own", "another one", "medic fix servicecidr");
        }
        PlanDraft draft = scene.draft("ipaddresses", "another address for Service " + service.title());
        List<Address> addresses = ServiceNetwork.clusterAddresses(service);
        List<Cidr> ranges = network.readyRanges();
        boolean outside = addresses.stream().anyMatch(a -> ranges.stream().noneMatch(range -> range.contains(a)));
        boolean doubled = addresses.stream().map(Address::toString).anyMatch(network.doubled()::contains);
        if (!outside && !doubled) {
            draft.note(
                    addresses.isEmpty()
                            ? "Service " + service.title() + " has no address: nothing to do"
                            : "Service " + service.title() + " has " + Json.compact(texts(addresses))
                                    + ", inside a range and its own: nothing to do");
            return scene.build(draft);
        }
        refuse(service);
        draft.note("Service " + service.title() + " has " + Json.compact(texts(addresses))
                + (outside ? ", outside every range" : ", which another Service has too"));
        draft.warn("it gets another address: whoever holds the old one instead of the name has to be told");
        finalizers(draft, service);
        steps(draft, service, addresses, outside);
        return scene.build(draft);
    }

    private void refuse(Stored service) {
        boolean balanced = service.document()
                .text("spec", "type")
                .filter("LoadBalancer"::equals)
                .isPresent();
        if (balanced && !request.accepted().contains(LOAD_BALANCER)) {
            throw refused(
                    "Service " + service.title() + " is a LoadBalancer",
                    "one without: its load balancer would be taken down and made again, with another address perhaps",
                    "--accept " + LOAD_BALANCER);
        }
        if (service.document().mapping("spec", "selector").isEmpty()
                && !request.accepted().contains(ENDPOINTS)) {
            throw refused(
                    "Service " + service.title()
                            + " has no selector: whoever made its Endpoints has to make them again",
                    "one with a selector",
                    "--accept " + ENDPOINTS);
        }
    }

    /// A finalizer keeps the deleted Service there until its owner takes it away: only then can it be made again.
    private void finalizers(PlanDraft draft, Stored service) {
        List<String> held = service.document().texts("metadata", "finalizers");
        held.stream()
                .filter(name -> !request.accepted().contains(name))
                .filter(name -> !name.equals(CLEANUP) || !request.accepted().contains(LOAD_BALANCER))
                .findFirst()
                .ifPresent(name -> {
                    throw refused(
                            "Service " + service.title() + " has finalizer " + name
                                    + ": once deleted it stays until the finalizer's owner takes that away, and only"
                                    + " then can it be made again",
                            "none",
                            "--accept " + name + " waits for that; nothing takes the deletion back");
                });
        if (held.isEmpty()) {
            draft.warn("it is gone for some milliseconds");
        } else {
            draft.warn("it is gone until " + String.join(" and ", held) + " is taken away: up to " + LET_GO.toMinutes()
                    + " minutes are waited for that");
        }
    }

    private static Frame deletion(Stored service) {
        Check seen = new Check.Field(service.key(), "/metadata/uid", Steps.quoted(service.uid()));
        boolean held = !service.document().texts("metadata", "finalizers").isEmpty();
        Frame frame = Frame.of(
                        "delete service " + service.title() + ", to make it again "
                                + (held ? "once its finalizers let it go" : "at once"),
                        "service " + service.title())
                .inverse(new Inverse.Stored())
                .when(seen);
        return held
                ? frame.waiting(Wait.until("Service " + service.title() + " is gone", Check.not(seen), LET_GO))
                : frame;
    }

    private void steps(PlanDraft draft, Stored service, List<Address> addresses, boolean outside) {
        ApiName name = new ApiName("", "v1", "services", service.namespace(), service.name());
        Check another = new Check.Named(
                ServiceCidrChecks.RENUMBERED,
                Map.of(
                        "prefix", scene.prefix(),
                        "namespace", service.namespace(),
                        "name", service.name(),
                        "old",
                                String.join(
                                        ",",
                                        addresses.stream()
                                                .map(Address::toString)
                                                .toList())));
        Document again = Steps.fresh(service.document())
                .without(DocumentPath.of("spec", "clusterIP"))
                .without(DocumentPath.of("spec", "clusterIPs"));
        draft.step(new ApiChange.Delete(
                deletion(service),
                name,
                service.key(),
                Optional.of(new Same(
                        service.uid(), Optional.of(service.entry().modRevision().toString()))),
                Optional.of(draft.value(Json.compactBytes(Steps.fresh(service.document()))))));
        draft.step(new ApiChange.Create(
                Frame.of("create service " + service.title() + " with a new address", "service " + service.title())
                        .inverse(new Inverse.Stored())
                        .when(Check.not(another)),
                name,
                service.key(),
                draft.value(Json.compactBytes(again)),
                another));
        if (outside) {
            release(draft, addresses, service);
        }
        draft.verify(Wait.until("Service " + service.title() + " has an address of its own", another, VERIFY));
        draft.undo(new UndoTerms(
                List.of("Service " + service.title() + " with its old address"),
                List.of("look at Service " + service.title() + ": no range protects its old address")));
    }

    /// A Service whose address is in no range leaves its IPAddress behind when it is deleted.
    private void release(PlanDraft draft, List<Address> addresses, Stored service) {
        Steps steps = new Steps(draft, registry, List.of(), version);
        addresses.stream()
                .flatMap(address -> Optional.ofNullable(network.addresses().get(address)).stream())
                .filter(old -> ServiceNetwork.parent(old).equals(service.title()))
                .forEach(steps::releaseOrphan);
    }

    private static Document texts(List<Address> addresses) {
        return new Document.Sequence(addresses.stream()
                .<Document>map(address -> new Document.Text(address.toString()))
                .toList());
    }

    private static Failure refused(String found, String expected, String hint) {
        return new Failure.Refused(Problem.in("planning ipaddresses")
                .found(found)
                .expected(expected)
                .hint(hint));
    }
}

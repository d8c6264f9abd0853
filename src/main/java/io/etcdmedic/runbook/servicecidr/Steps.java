package io.etcdmedic.runbook.servicecidr;

import io.etcdmedic.apiserver.ApiName;
import io.etcdmedic.apiserver.ApiServer.Same;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Mapping;
import io.etcdmedic.document.Document.Sequence;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.DocumentPath;
import io.etcdmedic.document.Json;
import io.etcdmedic.kubernetes.network.Address;
import io.etcdmedic.kubernetes.network.Cidr;
import io.etcdmedic.repair.plan.ApiChange;
import io.etcdmedic.repair.plan.Check;
import io.etcdmedic.repair.plan.Expect;
import io.etcdmedic.repair.plan.Frame;
import io.etcdmedic.repair.plan.Inverse;
import io.etcdmedic.repair.plan.KeyChange;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.Precondition;
import io.etcdmedic.repair.plan.Wait;
import io.etcdmedic.runbook.Registry;
import io.etcdmedic.runbook.Stored;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The steps of the repair, each safe to stop after.
///
/// @param version the version in which ServiceCIDR and IPAddress are served
record Steps(PlanDraft draft, Registry registry, List<Cidr> target, String version) {
    /// Every kube-apiserver looks every 10 s; the rest is for its work. Source: K8S defaultservicecidr controller.
    private static final Duration REMADE = Duration.ofSeconds(20);

    /// On a machine whose disk is busy, its work takes longer; while one answers there is nobody else to wait for.
    private static final Duration REMADE_BY_ONE_THAT_ANSWERS = Duration.ofSeconds(60);

    /// The controller manager's grace of 10 s, a kube-apiserver's loop of 10 s, and 10 s more.
    private static final Duration GONE_BY_API = Duration.ofSeconds(30);

    private static final String GROUP = "networking.k8s.io";
    private static final String OBJECT = "servicecidr kubernetes";

    // (a)

    /// Reserves the address of a Service that has no IPAddress, so that no second Service can be given it.
    void reserve(Allocation allocation) {
        Address address = allocation.address();
        Stored service = allocation.service();
        draft.step(new ApiChange.Create(
                Frame.of("create ipaddress " + address + " for Service " + service.title(), "ipaddress " + address),
                new ApiName(GROUP, version, "ipaddresses", "", address.toString()),
                addressKey(address),
                draft.value(Json.compactBytes(ipAddress(address, service))),
                parentIs(address, service)));
    }

    private io.etcdmedic.keyspace.Key addressKey(Address address) {
        return registry.key("ipaddresses/" + address);
    }

    private Check parentIs(Address address, Stored service) {
        return Check.all(
                new Check.Field(addressKey(address), "/spec/parentRef/namespace", quoted(service.namespace())),
                new Check.Field(addressKey(address), "/spec/parentRef/name", quoted(service.name())));
    }

    private Document ipAddress(Address address, Stored service) {
        String labels = "metadata.labels.";
        return with(
                Mapping.EMPTY,
                Map.of(
                        "apiVersion",
                        GROUP + "/" + version,
                        "kind",
                        "IPAddress",
                        "metadata.name",
                        address.toString(),
                        labels + "ipaddress~kubernetes~io/ip-family",
                        address.family().words(),
                        labels + "ipaddress~kubernetes~io/managed-by",
                        ServiceNetwork.ALLOCATOR,
                        "spec.parentRef.group",
                        "",
                        "spec.parentRef.resource",
                        "services",
                        "spec.parentRef.namespace",
                        service.namespace(),
                        "spec.parentRef.name",
                        service.name()));
    }

    /// Paths are dotted; `~` stands for a dot inside of a name.
    private static Document with(Document document, Map<String, String> texts) {
        Document result = document;
        for (Map.Entry<String, String> text : new java.util.TreeMap<>(texts).entrySet()) {
            List<String> steps = java.util.Arrays.stream(text.getKey().split("\\."))
                    .map(step -> step.replace('~', '.'))
                    .toList();
            result = result.with(new DocumentPath(steps), new Text(text.getValue()));
        }
        return result;
    }

    // (b) and (c)

    /// The kube-apiservers that could make the object anew.
    ///
    /// @param answer whether the API answers now
    record Makers(String words, boolean answer) {}

    /// Deletes the object in etcd exactly as it was seen; a kube-apiserver makes it anew from its flags.
    void deleteInEtcd(Stored wrong, Makers makers) {
        draft.step(KeyChange.of(
                Frame.of("delete " + OBJECT + " in etcd", OBJECT).waiting(remade(wrong, makers)),
                KeyChange.Edit.delete(wrong.entry())));
    }

    /// Deletes the object in etcd as long as it is the same one with the same range, whatever its revision: for one
    /// that is being deleted, whose status moves.
    void deleteInEtcdStillThere(Stored wrong, Makers makers) {
        Check same = stillThere(wrong);
        draft.step(KeyChange.of(
                Frame.of("delete " + OBJECT + " in etcd, if it is still there", OBJECT)
                        .when(same)
                        .waiting(remade(wrong, makers)),
                new KeyChange.Edit(wrong.key(), new Expect.Meeting(same), new KeyChange.Effect.Delete())));
    }

    void deleteThroughApi(Stored wrong, Makers makers) {
        Wait wait = remade(wrong, makers);
        draft.step(new ApiChange.Delete(
                Frame.of("delete " + OBJECT + " through the API", OBJECT)
                        .when(stillThere(wrong))
                        .inverse(new Inverse.Stored())
                        .waiting(new Wait(wait.what(), wait.until(), wait.wrong(), GONE_BY_API, Wait.Late.GO_ON)),
                new ApiName(GROUP, version, "servicecidrs", "", ServiceNetwork.DEFAULT),
                wrong.key(),
                Optional.of(new Same(
                        wrong.uid(), Optional.of(wrong.entry().modRevision().toString()))),
                Optional.of(draft.value(Json.compactBytes(fresh(wrong.document()))))));
    }

    private static Check stillThere(Stored wrong) {
        return Check.all(
                new Check.Field(wrong.key(), "/metadata/uid", quoted(wrong.uid())),
                new Check.Field(wrong.key(), "/spec/cidrs", json(ServiceNetwork.cidrs(wrong))));
    }

    private Wait remade(Stored wrong, Makers makers) {
        Check another = Check.all(
                new Check.Present(wrong.key()),
                Check.not(new Check.Field(wrong.key(), "/metadata/uid", quoted(wrong.uid()))));
        return new Wait(
                "a kube-apiserver makes the ServiceCIDR anew with " + Cidr.join(target) + " (" + makers.words() + ")",
                Check.all(another, right()),
                Check.all(another, Check.not(rangeIsTarget())),
                makers.answer() ? REMADE_BY_ONE_THAT_ANSWERS : REMADE,
                Wait.Late.STOP);
    }

    Check rangeIsTarget() {
        return new Check.Field(registry.key("servicecidrs/kubernetes"), "/spec/cidrs", json(target));
    }

    /// The target that [#right] asks for; empty for another question.
    static Optional<List<Cidr>> range(Check check) {
        return check instanceof Check.All all
                        && all.checks().getFirst() instanceof Check.Field field
                        && field.pointer().equals("/spec/cidrs")
                ? Optional.of(Json.read(field.json()).texts().stream()
                        .flatMap(text -> Cidr.parse(text).stream())
                        .toList())
                : Optional.empty();
    }

    Check right() {
        return Check.all(
                rangeIsTarget(), new Check.Condition(registry.key("servicecidrs/kubernetes"), "Ready", "True"));
    }

    // (d)

    /// Exchanges Service `kubernetes` for one with the first address of the target.
    void moveKubernetes(Stored service, Optional<Stored> oldAddress) {
        Address first = target.getFirst().first();
        ApiName name = new ApiName("", "v1", "services", "default", "kubernetes");
        Check moved = new Check.Field(service.key(), "/spec/clusterIP", quoted(first.toString()));
        Precondition ready = new Precondition(
                right(),
                "the ServiceCIDR is not right and ready: without it Service kubernetes cannot be made again",
                REMADE);
        Precondition free = new Precondition(
                new Check.Named(
                        ServiceCidrChecks.FREE, Map.of("prefix", registry.prefix(), "address", first.toString())),
                first + " is taken: Service kubernetes could not be made again");
        Precondition lettingGo = new Precondition(
                new Check.Field(service.key(), "/metadata/finalizers", "null"),
                "a finalizer would keep the deleted Service kubernetes there: it could not be made again");
        draft.step(new ApiChange.Delete(
                Frame.of("delete service kubernetes, to make it again at once", "service default/kubernetes")
                        .when(new Check.Field(service.key(), "/metadata/uid", quoted(service.uid())))
                        .inverse(new Inverse.Stored())
                        .requiring(ready, free, lettingGo),
                name,
                service.key(),
                Optional.of(new Same(service.uid(), Optional.empty())),
                Optional.of(draft.value(Json.compactBytes(fresh(service.document()))))));
        draft.step(new ApiChange.Create(
                Frame.of("create service kubernetes with " + first, "service default/kubernetes")
                        .inverse(new Inverse.Stored()),
                name,
                service.key(),
                draft.value(Json.compactBytes(at(fresh(service.document()), first))),
                moved));
        oldAddress.ifPresent(this::releaseOldAddress);
    }

    private void releaseOldAddress(Stored old) {
        draft.step(new ApiChange.Delete(
                Frame.of("delete ipaddress " + old.name() + ", which Service kubernetes had", "ipaddress " + old.name())
                        .inverse(new Inverse.Stored())
                        .when(new Check.Field(old.key(), "/metadata/uid", quoted(old.uid()))),
                new ApiName(GROUP, version, "ipaddresses", "", old.name()),
                old.key(),
                Optional.of(new Same(old.uid(), Optional.empty())),
                Optional.of(draft.value(Json.compactBytes(fresh(old.document()))))));
    }

    /// Deletes an IPAddress whose Service is gone or has another address.
    void releaseOrphan(Stored orphan) {
        draft.step(new ApiChange.Delete(
                Frame.of(
                                "delete ipaddress " + orphan.name() + ", an orphan of " + ServiceNetwork.owner(orphan),
                                "ipaddress " + orphan.name())
                        .inverse(new Inverse.Stored())
                        .when(new Check.Field(orphan.key(), "/metadata/uid", quoted(orphan.uid()))),
                new ApiName(GROUP, version, "ipaddresses", "", orphan.name()),
                orphan.key(),
                Optional.of(new Same(
                        orphan.uid(), Optional.of(orphan.entry().modRevision().toString()))),
                Optional.of(draft.value(Json.compactBytes(fresh(orphan.document()))))));
    }

    private static Document at(Document service, Address address) {
        Text literal = new Text(address.toString());
        return service.with(DocumentPath.of("spec", "clusterIP"), literal)
                .with(DocumentPath.of("spec", "clusterIPs"), Sequence.of(literal));
    }

    /// The object without what the server fills in.
    static Document fresh(Document stored) {
        Document result = stored.without(DocumentPath.of("status"));
        for (String field : List.of(
                "uid",
                "resourceVersion",
                "generation",
                "creationTimestamp",
                "deletionTimestamp",
                "deletionGracePeriodSeconds",
                "finalizers",
                "managedFields")) {
            result = result.without(DocumentPath.of("metadata", field));
        }
        return result;
    }

    static String quoted(String text) {
        return Json.compact(new Text(text));
    }

    static String json(List<Cidr> ranges) {
        return Json.compact(new Sequence(ranges.stream()
                .<Document>map(range -> new Text(range.toString()))
                .toList()));
    }
}

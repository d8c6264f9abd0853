package io.etcdmedic.runbook;

import io.etcdmedic.apiserver.ApiName;
import io.etcdmedic.apiserver.ApiReading;
import io.etcdmedic.apiserver.ApiServer;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Sequence;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.DocumentPath;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.repair.NamedCheck;
import io.etcdmedic.repair.plan.ApiChange;
import io.etcdmedic.repair.plan.Check;
import io.etcdmedic.repair.plan.Frame;
import io.etcdmedic.repair.plan.Inverse;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.Precondition;
import io.etcdmedic.repair.plan.Wait;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/// Ends a namespace that is stuck Terminating: what holds it is found and said first; the namespace itself is
/// finalized only when nothing of it is left, because whatever is left then can never be deleted through the API
/// again. Source: K8S pkg/controller/namespace/deletion, kubernetes#60807.
final class Namespaces implements Runbook {
    private static final String EMPTY = "namespace.empty";
    private static final Duration CONTROLLER = Duration.ofSeconds(30);
    private static final String APISERVICE = "apiservice";

    /// Who removes a finalizer when all is well.
    private static final Map<String, String> OWNERS = Map.of(
            "kubernetes.io/pvc-protection", "the controller manager, once no pod uses the claim",
            "kubernetes.io/pv-protection", "the controller manager, once the volume is not bound",
            "foregroundDeletion", "the garbage collector, once the dependents are gone",
            "orphan", "the garbage collector",
            "service.kubernetes.io/load-balancer-cleanup", "the cloud's controller manager",
            "batch.kubernetes.io/job-tracking", "the job controller");

    @Override
    public String name() {
        return "namespace";
    }

    @Override
    public String when() {
        return "a namespace is stuck Terminating: `fix namespace NAME` says what holds it";
    }

    private record Left(StoredName name, Stored stored) {
        List<String> finalizers() {
            return stored.document().texts("metadata", "finalizers");
        }
    }

    @Override
    public Plan plan(Scene scene, Request request) {
        if (request.argument().isEmpty()) {
            throw new Failure.Usage(
                    Problem.in("planning namespace").found("no name").hint("medic fix namespace NAME"));
        }
        Registry registry = scene.registry();
        Optional<ApiReading> api = OneCluster.check(scene, registry);
        PlanDraft draft = scene.draft(name(), "namespace " + request.argument());
        Optional<Stored> found = registry.readable("namespaces/" + request.argument());
        if (found.isEmpty()) {
            int orphans = keys(registry, scene.prefix(), request.argument()).size();
            draft.note("there is no namespace " + request.argument() + ": nothing to do"
                    + (orphans == 0
                            ? ""
                            : ", though " + orphans + " objects are left in it: make it again and delete it through the"
                                    + " API"));
            return scene.build(draft);
        }
        Stored namespace = found.get();
        if (!namespace.isTerminating()) {
            throw refused(
                    "namespace " + namespace.name() + " is not being deleted", "one that is stuck Terminating", "");
        }
        List<Left> left = left(scene, registry, request.argument());
        deadServices(registry, request, draft);
        undefined(left, api);
        causes(namespace, left, draft);
        List<Left> held = left.stream().filter(l -> !l.finalizers().isEmpty()).toList();
        allAccepted(held, request);
        Check still = new Check.Field(namespace.key(), "/metadata/uid", quoted(namespace.uid()));
        for (int i = 0; i < held.size(); i++) {
            release(draft, held.get(i), api, i == held.size() - 1 ? Optional.of(gone(namespace)) : Optional.empty());
        }
        finalizeNamespace(draft, namespace, still, scene.prefix());
        left.forEach(l -> draft.archive(l.stored().key()));
        draft.verify(Wait.until(
                "namespace " + namespace.name() + " is gone", new Check.Absent(namespace.key()), CONTROLLER));
        return scene.build(draft);
    }

    private static Wait gone(Stored namespace) {
        return new Wait(
                "the controller manager ends namespace " + namespace.name(),
                new Check.Absent(namespace.key()),
                new Check.Never(),
                CONTROLLER,
                Wait.Late.GO_ON);
    }

    /// An API that is registered and does not answer stops every deletion of a namespace.
    private static void deadServices(Registry registry, Request request, PlanDraft draft) {
        for (Stored service : registry.all("apiregistration.k8s.io/apiservices/")) {
            boolean dead = service.document().at("spec", "service").isPresent()
                    && service.document()
                            .text("status", "conditions", "type=Available", "status")
                            .filter("False"::equals)
                            .isPresent();
            if (!dead) {
                continue;
            }
            String why = "the API " + service.name() + " is registered and does not answer ("
                    + service.document()
                            .text("status", "conditions", "type=Available", "message")
                            .orElse("no reason given")
                    + "), which stops the deletion of every namespace";
            if (!request.accepted().contains(APISERVICE)) {
                throw refused(
                        why,
                        "every registered API to answer: what lives in it cannot be seen from etcd",
                        "repair its backend, or kubectl delete apiservice " + service.name() + "; or --accept "
                                + APISERVICE);
            }
            draft.warn(why);
        }
    }

    /// What no API serves, nobody can delete: its definition went before it.
    private static void undefined(List<Left> left, Optional<ApiReading> api) {
        Predicate<StoredName> served = name -> api.map(ready ->
                        ready.servedVersion(name.group(), name.resource()).isPresent())
                .orElse(true);
        List<Left> orphans = left.stream()
                .filter(l -> !l.name().group().isEmpty() && !served.test(l.name()))
                .toList();
        if (!orphans.isEmpty()) {
            Left first = orphans.getFirst();
            throw refused(
                    orphans.size() + " objects are left whose definition is gone, " + first.name() + " among them",
                    "kinds that the API serves: nobody can delete these any more",
                    "kubectl apply its definition again; or delete them in etcd: medic delete "
                            + first.stored().key().display());
        }
    }

    private static void causes(Stored namespace, List<Left> left, PlanDraft draft) {
        namespace.document().list("status", "conditions").stream()
                .filter(c -> c.text("status").filter("True"::equals).isPresent())
                .forEach(c -> draft.note(
                        c.text("type").orElse("") + ": " + c.text("message").orElse("")));
        Map<String, Integer> kinds = new TreeMap<>();
        left.forEach(l -> kinds.merge(l.name().resource(), 1, Integer::sum));
        draft.note(
                kinds.isEmpty()
                        ? "nothing is left in it in etcd"
                        : "left in it: "
                                + String.join(
                                        ", ",
                                        kinds.entrySet().stream()
                                                .map(e -> e.getValue() + " " + e.getKey())
                                                .toList()));
        left.stream()
                .filter(l -> !l.finalizers().isEmpty())
                .forEach(l -> l.finalizers()
                        .forEach(f -> draft.note(l.name() + " is held by finalizer " + f + ", which "
                                + OWNERS.getOrDefault(f, "the controller that set it") + " should remove")));
    }

    private static void allAccepted(List<Left> held, Request request) {
        Set<String> missing = new TreeSet<>();
        held.forEach(l -> l.finalizers().stream()
                .filter(f -> !request.accepted().contains(f))
                .forEach(missing::add));
        if (!missing.isEmpty()) {
            Left first = held.getFirst();
            throw refused(
                    held.size() + " objects are held by finalizers, " + first.name() + " (" + first.finalizers()
                            + ") among" + " them",
                    "their controllers to remove them: each finalizer stands for something to be cleaned up",
                    "run the controller; or, when it is gone for good, "
                            + String.join(
                                    " ",
                                    missing.stream().map(f -> "--accept " + f).toList()));
        }
    }

    /// One finalizer after the other. The first names the revision that was seen; behind it that is another, and
    /// the list itself is compared.
    private static void release(PlanDraft draft, Left left, Optional<ApiReading> api, Optional<Wait> afterwards) {
        Stored stored = left.stored();
        List<String> finalizers = left.finalizers();
        for (int i = 0; i < finalizers.size(); i++) {
            Frame frame = Frame.of(
                            "remove finalizer " + finalizers.get(i) + " of " + left.name(),
                            left.name().toString())
                    .when(Check.all(
                            new Check.Field(stored.key(), "/metadata/uid", quoted(stored.uid())),
                            Check.not(taken(stored.key(), finalizers.subList(i + 1, finalizers.size())))))
                    .inverse(new Inverse.Impossible("the object is gone as soon as its finalizers are"));
            boolean last = i == finalizers.size() - 1;
            draft.step(new ApiChange.Patch(
                    afterwards.filter(_ -> last).map(frame::waiting).orElse(frame),
                    left.name().served(stored.document().text("apiVersion").orElse("v1"), api),
                    stored.key(),
                    new ApiServer.Same(
                            stored.uid(),
                            i == 0 ? Optional.of(stored.entry().modRevision().toString()) : Optional.empty()),
                    ApiServer.PatchType.JSON,
                    draft.value(Json.compactBytes(shorter(finalizers.subList(i, finalizers.size())))),
                    Optional.empty()));
        }
    }

    /// Somebody took it away already: its controller, or a run whose answer was lost.
    private static Check taken(Key object, List<String> rest) {
        String pointer = "/metadata/finalizers";
        Check exactly = new Check.Field(object, pointer, Json.compact(texts(rest)));
        return rest.isEmpty() ? Check.any(exactly, new Check.Field(object, pointer, "null")) : exactly;
    }

    private static Document texts(List<String> list) {
        return new Sequence(list.stream().<Document>map(Text::new).toList());
    }

    /// A JSON patch that takes the first of `finalizers` away, if they are what is there.
    private static Document shorter(List<String> finalizers) {
        return Sequence.of(
                operation("test", finalizers), operation("replace", finalizers.subList(1, finalizers.size())));
    }

    private static Document operation(String op, List<String> finalizers) {
        return Document.Mapping.EMPTY
                .with(DocumentPath.of("op"), new Text(op))
                .with(DocumentPath.of("path"), new Text("/metadata/finalizers"))
                .with(DocumentPath.of("value"), texts(finalizers));
    }

    private static void finalizeNamespace(PlanDraft draft, Stored namespace, Check still, String prefix) {
        ApiName name = new ApiName("", "v1", "namespaces", "", namespace.name());
        Document finalized = namespace
                .document()
                .with(DocumentPath.of("spec", "finalizers"), Sequence.EMPTY)
                .without(DocumentPath.of("metadata", "resourceVersion"));
        draft.step(new ApiChange.Patch(
                Frame.of(
                                "finalize namespace " + namespace.name() + ", if it is still there",
                                "namespace " + name.name())
                        .when(still)
                        .requiring(new Precondition(
                                new Check.Named(EMPTY, Map.of("prefix", prefix, "namespace", namespace.name())),
                                "something is left in the namespace; finalized, it could never be deleted again"))
                        .inverse(new Inverse.Impossible("the namespace is gone")),
                name,
                namespace.key(),
                new ApiServer.Same(namespace.uid(), Optional.empty()),
                ApiServer.PatchType.FINALIZE,
                draft.value(Json.compactBytes(finalized)),
                Optional.empty()));
    }

    private static List<Left> left(Scene scene, Registry registry, String namespace) {
        List<Left> found = new ArrayList<>();
        for (Key key : keys(registry, scene.prefix(), namespace)) {
            String path = key.text().substring(scene.prefix().length() + 1);
            registry.get(path)
                    .ifPresent(stored -> found.add(new Left(StoredName.of(path).orElseThrow(), stored)));
        }
        if (!registry.troubles().isEmpty()) {
            throw refused(
                    registry.troubles().getFirst(),
                    "to read everything that is left in the namespace",
                    "medic fix undecodable; where values are encrypted: --encryption-config FILE");
        }
        return found;
    }

    /// The keys of what is in the namespace, but Events, which nothing holds and which expire.
    private static List<Key> keys(Registry registry, String prefix, String namespace) {
        return registry.keys("").stream()
                .filter(key -> StoredName.of(key.text().substring(prefix.length() + 1))
                        .filter(name -> name.namespace().equals(namespace))
                        .filter(name -> !name.resource().equals("events"))
                        .isPresent())
                .toList();
    }

    @Override
    public Map<String, NamedCheck> checks(Decoder decoder, Clock clock) {
        return Map.of(EMPTY, (keyspace, at, arguments) -> empty(keyspace, at, arguments, decoder));
    }

    private static Optional<String> empty(
            Keyspace keyspace, Revision at, Map<String, String> arguments, Decoder decoder) {
        Registry registry = Registry.of(keyspace, at, decoder, arguments);
        List<Key> left = keys(registry, registry.prefix(), arguments.getOrDefault("namespace", ""));
        return left.isEmpty()
                ? Optional.empty()
                : Optional.of(left.size() + " objects, " + left.getFirst().display() + " among them");
    }

    private static String quoted(String text) {
        return Json.compact(new Text(text));
    }

    private static Failure refused(String found, String expected, String hint) {
        return new Failure.Refused(
                Problem.in("planning namespace").found(found).expected(expected).hint(hint));
    }
}

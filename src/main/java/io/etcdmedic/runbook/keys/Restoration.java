package io.etcdmedic.runbook.keys;

import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.document.Document;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.kubernetes.ObjectName;
import io.etcdmedic.kubernetes.RegistryKeys;
import io.etcdmedic.kubernetes.Resource;
import io.etcdmedic.kubernetes.Resources;
import io.etcdmedic.repair.plan.Binding;
import io.etcdmedic.repair.plan.Check;
import io.etcdmedic.repair.plan.Expect;
import io.etcdmedic.repair.plan.Frame;
import io.etcdmedic.repair.plan.KeyChange;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.UndoTerms;
import io.etcdmedic.repair.plan.Wait;
import io.etcdmedic.runbook.Decoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Plans that write stored values back as they were, byte for byte: from an archive, a snapshot or etcd's history.
///
/// A key that is there is left alone, or with `replace` overwritten if it is still as it was seen. A lease does not
/// come back: who held it is gone.
public final class Restoration {
    private static final Duration SEEN_WITHIN = Duration.ofSeconds(5);
    private static final int WARNINGS_MAX = 30;

    /// Source: k8s.io/kubernetes pkg/controller/garbagecollector, `absentOwnerCache`: 500 of them, by UID.
    private static final String REMEMBERED = "owners come back with what they own: if kube-controller-manager saw them"
            + " go, its garbage collector may remember that and delete what they own again; restart it before";

    private static final String HELD = "every key holds its value of then";
    private static final String HELD_OR_WRITTEN =
            "what no controller makes is there, and holds its value of then unless one keeps a status in it";

    private final Objects objects;
    private final Keyspace keyspace;
    private final boolean replace;
    private final Set<String> doubts = new java.util.LinkedHashSet<>();
    private final Set<Key> coming = new HashSet<>();

    /// @param keyspace what is written to
    public Restoration(RegistryKeys registry, Decoder decoder, Keyspace keyspace, boolean replace) {
        this.objects = new Objects(registry, decoder);
        this.keyspace = keyspace;
        this.replace = replace;
    }

    /// @param wanted the values as they were kept
    /// @param from where they were kept, in words
    public PlanDraft of(List<Entry> wanted, String from, String command, Binding now) {
        List<Entry> ordered = wanted.stream()
                .sorted(Comparator.<Entry>comparingInt(this::rank).thenComparing(Entry::key))
                .toList();
        ordered.forEach(entry -> coming.add(entry.key()));
        String what = wanted.size() == 1 ? objects.name(wanted.getFirst().key()) : wanted.size() + " objects";
        PlanDraft draft = new PlanDraft(command, command + " " + what + " from " + from, now);
        List<Entry> writing = new ArrayList<>();
        List<Check> held = new ArrayList<>();
        int same = 0;
        List<String> there = new ArrayList<>();
        for (Entry entry : ordered) {
            Optional<Entry> present = keyspace.get(entry.key(), Optional.of(now.floor()));
            if (present.isPresent() && present.get().value().equals(entry.value())) {
                same++;
            } else if (present.isPresent() && !replace) {
                there.add(objects.name(entry.key()));
            } else {
                step(draft, entry, present);
                writing.add(entry);
                check(entry).ifPresent(held::add);
            }
        }
        notes(draft, writing, same, there);
        if (!held.isEmpty()) {
            boolean all = held.size() == writing.size() && held.stream().allMatch(Check.Holds.class::isInstance);
            draft.verify(Wait.until(all ? HELD : HELD_OR_WRITTEN, new Check.All(held), SEEN_WITHIN));
        }
        if (!writing.isEmpty()) {
            draft.undo(new UndoTerms(List.of("the state before: what was absent is deleted again"), List.of()));
        }
        return draft;
    }

    private void step(PlanDraft draft, Entry entry, Optional<Entry> present) {
        String name = objects.name(entry.key());
        Frame frame = Frame.of((present.isPresent() ? "replace " : "put back ") + name, name);
        if (present.isEmpty() && coming.size() > 1 && isMadeByController(entry)) {
            frame = frame.when(new Check.Absent(entry.key()));
        }
        draft.step(KeyChange.of(
                frame,
                new KeyChange.Edit(
                        entry.key(),
                        Expect.of(present),
                        new KeyChange.Effect.Put(draft.value(entry.value()), LeaseId.NONE))));
        if (!entry.lease().isNone()) {
            doubts.add(name + " was held by lease " + entry.lease().hex()
                    + ": it comes back without one, and stays until somebody deletes it");
        }
        objects.document(entry).ifPresent(document -> doubts(name, document, present));
    }

    /// What a controller writes to as soon as it is there has the value of then for a moment only, and what it
    /// makes it may take away at once: that those were written say their transactions. One object alone is looked
    /// at all the same.
    private Optional<Check> check(Entry entry) {
        if (coming.size() == 1) {
            return Optional.of(new Check.Holds(entry.key(), Sha256.of(entry.value())));
        }
        if (isMadeByController(entry)) {
            return Optional.empty();
        }
        boolean written = objects.document(entry)
                .filter(document -> document.at("status").isPresent())
                .isPresent();
        return Optional.of(
                written ? new Check.Present(entry.key()) : new Check.Holds(entry.key(), Sha256.of(entry.value())));
    }

    /// Whether a controller makes the object by itself, and may do so before its turn comes: then its own is as
    /// good.
    private boolean isMadeByController(Entry entry) {
        Optional<ObjectName> name = objects.registry().parse(entry.key().bytes());
        return name.filter(object -> MADE.contains(object.resource().folder() + "/" + object.name())
                                || MADE_ALL.contains(object.resource().folder()))
                        .isPresent()
                || objects.document(entry).stream()
                        .flatMap(document -> document.list("metadata", "ownerReferences").stream())
                        .anyMatch(owner -> owner.truth("controller").orElse(false));
    }

    /// In every namespace.
    private static final Set<String> MADE =
            Set.of("serviceaccounts/default", "configmaps/kube-root-ca.crt", "configmaps/openshift-service-ca.crt");

    private static final Set<String> MADE_ALL = Set.of("services/endpoints", "events");

    private void notes(PlanDraft draft, List<Entry> writing, int same, List<String> there) {
        objects.counts(writing.stream().map(Entry::key).toList()).forEach(draft::note);
        if (same > 0) {
            draft.note(same + " of them are there with this very value: left alone");
        }
        if (!there.isEmpty()) {
            draft.note(there.size() + " of them are there with another value and are left alone (--replace overwrites"
                    + " them): "
                    + String.join(", ", there.stream().limit(5).toList()) + (there.size() > 5 ? ", …" : ""));
        }
        if (!writing.isEmpty()) {
            draft.warn("this goes past kube-apiserver: nothing is validated; what was changed since then is not known");
        }
        doubts.stream().limit(WARNINGS_MAX).forEach(draft::warn);
        if (doubts.size() > WARNINGS_MAX) {
            draft.warn("and " + (doubts.size() - WARNINGS_MAX) + " more of this kind");
        }
    }

    private void doubts(String name, Document document, Optional<Entry> present) {
        document.text("metadata", "namespace").ifPresent(namespace -> {
            Key key = Key.of(objects.registry().prefix() + "/namespaces/" + namespace);
            if (!coming.contains(key) && keyspace.get(key).isEmpty()) {
                doubts.add("namespace " + namespace + " does not exist: " + name + " belongs to none then");
            }
        });
        for (Document owner : document.list("metadata", "ownerReferences")) {
            owner(name, document, owner);
        }
        if (document.text("metadata", "deletionTimestamp").isPresent()) {
            doubts.add(name + " was being deleted then, and will be deleted again");
        }
        if (present.isPresent() && document.truth("immutable").orElse(false)) {
            doubts.add(name + " is immutable: who has read it does not read it again");
        }
    }

    private void owner(String name, Document document, Document owner) {
        String kind = owner.text("kind").orElse("");
        String ownerName = owner.text("name").orElse("");
        String title = kind + " " + ownerName;
        if (owner.truth("controller").orElse(false)) {
            doubts.add(name + " is made by its controller, " + title + ", which may change or delete it");
        }
        Optional<Resource> resource = Resources.builtIn().all().stream()
                .filter(r -> r.kind().equals(kind)
                        && owner.text("apiVersion")
                                .map(v -> r.group().isEmpty() ? !v.contains("/") : v.startsWith(r.group() + "/"))
                                .orElse(false))
                .findFirst();
        if (resource.isEmpty()) {
            return;
        }
        Key key = Key.of(objects.registry()
                .key(resource.get(), document.text("metadata", "namespace").orElse(""), ownerName));
        Optional<Entry> stored = keyspace.get(key);
        if (coming.contains(key)) {
            if (stored.isEmpty()) {
                doubts.add(REMEMBERED);
            }
            return;
        }
        if (stored.isEmpty()) {
            doubts.add(name + " is owned by " + title + ", which is gone: the garbage collector deletes it");
            return;
        }
        Optional<String> uid = objects.document(stored.get()).flatMap(d -> d.text("metadata", "uid"));
        if (uid.isPresent() && !uid.equals(owner.text("uid"))) {
            doubts.add(name + " is owned by a " + title + " with another UID than the one there now: the garbage"
                    + " collector deletes it");
        }
    }

    /// What others depend on comes first: definitions, then what pods mount, then what makes pods. A namespace
    /// comes last: until it is there kube-apiserver takes nothing into it, so that no controller makes anew what is
    /// about to come back, and once it is there it has everything in it.
    private int rank(Entry entry) {
        String folder = objects.registry()
                .parse(entry.key().bytes())
                .map(ObjectName::resource)
                .map(Resource::folder)
                .orElse("");
        if (folder.equals("namespaces")) {
            return Integer.MAX_VALUE;
        }
        int at = ORDER.indexOf(folder);
        return at >= 0 ? at : folder.contains(".") ? LATE_CUSTOM : ORDER.size();
    }

    private static final List<String> ORDER = List.of(
            "apiextensions.k8s.io/customresourcedefinitions",
            "priorityclasses",
            "storageclasses",
            "csidrivers",
            "servicecidrs",
            "minions",
            "persistentvolumes",
            "resourcequotas",
            "limitranges",
            "serviceaccounts",
            "secrets",
            "configmaps",
            "clusterroles",
            "clusterrolebindings",
            "roles",
            "rolebindings",
            "persistentvolumeclaims",
            "services/specs",
            "ipaddresses",
            "poddisruptionbudgets",
            "daemonsets",
            "statefulsets",
            "deployments",
            "replicasets",
            "controllers",
            "cronjobs",
            "jobs",
            "pods",
            "services/endpoints",
            "endpointslices");

    /// Custom resources follow what is built in and can need it, and come before what only watches them.
    private static final int LATE_CUSTOM = ORDER.size() - 1;
}

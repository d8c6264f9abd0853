package io.etcdmedic.runbook.keys;

import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.document.Document;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.kubernetes.ObjectName;
import io.etcdmedic.kubernetes.RegistryKeys;
import io.etcdmedic.repair.plan.Binding;
import io.etcdmedic.repair.plan.Check;
import io.etcdmedic.repair.plan.Frame;
import io.etcdmedic.repair.plan.KeyChange;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.UndoTerms;
import io.etcdmedic.repair.plan.Wait;
import io.etcdmedic.runbook.Decoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Plans that delete keys in etcd, one object a step.
public final class Deletion {
    private static final Duration SEEN_WITHIN = Duration.ofSeconds(5);
    private static final int WARNINGS_MAX = 20;

    private final Objects objects;
    private final List<String> warnings = new ArrayList<>();

    public Deletion(RegistryKeys registry, Decoder decoder) {
        this.objects = new Objects(registry, decoder);
    }

    /// @param seen the keys as they were read at `now`'s revision or later
    public PlanDraft of(List<Entry> seen, Binding now) {
        List<Key> keys = seen.stream().map(Entry::key).toList();
        String what = keys.size() == 1 ? objects.name(keys.getFirst()) : keys.size() + " objects";
        PlanDraft draft = new PlanDraft("delete", "delete " + what + " in etcd", now);
        objects.counts(keys).forEach(draft::note);
        List<Check> gone = new ArrayList<>();
        for (Entry entry : seen) {
            String name = objects.name(entry.key());
            doubts(entry, name);
            draft.step(KeyChange.of(Frame.of("delete " + name + " in etcd", name), KeyChange.Edit.delete(entry)));
            gone.add(Check.not(new Check.Holds(entry.key(), Sha256.of(entry.value()))));
        }
        if (!seen.isEmpty()) {
            draft.verify(Wait.until("what was deleted is gone", new Check.All(gone), SEEN_WITHIN));
            draft.undo(new UndoTerms(List.of(what), List.of()));
            draft.warn("this goes past kube-apiserver: no finalizer runs, nothing is deleted gracefully; while the API"
                    + " works, kubectl delete is the better way");
        }
        warnings.stream().limit(WARNINGS_MAX).forEach(draft::warn);
        if (warnings.size() > WARNINGS_MAX) {
            draft.warn("and " + (warnings.size() - WARNINGS_MAX) + " more of this kind");
        }
        return draft;
    }

    private void doubts(Entry entry, String name) {
        Optional<ObjectName> object = objects.registry().parse(entry.key().bytes());
        if (object.isEmpty()) {
            warnings.add(
                    entry.key().display() + " names no object of the API: kube-apiserver keeps its own books there");
        }
        if (object.isPresent() && object.get().resource().folder().equals("namespaces")) {
            warnings.add(name + ": the objects in it stay, and belong to no namespace then");
        }
        Optional<Document> document = objects.document(entry);
        if (document.isEmpty()) {
            warnings.add(name + " cannot be decoded, so what depends on it is not known");
            return;
        }
        List<String> finalizers = document.get().texts("metadata", "finalizers");
        if (!finalizers.isEmpty()) {
            warnings.add(name + " has finalizers, whose work is not done: " + String.join(", ", finalizers));
        }
    }
}

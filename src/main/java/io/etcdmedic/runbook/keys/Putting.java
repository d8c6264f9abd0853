package io.etcdmedic.runbook.keys;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
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
import java.util.List;
import java.util.Optional;

/// Plans that write one key's value; its lease stays.
public final class Putting {
    private static final Duration SEEN_WITHIN = Duration.ofSeconds(5);

    private final Objects objects;

    public Putting(RegistryKeys registry, Decoder decoder) {
        this.objects = new Objects(registry, decoder);
    }

    /// @param command who plans: "put", "edit"
    /// @param seen what the key holds now; empty: nothing
    public PlanDraft of(String command, Key key, Optional<Entry> seen, Bytes value, Binding now) {
        String name = objects.name(key);
        PlanDraft draft = new PlanDraft(command, command + " " + name + " in etcd", now);
        if (seen.map(Entry::value).equals(Optional.of(value))) {
            return draft.note(name + " holds this very value");
        }
        String title = (seen.isPresent() ? "replace " : "create ") + name + " in etcd";
        draft.note(
                seen.map(entry -> name + " holds " + entry.value().length() + " bytes, and will hold " + value.length())
                        .orElseGet(() -> name + " is not there, and will hold " + value.length() + " bytes"));
        draft.step(KeyChange.of(Frame.of(title, name), KeyChange.Edit.put(key, seen, draft.value(value))));
        draft.verify(Wait.until(name + " holds the new value", new Check.Holds(key, Sha256.of(value)), SEEN_WITHIN));
        draft.undo(new UndoTerms(List.of(seen.isPresent() ? "the value before" : "that it is not there"), List.of()));
        return draft.warn("this goes past kube-apiserver: nothing is validated, defaulted or admitted");
    }
}

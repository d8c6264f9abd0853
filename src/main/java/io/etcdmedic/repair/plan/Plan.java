package io.etcdmedic.repair.plan;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.keyspace.Key;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A repair as data: everything that will be done, in order, and the world it is good for.
///
/// @param runbook who planned it: a command's or a runbook's name
/// @param created a label; and with the binding's floor, when it expires
/// @param notes facts that the operator reads first
/// @param warnings repeated beside the question
/// @param requires checked before anything is sent
/// @param alsoArchive keys that no step changes and that the archive keeps all the same
/// @param verify checked, and waited for, after the last step
/// @param settled what can only be known minutes later: reported as pending
/// @param thenDo what remains for the operator afterwards, in words
/// @param undoes the journal entry that this plan takes back
/// @param spaceCure this plan cures NOSPACE, and so is not refused under it
/// @param values the bytes of every [Value] that a step names, by their hash
public record Plan(
        PlanId id,
        String runbook,
        String title,
        Instant created,
        Binding binding,
        Impact impact,
        List<String> notes,
        List<String> warnings,
        List<Precondition> requires,
        List<Step> steps,
        List<Key> alsoArchive,
        List<Wait> verify,
        List<Wait> settled,
        List<String> thenDo,
        UndoTerms undo,
        Optional<String> undoes,
        boolean spaceCure,
        Map<Sha256, Bytes> values) {
    public Plan {
        notes = List.copyOf(notes);
        warnings = List.copyOf(warnings);
        requires = List.copyOf(requires);
        steps = List.copyOf(steps);
        alsoArchive = List.copyOf(alsoArchive);
        verify = List.copyOf(verify);
        settled = List.copyOf(settled);
        thenDo = List.copyOf(thenDo);
        values = Map.copyOf(values);
    }

    /// Whether there is nothing to do.
    public boolean isEmpty() {
        return steps.isEmpty();
    }

    /// The objects that steps are about, each once, in the steps' order.
    public List<String> objects() {
        return steps.stream().map(step -> step.frame().object()).distinct().toList();
    }

    /// The keys that steps write in etcd.
    public List<Key> keys() {
        return steps.stream()
                .flatMap(step -> step instanceof KeyChange change
                        ? change.edits().stream().map(KeyChange.Edit::key)
                        : Stream.empty())
                .distinct()
                .toList();
    }

    /// The bytes of `value`.
    ///
    /// @throws IllegalArgumentException when the plan does not carry them
    public Bytes bytes(Value value) {
        Bytes bytes = values.get(value.sha256());
        if (bytes == null) {
            throw new IllegalArgumentException("plan " + id + " does not carry value " + value.sha256());
        }
        return bytes;
    }

    /// This plan with the bytes of its values.
    public Plan carrying(Map<Sha256, Bytes> bytes) {
        return new Plan(
                id,
                runbook,
                title,
                created,
                binding,
                impact,
                notes,
                warnings,
                requires,
                steps,
                alsoArchive,
                verify,
                settled,
                thenDo,
                undo,
                undoes,
                spaceCure,
                bytes);
    }

    /// Every value that a step names.
    public java.util.Set<Value> named() {
        java.util.Set<Value> named = new java.util.LinkedHashSet<>();
        for (Step step : steps) {
            switch (step) {
                case KeyChange change ->
                    change.edits().forEach(edit -> {
                        if (edit.effect() instanceof KeyChange.Effect.Put put) {
                            named.add(put.value());
                        }
                    });
                case ApiChange.Create create -> named.add(create.body());
                case ApiChange.Delete delete -> delete.body().ifPresent(named::add);
                case ApiChange.Patch patch -> {
                    named.add(patch.patch());
                    patch.back().ifPresent(named::add);
                }
                case HostChange.Content content -> content.value().ifPresent(named::add);
                case HostChange.Access _, HostChange.Command _, ClusterChange _ -> {}
            }
        }
        return named;
    }
}

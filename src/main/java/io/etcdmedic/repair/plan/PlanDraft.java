package io.etcdmedic.repair.plan;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.keyspace.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A plan while it is being made.
public final class PlanDraft {
    private final String runbook;
    private final String title;
    private final Binding binding;
    private Impact impact = Impact.KEYS;
    private UndoTerms undo = UndoTerms.NONE;
    private Optional<String> undoes = Optional.empty();
    private boolean spaceCure;
    private final List<String> notes = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<Precondition> requires = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final List<Key> alsoArchive = new ArrayList<>();
    private final List<Wait> verify = new ArrayList<>();
    private final List<Wait> settled = new ArrayList<>();
    private final List<String> thenDo = new ArrayList<>();
    private final Map<Sha256, Bytes> values = new LinkedHashMap<>();

    public PlanDraft(String runbook, String title, Binding binding) {
        this.runbook = runbook;
        this.title = title;
        this.binding = binding;
    }

    /// Takes the bytes along and gives the name by which a step refers to them.
    public Value value(Bytes bytes) {
        Value value = Value.of(bytes);
        values.put(value.sha256(), bytes);
        return value;
    }

    public PlanDraft impact(Impact reach) {
        impact = reach;
        return this;
    }

    public PlanDraft note(String fact) {
        notes.add(fact);
        return this;
    }

    public PlanDraft warn(String warning) {
        warnings.add(warning);
        return this;
    }

    public PlanDraft require(Check check, String otherwise) {
        requires.add(new Precondition(check, otherwise));
        return this;
    }

    public PlanDraft step(Step step) {
        steps.add(step);
        return this;
    }

    public PlanDraft archive(Key key) {
        alsoArchive.add(key);
        return this;
    }

    public PlanDraft verify(Wait wait) {
        verify.add(wait);
        return this;
    }

    public PlanDraft settled(Wait wait) {
        settled.add(wait);
        return this;
    }

    public PlanDraft thenDo(String task) {
        thenDo.add(task);
        return this;
    }

    public PlanDraft undo(UndoTerms terms) {
        undo = terms;
        return this;
    }

    public PlanDraft undoing(String journalEntry) {
        undoes = Optional.of(journalEntry);
        return this;
    }

    /// See [Plan#spaceCure].
    public PlanDraft curesNoSpace() {
        spaceCure = true;
        return this;
    }

    public Plan build(PlanId id, Instant created) {
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
                values);
    }
}

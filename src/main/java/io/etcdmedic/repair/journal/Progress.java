package io.etcdmedic.repair.journal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One journal entry: what the records say about one plan, and where to go on from.
public record Progress(String entry, List<Record> records) {
    public Progress {
        records = List.copyOf(records);
    }

    /// The entries of a journal, oldest first.
    public static List<Progress> of(List<Record> all) {
        Map<String, List<Record>> byEntry = new LinkedHashMap<>();
        for (Record record : all) {
            if (!record.entry().isEmpty()) {
                byEntry.computeIfAbsent(record.entry(), _ -> new ArrayList<>()).add(record);
            }
        }
        return byEntry.entrySet().stream()
                .map(e -> new Progress(e.getKey(), e.getValue()))
                .toList();
    }

    public Optional<Record> last(Event event) {
        return records.reversed().stream().filter(r -> r.event() == event).findFirst();
    }

    /// The newest record about the step.
    public Optional<Record> last(int step) {
        return records.reversed().stream().filter(r -> r.step() == step).findFirst();
    }

    public Optional<Record> last(int step, Event event) {
        return records.reversed().stream()
                .filter(r -> r.step() == step && r.event() == event)
                .findFirst();
    }

    /// Whether the step is behind us: done, or left out.
    public boolean isOver(int step) {
        return records.stream()
                .anyMatch(r -> r.step() == step && (r.event() == Event.DONE || r.event() == Event.SKIPPED));
    }

    /// Whether the step changed anything, as far as is known for certain.
    public boolean wasApplied(int step) {
        return last(step, Event.SETTLED)
                .flatMap(r -> r.fact("verdict"))
                .filter(Verdict.APPLIED.name()::equals)
                .isPresent();
    }

    /// Something was sent, and what became of it is not known.
    public Optional<Record> unsettled() {
        return records.reversed().stream()
                .filter(r -> r.step() >= 0)
                .findFirst()
                .filter(r -> !isClosed())
                .filter(r -> r.event() == Event.FENCED
                        || r.event() == Event.SETTLED && !verdict(r).isFinal());
    }

    /// Whether the entry takes back the one that is named.
    public boolean undoes(String other) {
        return last(Event.BEGIN).flatMap(r -> r.fact("undoes")).equals(Optional.of(other));
    }

    public boolean isClosed() {
        return !records.isEmpty() && records.getLast().event() == Event.END;
    }

    /// The outcome that the entry was closed with, or what it is waiting for.
    public String outcome() {
        Record newest = records.getLast();
        return switch (newest.event()) {
            case END -> newest.fact("outcome").orElse("");
            case WAITING -> newest.fact("outcome").orElse("WAITING");
            case BEGIN, ARCHIVED, SKIPPED, INTENT, FENCED, SETTLED, DONE, VERIFIED, NOTE ->
                unsettled().isPresent() ? "UNSETTLED" : "UNFINISHED";
        };
    }

    static Verdict verdict(Record settled) {
        return Verdict.valueOf(settled.fact("verdict").orElse(Verdict.UNSETTLED.name()));
    }
}

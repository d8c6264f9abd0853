package io.etcdmedic.repair.journal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One line of the journal, before it is numbered and chained.
///
/// @param entry the plan's id, which is the journal entry's id; empty for a note
/// @param step the step's index in the plan from 0 on; -1: about the plan as a whole
/// @param revision etcd's, where the event has one; else 0
/// @param facts names and values in text, never a stored value
/// @param states of keys, where the event has them
public record Record(
        String entry, Event event, int step, long revision, Map<String, String> facts, List<KeyState> states) {
    public static final int WHOLE_PLAN = -1;

    public Record {
        facts = java.util.Collections.unmodifiableMap(new TreeMap<>(facts));
        states = List.copyOf(states);
    }

    public static Record of(String entry, Event event) {
        return new Record(entry, event, WHOLE_PLAN, 0, Map.of(), List.of());
    }

    public Record step(int index) {
        return new Record(entry, event, index, revision, facts, states);
    }

    public Record at(long atRevision) {
        return new Record(entry, event, step, atRevision, facts, states);
    }

    public Record fact(String name, String value) {
        Map<String, String> more = new TreeMap<>(facts);
        more.put(name, value);
        return new Record(entry, event, step, revision, more, states);
    }

    public Record states(List<KeyState> ofKeys) {
        return new Record(entry, event, step, revision, facts, ofKeys);
    }

    public Optional<String> fact(String name) {
        return Optional.ofNullable(facts.get(name));
    }
}

package io.etcdmedic.repair.plan;

import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import java.util.List;
import java.util.Optional;

/// A change of the keys of one object in etcd: one transaction that compares every key with what was seen.
///
/// Settled by the fence.
public record KeyChange(Frame frame, List<Edit> edits) implements Step {
    public KeyChange {
        edits = List.copyOf(edits);
        if (edits.isEmpty()) {
            throw new IllegalArgumentException("a change of keys changes at least one");
        }
    }

    public static KeyChange of(Frame frame, Edit edit) {
        return new KeyChange(frame, List.of(edit));
    }

    /// What becomes of one key.
    public record Edit(Key key, Expect expect, Effect effect) {
        public static Edit delete(Entry seen) {
            return new Edit(seen.key(), Expect.of(seen), new Effect.Delete());
        }

        /// Replaces the value and keeps the lease.
        public static Edit replace(Entry seen, Value value) {
            return new Edit(seen.key(), Expect.of(seen), new Effect.Put(value, seen.lease()));
        }

        /// Writes the key over what was seen there, or over nothing.
        public static Edit put(Key key, Optional<Entry> seen, Value value) {
            return new Edit(
                    key,
                    Expect.of(seen),
                    new Effect.Put(value, seen.map(Entry::lease).orElse(LeaseId.NONE)));
        }
    }

    public sealed interface Effect {
        record Put(Value value, LeaseId lease) implements Effect {}

        record Delete() implements Effect {}
    }
}

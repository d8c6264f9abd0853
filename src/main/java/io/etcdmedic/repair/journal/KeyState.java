package io.etcdmedic.repair.journal;

import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.repair.plan.Expect;
import java.util.Optional;

/// What a key held: everything but the value, of which only hash and length are kept.
///
/// @param state empty: the key was not there
public record KeyState(Key key, Optional<Expect.Exactly> state) {
    public static KeyState of(Key key, Optional<Entry> entry) {
        return new KeyState(key, entry.map(Expect::of));
    }

    /// The expectation that the key is still in this state.
    public Expect expectation() {
        return state.<Expect>map(exactly -> exactly).orElseGet(Expect.Absent::new);
    }
}

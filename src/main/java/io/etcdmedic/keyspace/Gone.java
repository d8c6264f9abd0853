package io.etcdmedic.keyspace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A key that is deleted, and whose last value the history still holds.
///
/// @param written the revision that wrote the last value: the key can be read at it, unless it is compacted, and at
/// each revision up to the one before `deleted`
/// @param valueBytes the length of that value, in bytes
/// @param deleted the revision that deleted it
public record Gone(Key key, Revision written, int valueBytes, Revision deleted) {

    /// The key as its changes tell it; empty when it is there, or no value is left of it.
    ///
    /// @param history oldest first
    public static Optional<Gone> of(List<Change> history) {
        if (history.isEmpty() || !(history.getLast() instanceof Change.Delete last)) {
            return Optional.empty();
        }
        List<Change.Put> puts = new ArrayList<>();
        for (Change change : history) {
            if (change instanceof Change.Put put) {
                puts.add(put);
            }
        }
        return puts.isEmpty() ? Optional.empty() : Optional.of(of(puts.getLast().entry(), last.revision()));
    }

    /// @param last the entry that was deleted
    public static Gone of(Entry last, Revision deleted) {
        return new Gone(last.key(), last.modRevision(), last.value().length(), deleted);
    }
}

package io.etcdmedic.keyspace;

import java.util.List;
import java.util.Optional;

/// A revisioned, ordered map of keys to values, to be read and never written.
///
/// Every implementation passes the same contract suite. Errors of all methods: `Failure.Unreachable` when the
/// source cannot be read, `Failure.Corrupt` when its bytes break their format, `Failure.Compacted` for a
/// revision below [#oldest()], `Failure.Refused` for one that does not exist yet.
public interface Keyspace extends AutoCloseable {
    Source source();

    /// The newest revision, read anew at each call (linearizable where there is a cluster).
    Revision revision();

    /// The oldest revision that can still be read: 1, or the revision of the last compaction.
    Revision oldest();

    /// The key as it stood at `at`, or now.
    Optional<Entry> get(Key key, Optional<Revision> at);

    default Optional<Entry> get(Key key) {
        return get(key, Optional.empty());
    }

    /// The entries of `range`, in key order.
    Entries scan(KeyRange range, Scan scan);

    /// How many keys `range` holds at `at`, or now.
    long count(KeyRange range, Optional<Revision> at);

    /// Tells `sizes` every key of `range` at `at`, or now, each once and in no order.
    default void sizes(KeyRange range, Optional<Revision> at, Sizes sizes) {
        try (Entries entries = scan(range, new Scan(at, Scan.Content.VALUES))) {
            while (entries.hasNext()) {
                Entry entry = entries.next();
                sizes.size(entry.key(), entry.value().length());
            }
        }
    }

    /// Every change of `key` that the source still holds, oldest first.
    ///
    /// The first one may be a change below [#oldest()]: compaction keeps the newest entry of a live key.
    List<Change> history(Key key);

    /// The keys of `range` that are deleted now and whose last value can still be read, in key order.
    ///
    /// What was written and deleted again after [#oldest()] is among them; of a source that holds no past, nothing.
    List<Gone> gone(KeyRange range);

    @Override
    void close();
}

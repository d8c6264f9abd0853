package io.etcdmedic.repair.plan;

import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import java.util.Optional;

/// The state of one key that a change is safe against.
public sealed interface Expect {

    /// The key is not there.
    record Absent() implements Expect {}

    /// The key is exactly as it was seen: everything that etcd can compare.
    record Exactly(
            Revision createRevision, Revision modRevision, long version, LeaseId lease, Sha256 value, int valueLength)
            implements Expect {
        /// Whether `entry` is this state.
        public boolean matches(Entry entry) {
            return equals(of(entry));
        }
    }

    /// Whatever the key is when the step's turn comes, as long as `check` holds: it is read and archived then,
    /// and the transaction compares with what was read. For branches whose state the plan cannot know yet.
    record Meeting(Check check) implements Expect {}

    static Exactly of(Entry seen) {
        return new Exactly(
                seen.createRevision(),
                seen.modRevision(),
                seen.version(),
                seen.lease(),
                Sha256.of(seen.value()),
                seen.value().length());
    }

    static Expect of(Optional<Entry> seen) {
        return seen.<Expect>map(Expect::of).orElseGet(Absent::new);
    }
}

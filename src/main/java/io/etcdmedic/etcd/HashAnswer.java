package io.etcdmedic.etcd;

import io.etcdmedic.failure.Failure;

/// What came of asking one member for its hash.
public sealed interface HashAnswer {
    Member member();

    /// Two are comparable only when both revisions are the same: compaction changes what is hashed.
    ///
    /// @param revision up to which the keys were hashed
    record Hashed(Member member, int hash, long revision, long compactRevision) implements HashAnswer {
        public String hex() {
            return "%08x".formatted(hash);
        }
    }

    record Unknown(Member member, Failure why) implements HashAnswer {}
}

package io.etcdmedic.snapshot;

import io.etcdmedic.bbolt.BoltFile;
import io.etcdmedic.bbolt.Bucket;
import io.etcdmedic.bytes.Bytes;
import java.util.Optional;

/// How far history has been compacted; 0 is never.
///
/// @param finished the revision up to which superseded changes have been removed
/// @param scheduled the revision that was asked for; above `finished` when etcd ended before it was done, and then
///     etcd finishes it at its next start
/// Source: etcd server/storage/mvcc/kvstore.go, store_restore.
public record Compaction(long finished, long scheduled) {

    static Compaction of(BoltFile file) {
        Optional<Bucket> meta = file.root().bucket("meta");
        return new Compaction(revision(meta, "finishedCompactRev"), revision(meta, "scheduledCompactRev"));
    }

    private static long revision(Optional<Bucket> meta, String name) {
        Optional<Bytes> stored = meta.flatMap(b -> b.get(name));
        return stored.filter(s -> RevisionKey.fits(s.sharedArray(), s.arrayOffset(), s.length()))
                .map(s -> RevisionKey.of(s).main())
                .orElse(0L);
    }

    /// The oldest revision that can be relied on.
    public long revision() {
        return Math.max(finished, scheduled);
    }
}

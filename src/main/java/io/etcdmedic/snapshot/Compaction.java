package io.etcdmedic.snapshot;

import io.etcdmedic.bbolt.BoltFile;
import io.etcdmedic.bbolt.Bucket;
import io.etcdmedic.bbolt.Page;
import io.etcdmedic.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

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

    /// The revision in element `i` of a leaf page when the element tells how far history is compacted.
    static OptionalLong revisionIn(Page page, int i) {
        String key = new String(page.array(), page.keyAt(i), page.keyLength(i), StandardCharsets.ISO_8859_1);
        boolean tells = key.equals("finishedCompactRev") || key.equals("scheduledCompactRev");
        return tells && RevisionKey.fits(page.array(), page.valueAt(i), page.valueLength(i))
                ? OptionalLong.of(RevisionKey.int64(page.array(), page.valueAt(i)))
                : OptionalLong.empty();
    }

    /// The oldest revision that can be relied on.
    public long revision() {
        return Math.max(finished, scheduled);
    }
}

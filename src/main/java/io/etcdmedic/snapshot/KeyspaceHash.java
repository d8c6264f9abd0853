package io.etcdmedic.snapshot;

import io.etcdmedic.bbolt.Bucket;
import io.etcdmedic.bbolt.Cursor;
import io.etcdmedic.keyspace.Revision;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;

/// The hash by which etcd's members compare their keyspaces: what `etcdctl endpoint hashkv` prints.
///
/// CRC-32C over the bucket's name and each change up to `revision`; of the changes up to the compaction only those
/// that a compaction at `revision` would keep. Equal hashes mean something only at equal revision and equal compaction.
/// At the compaction's own revision etcd 3.4 refuses, and 3.5 answers what it computed before it compacted: compare
/// above it.
/// Source: etcd server/storage/mvcc/hash.go, key_index.go (`keep`).
///
/// @param compacted the compaction it was computed under; -1 when there was none, as etcd reports it
public record KeyspaceHash(int crc32c, Revision revision, long compacted) {

    /// Eight hexadecimal digits.
    public String hex() {
        return HexFormat.of().toHexDigits(crc32c);
    }

    /// The number that etcd's answer holds.
    public long number() {
        return Integer.toUnsignedLong(crc32c);
    }

    static KeyspaceHash of(SnapshotKeyspace keyspace, Revision revision) {
        KeyIndex index = keyspace.index();
        long compacted = keyspace.compaction().revision();
        CRC32C hash = new CRC32C();
        hash.update("key".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        Optional<Bucket> bucket = keyspace.file().root().bucket("key");
        if (bucket.isPresent()) {
            Kept kept = Kept.at(index, revision.number());
            Cursor cursor = bucket.get().cursor();
            for (boolean more = cursor.first(); more; more = cursor.next()) {
                add(hash, cursor, kept, compacted, revision.number());
            }
        }
        return new KeyspaceHash((int) hash.getValue(), revision, compacted == 0 ? -1 : compacted);
    }

    private static void add(CRC32C hash, Cursor cursor, Kept kept, long compacted, long revision) {
        byte[] array = cursor.leaf().array();
        int at = cursor.keyAt();
        int length = cursor.keyLength();
        if (!RevisionKey.fits(array, at, length)) {
            return;
        }
        long main = RevisionKey.int64(array, at);
        boolean tombstone = length == RevisionKey.TOMBSTONE_BYTES;
        boolean superseded = compacted > 0
                && main <= compacted
                && !kept.isEmpty()
                && !kept.holds(main, RevisionKey.int64(array, at + 9));
        boolean compactedTombstone = compacted > 0 && main == compacted && tombstone;
        if (main > revision || superseded || compactedTombstone) {
            return;
        }
        hash.update(array, at, length);
        hash.update(array, cursor.valueAt(), cursor.valueLength());
    }
}

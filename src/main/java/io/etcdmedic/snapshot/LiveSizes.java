package io.etcdmedic.snapshot;

import io.etcdmedic.bbolt.Bucket;
import io.etcdmedic.bbolt.Cursor;
import io.etcdmedic.bytes.Ints;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Sizes;
import io.etcdmedic.wire.WireFault;

/// The size of each live key's value, by one walk through the file that keeps no places and sorts nothing.
///
/// Memory: 25 to 31 bytes a key beside the key itself. What cannot be decoded is passed over, as in [KeyIndex].
final class LiveSizes {
    private static final int DELETED = -1;

    private final KeyArena keys = new KeyArena();
    private final Ints sizes = new Ints();
    private final long revision;

    private LiveSizes(long revision) {
        this.revision = revision;
    }

    /// Reads the bucket `key` up to `revision`.
    static LiveSizes at(long revision, Bucket bucket) {
        LiveSizes live = new LiveSizes(revision);
        StoredEntry entry = new StoredEntry();
        Cursor cursor = bucket.cursor();
        for (boolean more = cursor.first(); more; more = cursor.next()) {
            if (RevisionKey.fits(cursor.leaf().array(), cursor.keyAt(), cursor.keyLength())) {
                live.add(cursor, entry);
            }
        }
        return live;
    }

    private void add(Cursor cursor, StoredEntry entry) {
        byte[] array = cursor.leaf().array();
        if (RevisionKey.int64(array, cursor.keyAt()) > revision) {
            return;
        }
        try {
            entry.find(array, cursor.valueAt(), cursor.valueLength());
        } catch (WireFault undecodable) {
            return;
        }
        int key = keys.intern(array, entry.keyAt(), entry.keyLength());
        int size = cursor.keyLength() == RevisionKey.TOMBSTONE_BYTES ? DELETED : entry.valueLength();
        if (key == sizes.size()) {
            sizes.add(size);
        } else {
            sizes.set(key, size);
        }
    }

    /// Names each live key of `range`, in the order in which the keys first came.
    void each(KeyRange range, Sizes sizesOfKeys) {
        boolean all = range.equals(KeyRange.all());
        for (int id = 0; id < sizes.size(); id++) {
            int size = sizes.get(id);
            Key key = new Key(keys.key(id));
            if (size != DELETED && (all || range.contains(key))) {
                sizesOfKeys.size(key, size);
            }
        }
    }
}

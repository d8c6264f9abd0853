package io.etcdmedic.snapshot;

import io.etcdmedic.bbolt.Bucket;
import io.etcdmedic.bbolt.Cursor;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Ints;
import io.etcdmedic.bytes.Longs;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.wire.WireFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where each change of each key lies in the file.
///
/// Memory: 28 bytes a change and 30 to 35 a key beside the key itself, all in arrays of numbers. A change is named
/// by its place in the file's order (0 is the oldest); -1 is none.
/// Built once, then never changed: any number of threads may read.
final class KeyIndex {
    /// More damaged changes than this are counted, not listed.
    static final int FAULTS_MAX = 1000;

    private static final long TOMBSTONE = 1L << 62;

    private final KeyArena keys = new KeyArena();
    private final Ints newest = new Ints();
    private final Longs mains = new Longs();
    private final Ints subs = new Ints();
    private final Longs places = new Longs();
    private final Ints lengths = new Ints();
    private final Ints previous = new Ints();
    private final List<StoredFault> faults = new ArrayList<>();
    private long faultCount;
    private int[] order = new int[0];
    private boolean ordered;

    /// Reads the bucket `key` from beginning to end.
    ///
    /// A change that cannot be decoded is a row in [#faults()], and no more.
    static KeyIndex of(Optional<Bucket> bucket) {
        KeyIndex index = new KeyIndex();
        bucket.ifPresent(index::read);
        return index;
    }

    private void read(Bucket bucket) {
        StoredEntry entry = new StoredEntry();
        Cursor cursor = bucket.cursor();
        for (boolean more = cursor.first(); more; more = cursor.next()) {
            byte[] array = cursor.leaf().array();
            if (!RevisionKey.fits(array, cursor.keyAt(), cursor.keyLength())) {
                fault(cursor, "its key is no revision");
                continue;
            }
            try {
                entry.find(array, cursor.valueAt(), cursor.valueLength());
                add(cursor, keys.intern(array, entry.keyAt(), entry.keyLength()));
            } catch (WireFault wrong) {
                fault(cursor, "its value is no mvccpb.KeyValue: " + wrong.found() + " at offset " + wrong.offset());
            }
        }
    }

    private void add(Cursor cursor, int key) {
        byte[] array = cursor.leaf().array();
        int at = cursor.keyAt();
        boolean tombstone = cursor.keyLength() == RevisionKey.TOMBSTONE_BYTES;
        mains.add(RevisionKey.int64(array, at));
        subs.add((int) RevisionKey.int64(array, at + 9));
        places.add(cursor.valueFileOffset() | (tombstone ? TOMBSTONE : 0));
        lengths.add(cursor.valueLength());
        int change = mains.size() - 1;
        if (key == newest.size()) {
            newest.add(change);
            previous.add(-1);
        } else {
            previous.add(newest.get(key));
            newest.set(key, change);
        }
    }

    private void fault(Cursor cursor, String found) {
        faultCount++;
        if (faults.size() < FAULTS_MAX) {
            Bytes key = Bytes.copyOf(cursor.key().toArray());
            faults.add(new StoredFault(cursor.leaf().id(), cursor.valueFileOffset(), key, found));
        }
    }

    /// The first changes that could not be decoded.
    List<StoredFault> faults() {
        return List.copyOf(faults);
    }

    long faultCount() {
        return faultCount;
    }

    int changes() {
        return mains.size();
    }

    int keyCount() {
        return keys.size();
    }

    /// The revision of the newest change, 0 when there is none.
    long lastMain() {
        return mains.size() == 0 ? 0 : mains.get(mains.size() - 1);
    }

    long main(int change) {
        return mains.get(change);
    }

    int sub(int change) {
        return subs.get(change);
    }

    boolean tombstone(int change) {
        return (places.get(change) & TOMBSTONE) != 0;
    }

    /// Where the stored value of the change lies in the file, in bytes.
    long place(int change) {
        return places.get(change) & ~TOMBSTONE;
    }

    int length(int change) {
        return lengths.get(change);
    }

    int previous(int change) {
        return previous.get(change);
    }

    Bytes key(int id) {
        return keys.key(id);
    }

    /// The number of `key`, or -1.
    int find(Key key) {
        Bytes bytes = key.bytes();
        return keys.find(bytes.sharedArray(), bytes.arrayOffset(), bytes.length());
    }

    int newest(int key) {
        return newest.get(key);
    }

    /// The newest change of the key that is not above `revision`, or -1.
    int newestAt(int key, long revision) {
        int change = newest.get(key);
        while (change >= 0 && mains.get(change) > revision) {
            change = previous.get(change);
        }
        return change;
    }

    /// The keys' numbers in key order: made when the first one asks.
    synchronized int[] order() {
        if (!ordered) {
            order = KeySort.order(keys);
            ordered = true;
        }
        return order;
    }

    /// The first place in [#order()] whose key is not less than `key`.
    int lowerBound(Key key) {
        int[] sorted = order();
        Bytes wanted = key.bytes();
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (keys.compare(sorted[middle], wanted.sharedArray(), wanted.arrayOffset(), wanted.length()) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// The place in [#order()] behind the last key of `range`.
    int upperBound(KeyRange range) {
        return range.end().map(this::lowerBound).orElseGet(() -> order().length);
    }
}

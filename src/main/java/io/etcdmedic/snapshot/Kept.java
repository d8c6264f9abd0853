package io.etcdmedic.snapshot;

import java.util.Arrays;

/// The changes that a compaction at a revision keeps: of each key the newest one up to it, unless that is a deletion.
///
/// Source: etcd server/storage/mvcc/key_index.go, `keep`.
final class Kept {
    private final long[] mains;
    private final int[] subs;

    private Kept(long[] mains, int[] subs) {
        this.mains = mains;
        this.subs = subs;
    }

    static Kept at(KeyIndex index, long revision) {
        int[] changes = new int[index.keyCount()];
        int count = 0;
        for (int key = 0; key < index.keyCount(); key++) {
            int change = index.newestAt(key, revision);
            if (change >= 0 && !index.tombstone(change)) {
                changes[count++] = change;
            }
        }
        Arrays.sort(changes, 0, count);
        long[] mains = new long[count];
        int[] subs = new int[count];
        for (int i = 0; i < count; i++) {
            mains[i] = index.main(changes[i]);
            subs[i] = index.sub(changes[i]);
        }
        return new Kept(mains, subs);
    }

    boolean isEmpty() {
        return mains.length == 0;
    }

    boolean holds(long main, long sub) {
        int low = 0;
        int high = mains.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (mains[middle] < main || mains[middle] == main && subs[middle] < sub) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < mains.length && mains[low] == main && subs[low] == sub;
    }
}

package io.etcdmedic.snapshot;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Ints;
import io.etcdmedic.bytes.Runs;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/// Keys, one behind the other in large pieces of memory: one array header for thousands of keys.
///
/// Keys are numbered from 0 in the order in which they came; each is kept once.
final class KeyArena {
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Runs runs = new Runs();
    private final Ints hashes = new Ints();
    private int[] table = new int[1 << 10];
    /// Secret, so that names which users choose cannot be made to collide.
    private final long seed = new SplittableRandom().nextLong() | 1;

    int size() {
        return runs.size();
    }

    /// The number of the key, or -1.
    int find(byte[] array, int at, int length) {
        return table[slot(hash(array, at, length), array, at, length)] - 1;
    }

    /// The number of the key, kept anew when it is not there yet.
    int intern(byte[] array, int at, int length) {
        int hash = hash(array, at, length);
        int slot = slot(hash, array, at, length);
        if (table[slot] != 0) {
            return table[slot] - 1;
        }
        int id = runs.add(array, at, length);
        hashes.add(hash);
        table[slot] = id + 1;
        if (size() > table.length * 3L / 4) {
            grow();
        }
        return id;
    }

    Bytes key(int id) {
        return runs.get(id);
    }

    int length(int id) {
        return runs.length(id);
    }

    int compare(int left, int right) {
        return compare(left, runs.array(right), runs.at(right), runs.length(right));
    }

    int compare(int id, byte[] other, int otherAt, int otherLength) {
        return runs.compare(id, other, otherAt, otherLength);
    }

    /// Seven bytes of the key from `depth` on, high byte first, and below them how many bytes there are (8: more
    /// than seven). Ordered as unsigned numbers, two such words order their keys; equal ones that are no 8 mean
    /// equal keys.
    long word(int id, int depth) {
        byte[] array = runs.array(id);
        int at = runs.at(id) + depth;
        int left = runs.length(id) - depth;
        long word = 0;
        for (int i = 0; i < 7; i++) {
            word = word << 8 | (i < left ? array[at + i] & 0xff : 0);
        }
        return word << 8 | Math.min(left, 8);
    }

    /// Where the key stands in the table, or the free place where it belongs.
    private int slot(int hash, byte[] array, int at, int length) {
        int mask = table.length - 1;
        int slot = hash & mask;
        while (table[slot] != 0 && !is(table[slot] - 1, hash, array, at, length)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private boolean is(int id, int hash, byte[] array, int at, int length) {
        return hashes.get(id) == hash && compare(id, array, at, length) == 0;
    }

    private int hash(byte[] array, int at, int length) {
        long hash = seed + length;
        int end = at + length;
        int i = at;
        for (; i + Long.BYTES <= end; i += Long.BYTES) {
            hash = mixed(hash, (long) EIGHT.get(array, i));
        }
        long rest = 0;
        for (; i < end; i++) {
            rest = rest << 8 | array[i] & 0xff;
        }
        hash = mixed(hash, rest);
        return (int) (hash ^ hash >>> 32);
    }

    /// The two halves of a 128-bit product: every bit of `word` reaches every bit of the answer.
    private long mixed(long hash, long word) {
        long left = hash ^ word;
        long right = word ^ seed << 1 ^ 0x9e3779b97f4a7c15L;
        return left * right ^ Math.unsignedMultiplyHigh(left, right);
    }

    private void grow() {
        table = new int[table.length * 2];
        int mask = table.length - 1;
        for (int id = 0; id < size(); id++) {
            int slot = hashes.get(id) & mask;
            while (table[slot] != 0) {
                slot = slot + 1 & mask;
            }
            table[slot] = id + 1;
        }
    }
}

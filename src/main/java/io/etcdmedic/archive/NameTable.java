package io.etcdmedic.archive;

import io.etcdmedic.bytes.Ints;
import io.etcdmedic.bytes.Longs;
import java.security.SecureRandom;

/// Which names have been, numbered from 0 as they came, each with a number of bytes.
///
/// Memory: 30 bytes a name, whatever its length. A name is known by 128 bits that a secret function makes of it:
/// two names of those that an archive may have are one with a probability below 2^-120, also when somebody chose
/// them, for nobody knows the function beforehand.
/// Source: Lemire and Kaser, "Strongly universal string hashing is fast", 2014: the family Multilinear.
final class NameTable {
    static final int NONE = -1;

    private static final int NAME_LENGTH_MAX = 100;

    private final long[][] keys = new long[4][NAME_LENGTH_MAX / 2 + 2];
    private final Longs high = new Longs();
    private final Longs low = new Longs();
    private final Ints sizes = new Ints();
    private int[] slots = new int[1 << 10];

    NameTable() {
        SecureRandom random = new SecureRandom();
        for (long[] row : keys) {
            for (int i = 0; i < row.length; i++) {
                row[i] = random.nextLong();
            }
        }
    }

    int count() {
        return sizes.size();
    }

    int size(int number) {
        return sizes.get(number);
    }

    /// The number of the name, or [#NONE].
    int find(String name) {
        return slots[slot(half(name, 0), half(name, 2))] - 1;
    }

    /// Takes the name in; false when it is there already.
    boolean add(String name, int size) {
        long h = half(name, 0);
        long l = half(name, 2);
        int slot = slot(h, l);
        if (slots[slot] != 0) {
            return false;
        }
        high.add(h);
        low.add(l);
        sizes.add(size);
        slots[slot] = count();
        if (count() > slots.length * 3L / 4) {
            grow();
        }
        return true;
    }

    private long half(String name, int row) {
        return hash(name, keys[row]) << 32 | hash(name, keys[row + 1]);
    }

    /// 32 bits: the upper half of a sum modulo 2^64 of two characters each times a random number.
    private static long hash(String name, long[] key) {
        long sum = key[0] + key[1] * name.length();
        for (int i = 0; i < name.length(); i += 2) {
            long pair = name.charAt(i) | (i + 1 < name.length() ? (long) name.charAt(i + 1) << 16 : 0);
            sum += key[2 + i / 2] * pair;
        }
        return sum >>> 32;
    }

    private int slot(long h, long l) {
        int mask = slots.length - 1;
        int slot = (int) l & mask;
        while (slots[slot] != 0 && (low.get(slots[slot] - 1) != l || high.get(slots[slot] - 1) != h)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        slots = new int[slots.length * 2];
        int mask = slots.length - 1;
        for (int number = 0; number < count(); number++) {
            int slot = (int) low.get(number) & mask;
            while (slots[slot] != 0) {
                slot = slot + 1 & mask;
            }
            slots[slot] = number + 1;
        }
    }
}

package io.etcdmedic.snapshot;

import io.etcdmedic.bytes.Bytes;

/// The key under which etcd stores one change: revision, place within its transaction, and whether it is a deletion.
///
/// Shape: main (8 bytes, high byte first), `_`, sub (8 bytes), and `t` behind a tombstone.
/// Source: etcd server/storage/mvcc/revision.go.
public record RevisionKey(long main, long sub, boolean tombstone) {
    public static final int BYTES = 17;
    public static final int TOMBSTONE_BYTES = 18;

    /// Whether `count` bytes of `array` are a revision key.
    static boolean fits(byte[] array, int at, int count) {
        return (count == BYTES || count == TOMBSTONE_BYTES && array[at + BYTES] == 't')
                && array[at + 8] == '_'
                && array[at] >= 0
                && array[at + 9] >= 0;
    }

    static long int64(byte[] array, int at) {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | array[at + i] & 0xff;
        }
        return value;
    }

    static RevisionKey of(byte[] array, int at, int count) {
        return new RevisionKey(int64(array, at), int64(array, at + 9), count == TOMBSTONE_BYTES);
    }

    static RevisionKey of(Bytes bytes) {
        return of(bytes.sharedArray(), bytes.arrayOffset(), bytes.length());
    }

    @Override
    public String toString() {
        return main + "_" + sub + (tombstone ? "t" : "");
    }
}

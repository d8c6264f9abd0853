package io.etcdmedic.bbolt;

import java.util.Arrays;

/// One page together with its overflow pages, checked: every element lies within it.
///
/// Shape: `count` elements follow the 16-byte header; an element's offset counts from the element itself.
/// Source: bbolt internal/common/page.go.
public final class Page {
    static final int HEADER_BYTES = 16;
    static final int BRANCH = 0x01;
    static final int LEAF = 0x02;
    static final int META = 0x04;
    static final int FREELIST = 0x10;
    /// Both a branch's and a leaf's element: 16 bytes.
    static final int ELEMENT_BYTES = 16;
    private static final int BUCKET_FLAG = 0x01;

    private final long id;
    private final long fileOffset;
    private final byte[] array;
    private final int base;
    private final int length;
    private final int kind;
    private final int count;

    /// @param fileOffset where the page's first byte lies in the file
    /// @param length in bytes, overflow pages included
    Page(long id, long fileOffset, byte[] array, int base, int length) {
        this.id = id;
        this.fileOffset = fileOffset;
        this.array = array;
        this.base = base;
        this.length = length;
        this.kind = LittleEndian.int16(array, base + 8);
        this.count = LittleEndian.int16(array, base + 10);
    }

    public long id() {
        return id;
    }

    public int count() {
        return count;
    }

    public boolean isLeaf() {
        return kind == LEAF;
    }

    public boolean isBranch() {
        return kind == BRANCH;
    }

    public int length() {
        return length;
    }

    public long fileOffset() {
        return fileOffset;
    }

    /// The memory that keys and values lie in: to be read, never written to.
    public byte[] array() {
        return array;
    }

    /// Where the key of element `i` begins in [#array()].
    public int keyAt(int i) {
        int element = element(i);
        return element + LittleEndian.int32(array, element + (kind == LEAF ? 4 : 0));
    }

    public int keyLength(int i) {
        return LittleEndian.int32(array, element(i) + (kind == LEAF ? 8 : 4));
    }

    /// Where the value of a leaf's element `i` begins in [#array()].
    public int valueAt(int i) {
        return keyAt(i) + keyLength(i);
    }

    public int valueLength(int i) {
        return LittleEndian.int32(array, element(i) + 12);
    }

    /// Where the value of a leaf's element `i` begins in the file.
    public long valueFileOffset(int i) {
        return fileOffset + valueAt(i) - base;
    }

    public boolean isBucket(int i) {
        return (LittleEndian.int32(array, element(i)) & BUCKET_FLAG) != 0;
    }

    /// The page that a branch's element `i` leads to.
    public long child(int i) {
        return LittleEndian.int64(array, element(i) + 8);
    }

    int compareKey(int i, byte[] other, int from, int count) {
        int at = keyAt(i);
        return Arrays.compareUnsigned(array, at, at + keyLength(i), other, from, from + count);
    }

    private int element(int i) {
        return base + HEADER_BYTES + i * ELEMENT_BYTES;
    }

    /// Throws what is wrong with the page's header or the first element that lies outside of it.
    ///
    /// @param file named in the failure
    void check(BoltFile file) {
        if (kind != LEAF && kind != BRANCH) {
            throw file.corrupt(id, fileOffset + 8, "flags", "0x" + Integer.toHexString(kind), "a branch or a leaf");
        }
        if ((long) HEADER_BYTES + (long) count * ELEMENT_BYTES > length) {
            throw file.corrupt(
                    id, fileOffset + 10, "count", count + " elements", "no more than fit in " + length + " bytes");
        }
        if (count == 0 && kind == BRANCH) {
            throw file.corrupt(id, fileOffset + 10, "count", "a branch without elements", "at least one");
        }
        for (int i = 0; i < count; i++) {
            checkElement(file, i);
        }
    }

    /// Whether element `i` lies within a page that was not checked.
    public boolean holds(int i) {
        return element(i) - base + ELEMENT_BYTES <= length
                && begin(i) >= HEADER_BYTES + (i + 1L) * ELEMENT_BYTES
                && begin(i) + bytes(i) <= length;
    }

    /// Where the key of element `i` begins, counted from the page's first byte.
    private long begin(int i) {
        int element = element(i);
        return element - base + LittleEndian.uint32(array, element + (kind == LEAF ? 4 : 0));
    }

    /// How long the key and the value of element `i` are together.
    private long bytes(int i) {
        int element = element(i);
        return kind == LEAF
                ? LittleEndian.uint32(array, element + 8) + LittleEndian.uint32(array, element + 12)
                : LittleEndian.uint32(array, element + 4);
    }

    private void checkElement(BoltFile file, int i) {
        int element = element(i);
        long begin = begin(i);
        if (begin < HEADER_BYTES + (long) count * ELEMENT_BYTES || begin + bytes(i) > length) {
            throw file.corrupt(
                    id,
                    fileOffset + element - base,
                    "element " + i,
                    "bytes " + begin + " to " + (begin + bytes(i)),
                    "bytes within the page's " + length + ", behind its elements");
        }
    }
}

package io.etcdmedic.bbolt;

import java.util.Optional;

/// What one of the two meta pages says.
///
/// @param page 0 or 1
/// @param pageSize in bytes
/// @param root the page of the root bucket
/// @param freelist the page of the freelist, or [#NO_FREELIST]
/// @param highWater the first page id that was never used; in pages
/// @param txid the transaction that wrote it; the valid meta with the highest one counts
/// Source: bbolt internal/common/meta.go.
public record Meta(int page, int pageSize, long root, long freelist, long highWater, long txid) {
    public static final int MAGIC = 0xED0CDAED;
    public static final int VERSION = 2;
    /// The freelist is not written: bbolt rebuilds it by walking the tree (etcd opens its file like that).
    public static final long NO_FREELIST = -1L;
    public static final int PAGE_SIZE_MIN = 1 << 10;
    /// The largest page size that bbolt looks for when its first meta is damaged: 1024 << 14.
    public static final int PAGE_SIZE_MAX = 1 << 24;
    /// A page's header and the meta behind it.
    static final int LENGTH = Page.HEADER_BYTES + 64;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /// A meta page read: the meta, or what is wrong with it.
    record Reading(Optional<Meta> meta, boolean hasMagic, String fault) {
        static Reading broken(boolean hasMagic, String fault) {
            return new Reading(Optional.empty(), hasMagic, fault);
        }
    }

    /// Reads the meta at the beginning of `bytes`, [#LENGTH] long, which lies at `offset` of the file.
    static Reading read(int page, byte[] bytes, long offset) {
        int at = Page.HEADER_BYTES;
        int magic = LittleEndian.int32(bytes, at);
        if (magic != MAGIC) {
            return Reading.broken(false, field("magic", offset, "0x" + Integer.toHexString(magic), "0xed0cdaed"));
        }
        int version = LittleEndian.int32(bytes, at + 4);
        if (version != VERSION) {
            return Reading.broken(true, field("version", offset + 4, Integer.toUnsignedString(version), "2"));
        }
        long checksum = LittleEndian.int64(bytes, at + 56);
        long computed = fnv64a(bytes, at, 56);
        if (checksum != computed) {
            return Reading.broken(
                    true, field("checksum", offset + 56, Long.toHexString(checksum), Long.toHexString(computed)));
        }
        int pageSize = LittleEndian.int32(bytes, at + 8);
        if (pageSize < PAGE_SIZE_MIN || pageSize > PAGE_SIZE_MAX || Integer.bitCount(pageSize) != 1) {
            return Reading.broken(
                    true,
                    field(
                            "pageSize",
                            offset + 8,
                            Integer.toUnsignedString(pageSize),
                            "a power of two from " + PAGE_SIZE_MIN + " to " + PAGE_SIZE_MAX));
        }
        return new Reading(
                Optional.of(new Meta(
                        page,
                        pageSize,
                        LittleEndian.int64(bytes, at + 16),
                        LittleEndian.int64(bytes, at + 32),
                        LittleEndian.int64(bytes, at + 40),
                        LittleEndian.int64(bytes, at + 48))),
                true,
                "");
    }

    private static String field(String name, long offset, String found, String expected) {
        return name + " at offset " + (offset + Page.HEADER_BYTES) + " is " + found + ", not " + expected;
    }

    private static long fnv64a(byte[] bytes, int from, int count) {
        long hash = FNV_OFFSET;
        for (int i = from; i < from + count; i++) {
            hash = (hash ^ bytes[i] & 0xff) * FNV_PRIME;
        }
        return hash;
    }
}

package io.etcdmedic.bbolt;

import java.util.function.LongConsumer;

/// The pages that a file says are free.
///
/// Shape: ids of 8 bytes behind the page's header; a count of 0xffff means that the first 8 bytes are the count.
/// Source: bbolt internal/freelist/shared.go.
final class Freelist {
    private static final int COUNT_ESCAPE = 0xffff;
    private static final int CHUNK_IDS = 1 << 13;

    private Freelist() {}

    interface Extent {
        /// From the first page, inclusive, to the last, exclusive.
        void pages(long from, long to);
    }

    /// @param own told the pages that hold the list itself
    /// @param free told each id, which is a page of the file
    static void read(BoltFile file, Extent own, LongConsumer free) {
        long id = file.meta().freelist();
        long offset = file.offsetOf(id);
        byte[] header = new byte[Page.HEADER_BYTES + 8];
        file.bytes().read(offset, header, 0, header.length);
        int kind = LittleEndian.int16(header, 8);
        if (kind != Page.FREELIST) {
            throw file.corrupt(id, offset + 8, "flags", "0x" + Integer.toHexString(kind), "a freelist");
        }
        long pages = LittleEndian.uint32(header, 12) + 1;
        int stored = LittleEndian.int16(header, 10);
        boolean escaped = stored == COUNT_ESCAPE;
        long count = escaped ? LittleEndian.int64(header, Page.HEADER_BYTES) : stored;
        long room = (pages * file.meta().pageSize() - Page.HEADER_BYTES) / 8 - (escaped ? 1 : 0);
        if (id + pages > file.meta().highWater() || count < 0 || count > room) {
            throw file.corrupt(
                    id,
                    offset + 10,
                    "count",
                    Long.toUnsignedString(count) + " ids in " + pages + " pages",
                    "no more than fit in the page and the file");
        }
        own.pages(id, id + pages);
        ids(file, offset + Page.HEADER_BYTES + (escaped ? 8 : 0), count, free);
    }

    private static void ids(BoltFile file, long from, long count, LongConsumer free) {
        byte[] chunk = new byte[CHUNK_IDS * 8];
        for (long done = 0; done < count; done += CHUNK_IDS) {
            int ids = (int) Math.min(CHUNK_IDS, count - done);
            file.bytes().read(from + done * 8, chunk, 0, ids * 8);
            for (int i = 0; i < ids; i++) {
                long id = LittleEndian.int64(chunk, i * 8);
                file.offsetOf(id);
                free.accept(id);
            }
        }
    }
}

package io.etcdmedic.bbolt;

/// Pages found without a meta's help.
final class RawPages {
    private static final int PAGES_LOOKED_AT = 256;
    private static final int PAGE_SIZE_MAX = 1 << 16;
    /// Fewer pages that know their number are chance.
    private static final int PAGES_MIN = 2;

    private RawPages() {}

    /// The page size at which the most pages bear their own number, or 0 when hardly any does.
    static int guessPageSize(FileBytes file) {
        int best = 0;
        int bestPages = PAGES_MIN - 1;
        for (int size = Meta.PAGE_SIZE_MIN; size <= PAGE_SIZE_MAX; size <<= 1) {
            int pages = numbered(file, size);
            if (pages > bestPages) {
                best = size;
                bestPages = pages;
            }
        }
        return best;
    }

    private static int numbered(FileBytes file, int pageSize) {
        byte[] header = new byte[Page.HEADER_BYTES];
        int pages = 0;
        for (long id = 2; id < 2 + PAGES_LOOKED_AT && (id + 1) * pageSize <= file.size(); id++) {
            file.read(id * pageSize, header, 0, header.length);
            int kind = LittleEndian.int16(header, 8);
            boolean known = kind == Page.BRANCH || kind == Page.LEAF || kind == Page.FREELIST;
            pages += known && LittleEndian.int64(header, 0) == id ? 1 : 0;
        }
        return pages;
    }
}

package io.etcdmedic.bbolt;

/// Loads the children of branches in order, reading many at once where they lie side by side.
final class ReadAhead {
    private static final int WINDOW_BYTES = 256 << 10;

    private final BoltFile file;
    private byte[] window = new byte[0];
    private long windowOffset;

    ReadAhead(BoltFile file) {
        this.file = file;
    }

    /// The page that element `at` of `branch` leads to.
    Page child(Page branch, int at) {
        long id = branch.child(at);
        long offset = file.offsetOf(id);
        int pageSize = file.meta().pageSize();
        if (offset < windowOffset || offset + pageSize > windowOffset + window.length) {
            int bytes = worth(branch, at, id);
            if (bytes == pageSize) {
                return file.page(id);
            }
            window = new byte[bytes];
            windowOffset = offset;
            file.bytes().read(offset, window, 0, bytes);
        }
        return file.page(id, offset, window, (int) (offset - windowOffset));
    }

    /// How many bytes from page `id` on are worth reading at once: up to the last of the following children that
    /// lies near and behind it, when at least every second page between is one.
    private int worth(Page branch, int at, long id) {
        int pageSize = file.meta().pageSize();
        long pagesMax = WINDOW_BYTES / pageSize;
        long last = id;
        int wanted = 1;
        for (int i = at + 1; i < branch.count(); i++) {
            long child = branch.child(i);
            if (child <= last || child - id >= pagesMax || child >= file.meta().highWater()) {
                break;
            }
            last = child;
            wanted++;
        }
        long pages = last - id + 1;
        boolean dense = wanted * 2L >= pages && (last + 1) * pageSize <= file.dataBytes();
        return dense ? (int) (pages * pageSize) : pageSize;
    }
}

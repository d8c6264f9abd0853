package io.etcdmedic.bbolt;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A sorted map of byte strings, and of buckets: a tree of pages, or a small page inline in its parent's value.
///
/// Source: bbolt bucket.go, internal/common/inode.go.
public final class Bucket {
    /// Root page and sequence: what a bucket's value begins with.
    private static final int HEADER_BYTES = 16;

    private final BoltFile file;
    private final String name;
    private final long root;
    private final Optional<Page> inline;

    Bucket(BoltFile file, String name, long root, Optional<Page> inline) {
        this.file = file;
        this.name = name;
        this.root = root;
        this.inline = inline;
    }

    public String name() {
        return name;
    }

    /// The root page, 0 when the bucket is inline.
    public long root() {
        return root;
    }

    public Cursor cursor() {
        return new Cursor(file, this);
    }

    /// The page that holds all of it, when it is inline.
    Optional<Page> inline() {
        return inline;
    }

    Page rootPage() {
        return inline.orElseGet(() -> file.page(root));
    }

    /// A key from which on about half of the bucket lies; empty when it is a single page.
    public Optional<Bytes> middle() {
        Page page = rootPage();
        return page.isBranch() && page.count() > 1
                ? Optional.of(Bytes.owned(page.array(), page.keyAt(page.count() / 2), page.keyLength(page.count() / 2)))
                : Optional.empty();
    }

    /// The value of `key`; empty when there is none or it is a bucket.
    public Optional<Bytes> get(Bytes key) {
        Cursor cursor = cursor();
        return cursor.seek(key) && cursor.key().equals(key) && !cursor.isBucket()
                ? Optional.of(cursor.value())
                : Optional.empty();
    }

    public Optional<Bytes> get(String key) {
        return get(Bytes.owned(key.getBytes(StandardCharsets.UTF_8)));
    }

    /// The bucket `key` in this one.
    ///
    /// @throws Failure.Corrupt when its value is no bucket's
    public Optional<Bucket> bucket(String key) {
        Bytes wanted = Bytes.utf8(key);
        Cursor cursor = cursor();
        return cursor.seek(wanted) && cursor.key().equals(wanted) && cursor.isBucket()
                ? Optional.of(cursor.bucket())
                : Optional.empty();
    }

    /// The buckets in this one, in key order.
    public List<Bucket> buckets() {
        List<Bucket> buckets = new ArrayList<>();
        Cursor cursor = cursor();
        for (boolean more = cursor.first(); more; more = cursor.next()) {
            if (cursor.isBucket()) {
                buckets.add(cursor.bucket());
            }
        }
        return buckets;
    }

    /// The bucket that element `i` of the leaf `page` holds.
    static Bucket in(BoltFile file, Page page, int i) {
        int at = page.valueAt(i);
        int length = page.valueLength(i);
        if (length < HEADER_BYTES) {
            throw file.corrupt(
                    page.id(), page.valueFileOffset(i), "bucket " + i, length + " bytes", "a bucket's 16 at least");
        }
        String name =
                Bytes.owned(page.array(), page.keyAt(i), page.keyLength(i)).toString();
        long root = LittleEndian.int64(page.array(), at);
        if (root != 0) {
            return new Bucket(file, name, root, Optional.empty());
        }
        if (length < HEADER_BYTES + Page.HEADER_BYTES) {
            throw file.corrupt(
                    page.id(),
                    page.valueFileOffset(i),
                    "inline bucket " + i,
                    length + " bytes",
                    "its header and a page's, 32 at least");
        }
        Page inline = new Page(
                page.id(),
                page.valueFileOffset(i) + HEADER_BYTES,
                page.array(),
                at + HEADER_BYTES,
                length - HEADER_BYTES);
        if (!inline.isLeaf()) {
            throw file.corrupt(page.id(), inline.fileOffset() + 8, "flags of inline bucket " + i, "no leaf", "a leaf");
        }
        inline.check(file);
        return new Bucket(file, name, 0, Optional.of(inline));
    }
}

package io.etcdmedic.bbolt;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Progress;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// An open bbolt file: its meta, its pages, its root bucket. It is only ever read.
///
/// Heap: pages are read when asked for and not kept.
/// Errors: `Failure.Corrupt` names page, file offset and field.
public final class BoltFile implements AutoCloseable {
    /// etcdctl appends the SHA-256 of all that is before it.
    public static final int TRAILER_BYTES = 32;
    /// A page with its overflow holds at least one value; etcd takes requests of 1.5 MiB unless told otherwise.
    private static final long SPAN_BYTES_MAX =
            Math.max(1 << 20, Math.min(64 << 20, Runtime.getRuntime().maxMemory() / 8));

    private final FileBytes file;
    private final Meta meta;
    private final long dataBytes;
    private final List<String> metaFaults;

    private BoltFile(FileBytes file, Meta meta, long dataBytes, List<String> metaFaults) {
        this.file = file;
        this.meta = meta;
        this.dataBytes = dataBytes;
        this.metaFaults = metaFaults;
    }

    /// Opens `path` and chooses the valid meta with the highest transaction. A file that is shorter than its meta
    /// says opens too; who wants all of it calls [#requireWhole].
    ///
    /// @throws Failure.Corrupt when it is no bbolt file or both metas are bad; what [FileBytes#open] throws
    public static BoltFile open(Path path) {
        FileBytes file = FileBytes.open(path);
        try {
            return read(file);
        } catch (Failure failure) {
            file.close();
            throw failure;
        }
    }

    /// Opens what is left of a file. When both metas are bad there is no root, and the page size is guessed from the
    /// pages that know their own number.
    ///
    /// @throws Failure.Corrupt when not even pages are to be found
    public static BoltFile openDamaged(Path path) {
        FileBytes file = FileBytes.open(path);
        try {
            return read(file);
        } catch (Failure.Corrupt noMeta) {
            int pageSize = RawPages.guessPageSize(file);
            if (pageSize == 0) {
                file.close();
                throw noMeta;
            }
            Meta guessed = new Meta(-1, pageSize, 0, Meta.NO_FREELIST, file.size() / pageSize, 0);
            return new BoltFile(
                    file, guessed, file.size(), List.of(noMeta.problem().found()));
        } catch (Failure failure) {
            file.close();
            throw failure;
        }
    }

    /// Whether a meta page says where the root is.
    public boolean hasRoot() {
        return meta.page() >= 0;
    }

    private static BoltFile read(FileBytes file) {
        Meta.Reading first = meta(file, 0, 0);
        Meta.Reading second = first.meta().map(m -> meta(file, 1, m.pageSize())).orElseGet(() -> secondMeta(file));
        List<String> faults = new ArrayList<>();
        if (first.meta().isEmpty()) {
            faults.add("meta 0: " + first.fault());
        }
        if (second.meta().isEmpty()) {
            faults.add("meta 1: " + second.fault());
        }
        if (faults.size() == 2) {
            throw noMeta(file, first, second, faults);
        }
        Meta newest = newer(first.meta(), second.meta());
        return new BoltFile(file, newest, file.size() - (hasTrailer(file.size()) ? TRAILER_BYTES : 0), faults);
    }

    private static Meta newer(Optional<Meta> first, Optional<Meta> second) {
        if (first.isPresent() && second.isPresent()) {
            boolean secondIsNewer =
                    Long.compareUnsigned(second.get().txid(), first.get().txid()) > 0;
            return (secondIsNewer ? second : first).get();
        }
        return first.or(() -> second).orElseThrow();
    }

    /// Finds the second meta when the first cannot say how long a page is, as bbolt does.
    private static Meta.Reading secondMeta(FileBytes file) {
        Meta.Reading best = Meta.Reading.broken(false, "not found at any page size");
        for (int size = Meta.PAGE_SIZE_MIN; size <= Meta.PAGE_SIZE_MAX; size <<= 1) {
            Meta.Reading reading = meta(file, 1, size);
            int pageSize = size;
            if (reading.meta().filter(m -> m.pageSize() == pageSize).isPresent()) {
                return reading;
            }
            if (reading.hasMagic() && !best.hasMagic() && reading.meta().isEmpty()) {
                best = reading;
            }
        }
        return best;
    }

    private static Meta.Reading meta(FileBytes file, int page, long offset) {
        if (offset + Meta.LENGTH > file.size()) {
            return Meta.Reading.broken(false, "the file ends before it, at " + file.size() + " bytes");
        }
        byte[] bytes = new byte[Meta.LENGTH];
        file.read(offset, bytes, 0, bytes.length);
        return Meta.read(page, bytes, offset);
    }

    private static Failure noMeta(FileBytes file, Meta.Reading first, Meta.Reading second, List<String> faults) {
        Problem opening = Problem.in("opening " + file.path());
        if (first.hasMagic() || second.hasMagic()) {
            return new Failure.Corrupt(opening.found("both meta pages are damaged (" + String.join("; ", faults) + ")")
                    .expected("at least one whole meta page")
                    .hint("medic snapshot salvage " + file.path() + " reads what its pages still hold"));
        }
        byte[] begin = new byte[(int) Math.min(4, file.size())];
        file.read(0, begin, 0, begin.length);
        String looks = Bytes.owned(begin).toHex();
        return new Failure.Corrupt(opening.found("not a bbolt file (" + String.join("; ", faults) + ")")
                .expected("an etcd snapshot or a member's member/snap/db")
                .hint(
                        looks.startsWith("1f8b")
                                ? "it looks like gzip: uncompress it first"
                                : looks.startsWith("28b52ffd") ? "it looks like zstd: uncompress it first" : ""));
    }

    private static boolean hasTrailer(long size) {
        return size % 512 == TRAILER_BYTES;
    }

    public Meta meta() {
        return meta;
    }

    /// What is wrong with the meta that was not chosen; empty when both are whole.
    public List<String> metaFaults() {
        return List.copyOf(metaFaults);
    }

    public Path path() {
        return file.path();
    }

    public FileBytes bytes() {
        return file;
    }

    /// The size of the pages, without the trailer.
    public long dataBytes() {
        return dataBytes;
    }

    /// Tells `progress` of the bytes that are read while `work` runs, on whatever thread.
    ///
    /// @param all how many bytes `work` will read, about
    public <T> T telling(Progress progress, long all, Supplier<T> work) {
        if (progress == Progress.UNSEEN) {
            return work.get();
        }
        AtomicLong done = new AtomicLong();
        file.onRead(bytes -> progress.at(Math.min(all, done.addAndGet(bytes)), all));
        try {
            return work.get();
        } finally {
            file.onRead(_ -> {});
            progress.end();
        }
    }

    /// The SHA-256 that the writer appended, when there is one.
    public Optional<Bytes> trailer() {
        if (dataBytes == file.size()) {
            return Optional.empty();
        }
        byte[] sum = new byte[TRAILER_BYTES];
        file.read(dataBytes, sum, 0, sum.length);
        return Optional.of(Bytes.owned(sum));
    }

    /// How many bytes at the end belong to no page and are no hash either: a file that was cut or written to has some.
    public long strayBytes() {
        return dataBytes == file.size() ? file.size() % meta.pageSize() : 0;
    }

    /// @throws Failure.Corrupt when the file ends before the last page that its meta counts
    public BoltFile requireWhole() {
        long pages = dataBytes / meta.pageSize();
        if (meta.highWater() < 0 || meta.highWater() > pages) {
            throw new Failure.Corrupt(Problem.in("opening " + path())
                    .found("a truncated file of " + file.size() + " bytes: it ends within page " + pages)
                    .expected(Long.toUnsignedString(meta.highWater()) + " pages of " + meta.pageSize() + " bytes")
                    .hint("medic snapshot salvage " + path() + " reads what is left"));
        }
        return this;
    }

    public Bucket root() {
        return new Bucket(this, "root", meta.root(), Optional.empty());
    }

    /// Reads one page together with its overflow pages.
    ///
    /// @throws Failure.Corrupt when the stored id differs from `id`, or an element points outside the page
    public Page page(long id) {
        long offset = offsetOf(id);
        byte[] first = new byte[meta.pageSize()];
        file.read(offset, first, 0, first.length);
        return page(id, offset, first, 0);
    }

    /// The page whose first `pageSize` bytes lie at `at` of `window`, read from the file's `offset`.
    Page page(long id, long offset, byte[] window, int at) {
        int pageSize = meta.pageSize();
        long stored = LittleEndian.int64(window, at);
        if (stored != id) {
            throw corrupt(id, offset, "id", Long.toUnsignedString(stored), Long.toString(id));
        }
        long overflow = LittleEndian.uint32(window, at + 12);
        if (overflow == 0) {
            Page page = new Page(id, offset, window, at, pageSize);
            page.check(this);
            return page;
        }
        byte[] whole = new byte[span(id, offset, overflow)];
        System.arraycopy(window, at, whole, 0, pageSize);
        file.read(offset + pageSize, whole, pageSize, whole.length - pageSize);
        Page page = new Page(id, offset, whole, 0, whole.length);
        page.check(this);
        return page;
    }

    /// The leaf that lies at `id`, whoever refers to it, without a look at its elements: ask [Page#holds] of each.
    /// Empty when what lies there is no leaf, or not page `id`.
    public Optional<Page> leafAt(long id) {
        int pageSize = meta.pageSize();
        byte[] first = new byte[pageSize];
        file.read(id * pageSize, first, 0, pageSize);
        Page page = new Page(id, id * pageSize, first, 0, pageSize);
        if (LittleEndian.int64(first, 0) != id || !page.isLeaf()) {
            return Optional.empty();
        }
        long bytes = (LittleEndian.uint32(first, 12) + 1) * pageSize;
        if (bytes == pageSize || bytes > SPAN_BYTES_MAX || id * pageSize + bytes > dataBytes) {
            return Optional.of(page);
        }
        byte[] whole = new byte[(int) bytes];
        file.read(id * pageSize, whole, 0, whole.length);
        return Optional.of(new Page(id, id * pageSize, whole, 0, whole.length));
    }

    /// The leaf that lies inline in element `i` of `page`, when that is a small bucket and whole.
    public Optional<Page> inlineLeaf(Page page, int i) {
        try {
            return Bucket.in(this, page, i).inline();
        } catch (Failure.Corrupt broken) {
            return Optional.empty();
        }
    }

    private int span(long id, long offset, long overflow) {
        long bytes = (overflow + 1) * meta.pageSize();
        if (offset + bytes > dataBytes) {
            throw corrupt(
                    id,
                    offset + 12,
                    "overflow",
                    overflow + " pages",
                    "no more than the file's " + dataBytes + " bytes");
        }
        if (bytes > SPAN_BYTES_MAX) {
            throw corrupt(
                    id,
                    offset + 12,
                    "overflow",
                    overflow + " pages",
                    "at most " + SPAN_BYTES_MAX + " bytes in one page, which is what this much memory allows");
        }
        return (int) bytes;
    }

    /// Where page `id` begins in the file, in bytes.
    long offsetOf(long id) {
        if (id < 2 || id >= meta.highWater() || id >= dataBytes / meta.pageSize()) {
            throw corrupt(
                    id,
                    id >= 0 && id < Long.MAX_VALUE / meta.pageSize() ? id * meta.pageSize() : -1,
                    "id",
                    "a reference to page " + Long.toUnsignedString(id),
                    "a page from 2 to " + (Math.min(meta.highWater(), dataBytes / meta.pageSize()) - 1));
        }
        return id * meta.pageSize();
    }

    Failure.Corrupt corrupt(long page, long offset, String field, String found, String expected) {
        return new Failure.Corrupt(Problem.in("reading page " + Long.toUnsignedString(page) + " of " + path())
                .found(field + " at offset " + offset + " is " + found)
                .expected(expected)
                .hint("medic snapshot salvage " + path() + " reads what can still be read"));
    }

    @Override
    public void close() {
        file.close();
    }
}

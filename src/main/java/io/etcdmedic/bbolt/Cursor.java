package io.etcdmedic.bbolt;

import io.etcdmedic.bytes.Bytes;
import java.util.Arrays;

/// Walks a bucket in key order, from its beginning or from a key on.
///
/// Bounded on any input: at most [#DEPTH_MAX] pages deep, at most as many pages a walk as the file has, and the
/// keys must ascend; a cycle ends as `Failure.Corrupt`.
public final class Cursor {
    /// A tree of 64 levels would hold more pages than a file can have; a deeper one is a cycle.
    public static final int DEPTH_MAX = 64;

    private final BoltFile file;
    private final Bucket bucket;
    private final ReadAhead ahead;
    private final Page[] pages = new Page[DEPTH_MAX];
    private final int[] positions = new int[DEPTH_MAX];
    private int depth;
    private long pagesLeft;
    private boolean sequential;
    private byte[] lastArray = new byte[0];
    private int lastAt;
    private int lastLength = -1;

    Cursor(BoltFile file, Bucket bucket) {
        this.file = file;
        this.bucket = bucket;
        this.ahead = new ReadAhead(file);
    }

    /// Moves to the first element, if there is one.
    public boolean first() {
        start(true);
        return settle();
    }

    /// Moves to the last element, if there is one.
    public boolean last() {
        start(false);
        positions[0] = top().count() - 1;
        while (top().isBranch()) {
            descend();
            positions[depth - 1] = top().count() - 1;
        }
        return top().count() > 0;
    }

    /// Moves to the first element whose key is not less than `key`, if there is one.
    public boolean seek(Bytes key) {
        byte[] wanted = key.toArray();
        start(false);
        while (top().isBranch()) {
            positions[depth - 1] = childFor(top(), wanted);
            descend();
        }
        positions[depth - 1] = lowerBound(top(), wanted);
        sequential = true;
        return settle();
    }

    /// Moves to the next element, if there is one.
    public boolean next() {
        Page leaf = top();
        int at = positions[depth - 1];
        lastArray = leaf.array();
        lastAt = leaf.keyAt(at);
        lastLength = leaf.keyLength(at);
        positions[depth - 1]++;
        return settle();
    }

    public Bytes key() {
        return Bytes.owned(top().array(), keyAt(), keyLength());
    }

    /// Shares the page's memory: keep a copy of what is to outlive the walk.
    public Bytes value() {
        return Bytes.owned(top().array(), valueAt(), valueLength());
    }

    public boolean isBucket() {
        return top().isBucket(positions[depth - 1]);
    }

    /// @throws Failure.Corrupt when the element is no bucket's
    public Bucket bucket() {
        return Bucket.in(file, top(), positions[depth - 1]);
    }

    /// The leaf that the cursor stands in; [#keyAt()] and [#valueAt()] are indexes of its memory.
    public Page leaf() {
        return top();
    }

    public int keyAt() {
        return top().keyAt(positions[depth - 1]);
    }

    public int keyLength() {
        return top().keyLength(positions[depth - 1]);
    }

    public int valueAt() {
        return top().valueAt(positions[depth - 1]);
    }

    public int valueLength() {
        return top().valueLength(positions[depth - 1]);
    }

    public long valueFileOffset() {
        return top().valueFileOffset(positions[depth - 1]);
    }

    private Page top() {
        return pages[depth - 1];
    }

    private void start(boolean inOrder) {
        sequential = inOrder;
        pagesLeft = file.meta().highWater();
        lastLength = -1;
        depth = 1;
        pages[0] = bucket.rootPage();
        positions[0] = 0;
    }

    /// From a position that may lie behind a page's last element to the next element that is there.
    private boolean settle() {
        while (true) {
            Page page = top();
            if (positions[depth - 1] >= page.count()) {
                if (depth == 1) {
                    return false;
                }
                depth--;
                positions[depth - 1]++;
            } else if (page.isBranch()) {
                descend();
            } else {
                checkOrder(page, positions[depth - 1]);
                return true;
            }
        }
    }

    private void checkOrder(Page page, int i) {
        if (lastLength >= 0 && page.compareKey(i, lastArray, lastAt, lastLength) <= 0) {
            throw file.corrupt(
                    page.id(),
                    page.valueFileOffset(i) - page.keyLength(i),
                    "key of element " + i,
                    "not greater than the key before it",
                    "keys in ascending order, each once");
        }
    }

    private void descend() {
        Page branch = top();
        int at = positions[depth - 1];
        long id = branch.child(at);
        if (depth == DEPTH_MAX || --pagesLeft < 0) {
            throw file.corrupt(
                    branch.id(),
                    branch.fileOffset(),
                    "child " + at,
                    "page " + Long.toUnsignedString(id) + ", which closes a circle",
                    "a tree of at most " + DEPTH_MAX + " levels that shares no page");
        }
        pages[depth] = sequential ? ahead.child(branch, at) : file.page(id);
        positions[depth] = 0;
        depth++;
    }

    /// The last child whose first key is not greater than `key`, or the first child.
    private static int childFor(Page branch, byte[] key) {
        int bound = lowerBound(branch, key);
        boolean exact = bound < branch.count() && branch.compareKey(bound, key, 0, key.length) == 0;
        return exact || bound == 0 ? bound : bound - 1;
    }

    /// The first element whose key is not less than `key`.
    private static int lowerBound(Page page, byte[] key) {
        int low = 0;
        int high = page.count();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (page.compareKey(middle, key, 0, key.length) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @Override
    public String toString() {
        return "cursor in " + bucket.name() + " at " + Arrays.toString(Arrays.copyOf(positions, depth));
    }
}

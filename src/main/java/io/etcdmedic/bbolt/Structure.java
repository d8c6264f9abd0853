package io.etcdmedic.bbolt;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// What a walk through every page of a file found.
///
/// It proves the structure, not the content: pages carry no checksum.
///
/// @param reachable pages that the tree uses, overflow pages, metas and the freelist's own included
/// @param free pages that the freelist names; none when it is not written, as in etcd's files
/// @param faults the first [#FAULTS_MAX]
/// @param faultCount all of them
public record Structure(BitSet reachable, BitSet free, boolean hasFreelist, List<PageFault> faults, long faultCount) {
    /// As `bbolt check`: more than these say nothing new.
    public static final int FAULTS_MAX = 1000;

    /// Told of each leaf page that is whole, once, in key order within its bucket.
    public interface Leaves {
        /// @param bucket the bucket's name; of a bucket within a bucket `outer/inner`; empty for the root bucket
        void leaf(String bucket, Page page);
    }

    /// Pages that neither the tree nor the freelist names. Without a freelist these are the free ones; with one they
    /// are lost.
    public long unreachable(Meta meta) {
        return meta.highWater() - reachable.cardinality() - free.cardinality();
    }

    public boolean isSound() {
        return faultCount == 0;
    }

    /// Walks the whole file.
    public static Structure of(BoltFile file, Leaves leaves) {
        return new Walk(file, leaves).run();
    }

    private static final class Walk {
        private final BoltFile file;
        private final Leaves leaves;
        private final BitSet reachable = new BitSet();
        private final BitSet free = new BitSet();
        private final List<PageFault> faults = new ArrayList<>();
        private final ReadAhead ahead;
        private long faultCount;

        Walk(BoltFile file, Leaves leaves) {
            this.file = file;
            this.leaves = leaves;
            this.ahead = new ReadAhead(file);
        }

        Structure run() {
            reachable.set(0, 2);
            file.metaFaults().forEach(text -> fault(new PageFault(-1, text, "two whole meta pages")));
            if (file.hasRoot()) {
                bucket("", file.root(), 0);
            }
            boolean hasFreelist = file.meta().freelist() != Meta.NO_FREELIST;
            if (hasFreelist) {
                guarded(this::freelist);
            }
            return new Structure(reachable, free, hasFreelist, List.copyOf(faults), faultCount);
        }

        private void bucket(String name, Bucket bucket, int depth) {
            guarded(() -> {
                Page root = bucket.rootPage();
                boolean inline = bucket.root() == 0;
                if (inline || claim(root)) {
                    page(name, root, new byte[0], new byte[0], depth);
                }
            });
        }

        /// @param low the first key that the parent allows here; `high` the first that belongs to the next page,
        ///     empty for none
        private void page(String name, Page page, byte[] low, byte[] high, int depth) {
            if (depth >= Cursor.DEPTH_MAX) {
                throw file.corrupt(
                        page.id(), page.fileOffset(), "depth", "over " + Cursor.DEPTH_MAX + " levels", "a tree");
            }
            order(page, low, high);
            if (page.isBranch()) {
                for (int i = 0; i < page.count(); i++) {
                    child(name, page, i, high, depth);
                }
                return;
            }
            leaves.leaf(name, page);
            for (int i = 0; i < page.count(); i++) {
                if (page.isBucket(i)) {
                    int element = i;
                    guarded(() -> {
                        Bucket inner = Bucket.in(file, page, element);
                        bucket(name.isEmpty() ? inner.name() : name + "/" + inner.name(), inner, depth + 1);
                    });
                }
            }
        }

        private void child(String name, Page branch, int i, byte[] high, int depth) {
            guarded(() -> {
                Page child = ahead.child(branch, i);
                if (claim(child)) {
                    byte[] next = i + 1 < branch.count() ? key(branch, i + 1) : high;
                    page(name, child, key(branch, i), next, depth + 1);
                }
            });
        }

        private static byte[] key(Page page, int i) {
            int at = page.keyAt(i);
            return java.util.Arrays.copyOfRange(page.array(), at, at + page.keyLength(i));
        }

        private void order(Page page, byte[] low, byte[] high) {
            for (int i = 0; i < page.count(); i++) {
                boolean ascends = i == 0
                        ? page.compareKey(0, low, 0, low.length) >= 0
                        : page.compareKey(i, page.array(), page.keyAt(i - 1), page.keyLength(i - 1)) > 0;
                boolean below = high.length == 0 || page.compareKey(i, high, 0, high.length) < 0;
                if (!ascends || !below) {
                    fault(file.corrupt(
                            page.id(),
                            page.fileOffset(),
                            "key of element " + i,
                            ascends ? "not less than the next page's first" : "not greater than the one before",
                            "keys in ascending order, within what the parent says"));
                    return;
                }
            }
        }

        /// Marks the page and its overflow; false when a page of them is used already.
        private boolean claim(Page page) {
            int first = (int) page.id();
            int last = first + page.length() / file.meta().pageSize();
            int used = reachable.nextSetBit(first);
            if (used >= 0 && used < last) {
                fault(file.corrupt(
                        used, page.fileOffset(), "use", "that of two parents", "each page in one place of the tree"));
                return false;
            }
            reachable.set(first, last);
            return true;
        }

        private void freelist() {
            Freelist.read(file, (from, to) -> reachable.set((int) from, (int) to), id -> {
                if (reachable.get((int) id)) {
                    fault(file.corrupt(id, id * file.meta().pageSize(), "use", "free and in the tree", "one of them"));
                } else {
                    free.set((int) id);
                }
            });
        }

        private void guarded(Runnable step) {
            try {
                step.run();
            } catch (Failure.Corrupt corrupt) {
                fault(corrupt);
            }
        }

        private void fault(Failure.Corrupt corrupt) {
            Problem problem = corrupt.problem();
            fault(new PageFault(pageOf(problem), problem.found(), problem.expected()));
        }

        /// The page that the failure names, -1 when it names none.
        private static long pageOf(Problem problem) {
            String[] words = problem.operation().split(" ");
            return words.length > 2 && words[1].equals("page") ? Long.parseUnsignedLong(words[2]) : -1;
        }

        private void fault(PageFault fault) {
            faultCount++;
            if (faults.size() < FAULTS_MAX) {
                faults.add(fault);
            }
        }
    }
}

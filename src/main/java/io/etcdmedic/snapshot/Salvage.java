package io.etcdmedic.snapshot;

import io.etcdmedic.bbolt.BoltFile;
import io.etcdmedic.bbolt.Page;
import io.etcdmedic.bbolt.Structure;
import io.etcdmedic.bytes.Progress;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.wire.WireFault;
import java.nio.file.Path;

/// Reads what a damaged database file still holds.
///
/// First everything that the tree reaches; then every other page of the file, for leaves that no tree reaches any
/// more: after a power loss 37,521 keys lay in 4,033 such pages (bbolt#1033). Nothing is mended in place.
public final class Salvage {
    /// etcd has no buckets within buckets.
    private static final int INLINE_DEPTH_MAX = 4;

    private final BoltFile file;
    private final SalvagedKeys keys = new SalvagedKeys();
    private long strayPages;
    private long strayChanges;
    private long undecodable;
    /// The last compaction that any page tells of; -1: none does.
    private long compacted = -1;

    private Salvage(BoltFile file) {
        this.file = file;
    }

    /// How much to believe of a key that was found.
    public enum Certainty {
        /// The tree leads to it.
        REACHABLE("reachable"),
        /// Neither the tree nor the freelist names its page; or the file keeps no freelist, as etcd's, and the change
        /// is newer than the last compaction, before which etcd drops nothing. It is lost, not deleted.
        ORPHAN("orphan page"),
        /// Its page is free, or the change is older than the last compaction: it may have been deleted since.
        FREED("freed page: may hold deleted data");

        private final String words;

        Certainty(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /// @throws Failure.Corrupt when not even pages can be found in the file; what [SnapshotFile#open] throws when
    ///     it cannot be read at all
    public static SalvagedKeyspace of(Path path) {
        return of(path, Progress.UNSEEN);
    }

    /// The same; `progress` is told of the bytes read.
    public static SalvagedKeyspace of(Path path, Progress progress) {
        SnapshotFile.refuseHeld(path);
        BoltFile file = BoltFile.openDamaged(path);
        try {
            return file.telling(progress, file.dataBytes(), () -> new Salvage(file).run());
        } catch (Failure failure) {
            file.close();
            throw failure;
        }
    }

    private SalvagedKeyspace run() {
        reachableCompaction();
        Structure structure = Structure.of(file, (bucket, page) -> {
            if (bucket.equals("key")) {
                changes(page, Certainty.REACHABLE, 0);
            }
        });
        long pages = file.dataBytes() / file.meta().pageSize();
        for (long id = 2; id < pages; id++) {
            if (!structure.reachable().get((int) id)) {
                Certainty certainty =
                        structure.hasFreelist() && !structure.free().get((int) id) ? Certainty.ORPHAN : Certainty.FREED;
                file.leafAt(id).ifPresent(page -> stray(page, certainty));
            }
        }
        if (!structure.hasFreelist() && compacted >= 0) {
            keys.believeNewerThan(compacted);
        }
        return new SalvagedKeyspace(file, structure, keys, new Tally(strayPages, strayChanges, undecodable));
    }

    private void reachableCompaction() {
        if (file.hasRoot()) {
            try {
                compacted = Compaction.of(file).revision();
            } catch (Failure damaged) {
                compacted = -1;
            }
        }
    }

    /// @param strayPages leaves outside of the tree that hold changes
    /// @param strayChanges the changes in them, also those that the tree holds too
    /// @param undecodable changes that the tree reaches and that are no `mvccpb.KeyValue`
    public record Tally(long strayPages, long strayChanges, long undecodable) {}

    private void stray(Page page, Certainty certainty) {
        long found = changes(page, certainty, 0);
        strayPages += found > 0 ? 1 : 0;
        strayChanges += found;
    }

    /// How many of the page's elements are changes.
    private long changes(Page page, Certainty certainty, int depth) {
        long found = 0;
        for (int i = 0; i < page.count() && page.holds(i); i++) {
            if (page.isBucket(i)) {
                // Buckets within the root bucket's leaf; those that the tree reaches come as leaves of their own.
                found += certainty == Certainty.REACHABLE || depth == INLINE_DEPTH_MAX
                        ? 0
                        : file.inlineLeaf(page, i)
                                .map(inner -> changes(inner, certainty, depth + 1))
                                .orElse(0L);
            } else if (RevisionKey.fits(page.array(), page.keyAt(i), page.keyLength(i))) {
                found += change(page, i, certainty) ? 1 : 0;
            } else {
                Compaction.revisionIn(page, i).ifPresent(revision -> compacted = Math.max(compacted, revision));
            }
        }
        return found;
    }

    private boolean change(Page page, int i, Certainty certainty) {
        RevisionKey revision = RevisionKey.of(page.array(), page.keyAt(i), page.keyLength(i));
        try {
            StoredEntry.check(
                    page.array(), page.valueAt(i), page.valueLength(i), revision.main(), revision.tombstone());
            keys.add(page, i, revision, certainty);
            return true;
        } catch (WireFault wrong) {
            undecodable += certainty == Certainty.REACHABLE ? 1 : 0;
            return false;
        }
    }
}

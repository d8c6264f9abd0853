package io.etcdmedic.snapshot;

import io.etcdmedic.bbolt.Page;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Ints;
import io.etcdmedic.bytes.Longs;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.snapshot.Salvage.Certainty;

/// The newest change of each key that was found, wherever it was found.
final class SalvagedKeys {
    private static final Certainty[] CERTAINTIES = Certainty.values();

    private final KeyArena keys = new KeyArena();
    private final StoredEntry entry = new StoredEntry();
    private final Longs mains = new Longs();
    private final Longs subs = new Longs();
    private final Longs places = new Longs();
    private final Longs pages = new Longs();
    private final Ints lengths = new Ints();
    /// The certainty's ordinal; its complement for a deletion.
    private final Ints marks = new Ints();
    private long lastMain;
    private long lostAfter = Long.MAX_VALUE;

    void add(Page page, int i, RevisionKey revision, Certainty certainty) {
        entry.find(page.array(), page.valueAt(i), page.valueLength(i));
        int key = keys.intern(page.array(), entry.keyAt(), entry.keyLength());
        int mark = revision.tombstone() ? ~certainty.ordinal() : certainty.ordinal();
        lastMain = Math.max(lastMain, revision.main());
        if (key == mains.size()) {
            mains.add(revision.main());
            subs.add(revision.sub());
            places.add(page.valueFileOffset(i));
            pages.add(page.id());
            lengths.add(page.valueLength(i));
            marks.add(mark);
        } else if (isNewer(revision, key)) {
            mains.set(key, revision.main());
            subs.set(key, revision.sub());
            places.set(key, page.valueFileOffset(i));
            pages.set(key, page.id());
            lengths.set(key, page.valueLength(i));
            marks.set(key, mark);
        }
    }

    /// Of the same change the first copy that was found stays: what the tree reaches comes first.
    private boolean isNewer(RevisionKey revision, int key) {
        return revision.main() > mains.get(key) || revision.main() == mains.get(key) && revision.sub() > subs.get(key);
    }

    long lastMain() {
        return lastMain;
    }

    /// Says that what was freed and is newer than `revision` was lost, and not deleted.
    void believeNewerThan(long revision) {
        lostAfter = revision;
    }

    int[] order() {
        return KeySort.order(keys);
    }

    Key key(int id) {
        return new Key(keys.key(id));
    }

    int find(Key key) {
        Bytes bytes = key.bytes();
        return keys.find(bytes.sharedArray(), bytes.arrayOffset(), bytes.length());
    }

    long main(int id) {
        return mains.get(id);
    }

    long place(int id) {
        return places.get(id);
    }

    long page(int id) {
        return pages.get(id);
    }

    int length(int id) {
        return lengths.get(id);
    }

    boolean deleted(int id) {
        return marks.get(id) < 0;
    }

    Certainty certainty(int id) {
        int mark = marks.get(id);
        Certainty stored = CERTAINTIES[mark < 0 ? ~mark : mark];
        return stored == Certainty.FREED && mains.get(id) > lostAfter ? Certainty.ORPHAN : stored;
    }
}

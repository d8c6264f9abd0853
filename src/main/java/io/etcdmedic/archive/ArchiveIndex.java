package io.etcdmedic.archive;

import io.etcdmedic.archive.Manifest.ArchivedKey;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Ints;
import io.etcdmedic.bytes.Longs;
import io.etcdmedic.bytes.Runs;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import java.util.BitSet;

/// An archive's keys in key order, with all that is known of them but their values.
///
/// Memory: 52 bytes a key beside the key itself, all in arrays of numbers.
final class ArchiveIndex {
    private final Runs keys = new Runs();
    private final Longs created = new Longs();
    private final Longs modified = new Longs();
    private final Longs versions = new Longs();
    private final Longs leases = new Longs();
    private final Ints files = new Ints();
    private final Ints lengths = new Ints();
    private final BitSet seen = new BitSet();
    private final BitSet shared = new BitSet();

    /// @param file the number of its value's file in the archive
    void add(ArchivedKey key, int file) {
        byte[] bytes = key.key().bytes().toArray();
        keys.add(bytes, 0, bytes.length);
        created.add(key.createRevision().number());
        modified.add(key.modRevision().number());
        versions.add(key.version());
        leases.add(key.lease().id());
        files.add(file);
        lengths.add((int) key.bytes());
        if (seen.get(file)) {
            shared.set(file);
        }
        seen.set(file);
    }

    int size() {
        return keys.size();
    }

    Entry entry(int at, Bytes value) {
        return new Entry(
                new Key(keys.get(at)),
                value,
                Revision.of(created.get(at)),
                Revision.of(modified.get(at)),
                versions.get(at),
                new LeaseId(leases.get(at)));
    }

    /// The number of the value's file.
    int file(int at) {
        return files.get(at);
    }

    int valueBytes(int at) {
        return lengths.get(at);
    }

    /// Whether several keys have the value in this file.
    boolean isShared(int file) {
        return shared.get(file);
    }

    /// The first place whose key is not less than `key`.
    int lowerBound(Key key) {
        Bytes wanted = key.bytes();
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (keys.compare(middle, wanted.sharedArray(), wanted.arrayOffset(), wanted.length()) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// The place behind the last key of `range`.
    int upperBound(KeyRange range) {
        return Math.max(range.end().map(this::lowerBound).orElseGet(this::size), lowerBound(range.from()));
    }
}

package io.etcdmedic.snapshot;

import io.etcdmedic.bbolt.BoltFile;
import io.etcdmedic.bbolt.Bucket;
import io.etcdmedic.bbolt.Cursor;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.wire.WireFault;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Finds one key by reading every change once, both halves of the file at the same time, and keeping nothing.
final class Lookup {
    private final byte[] wanted;
    private final long revision;

    private Lookup(Key key, long revision) {
        this.wanted = key.bytes().toArray();
        this.revision = revision;
    }

    private record Hit(long main, boolean tombstone, long place, int length) {}

    /// The entry that the newest change of `key` not above `revision` left.
    static Optional<Entry> newest(BoltFile file, Key key, long revision) {
        Lookup lookup = new Lookup(key, revision);
        return file.root()
                .bucket("key")
                .flatMap(lookup::inBucket)
                .filter(hit -> !hit.tombstone())
                .map(hit -> StoredEntry.read(file, hit.place(), hit.length(), hit.main()));
    }

    /// The revision of the newest change, 0 when there is none.
    static long lastMain(Optional<Bucket> bucket) {
        if (bucket.isEmpty()) {
            return 0;
        }
        Cursor cursor = bucket.get().cursor();
        if (!cursor.last()) {
            return 0;
        }
        boolean fits = RevisionKey.fits(cursor.leaf().array(), cursor.keyAt(), cursor.keyLength());
        return fits ? RevisionKey.of(cursor.key()).main() : 0;
    }

    private Optional<Hit> inBucket(Bucket bucket) {
        Optional<Bytes> middle = bucket.middle();
        if (middle.isEmpty()) {
            return walk(bucket.cursor(), Optional.empty(), Optional.empty());
        }
        CompletableFuture<Optional<Hit>> upper =
                CompletableFuture.supplyAsync(() -> walk(bucket.cursor(), middle, Optional.empty()));
        Optional<Hit> lower = walk(bucket.cursor(), Optional.empty(), middle);
        try {
            return upper.join().or(() -> lower);
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof Failure failure ? failure : failed;
        }
    }

    /// The last hit from `from` on and before `end`.
    private Optional<Hit> walk(Cursor cursor, Optional<Bytes> from, Optional<Bytes> end) {
        byte[] stop = end.map(Bytes::toArray).orElse(new byte[0]);
        StoredEntry entry = new StoredEntry();
        Optional<Hit> last = Optional.empty();
        boolean more = from.map(cursor::seek).orElseGet(cursor::first);
        for (; more; more = cursor.next()) {
            byte[] array = cursor.leaf().array();
            int at = cursor.keyAt();
            int length = cursor.keyLength();
            if (stop.length > 0 && Arrays.compareUnsigned(array, at, at + length, stop, 0, stop.length) >= 0) {
                return last;
            }
            if (RevisionKey.fits(array, at, length)
                    && RevisionKey.int64(array, at) <= revision
                    && isWanted(entry, cursor, array)) {
                last = Optional.of(new Hit(
                        RevisionKey.int64(array, at),
                        length == RevisionKey.TOMBSTONE_BYTES,
                        cursor.valueFileOffset(),
                        cursor.valueLength()));
            }
        }
        return last;
    }

    private boolean isWanted(StoredEntry entry, Cursor cursor, byte[] array) {
        try {
            entry.find(array, cursor.valueAt(), cursor.valueLength());
        } catch (WireFault undecodable) {
            // A row in what verifying the file finds.
            return false;
        }
        int at = entry.keyAt();
        return entry.keyLength() == wanted.length
                && Arrays.equals(array, at, at + wanted.length, wanted, 0, wanted.length);
    }
}

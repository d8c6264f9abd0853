package io.etcdmedic.snapshot;

import io.etcdmedic.bbolt.BoltFile;
import io.etcdmedic.bbolt.Meta;
import io.etcdmedic.bbolt.Page;
import io.etcdmedic.bbolt.Structure;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Progress;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.wire.WireFault;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Whether a database file is whole: its hash, its pages, its revisions.
///
/// @param fileBytes the file's size
/// @param stored the SHA-256 that the snapshot's writer appended; empty for a copied database
/// @param computed the SHA-256 of the content; empty when there is nothing to compare it with
/// @param strayBytes at the end, that belong to no page and are no hash
/// @param meta the meta that counts
/// @param changes how many changes the bucket `key` holds, `tombstones` among them
/// @param lastRevision of the newest change; 0 when there is none
/// @param entryFaults changes that cannot be decoded, at most 1,000; `entryFaultCount` is how many there are
public record SnapshotCheck(
        Path path,
        long fileBytes,
        Optional<Sha256> stored,
        Optional<Sha256> computed,
        long strayBytes,
        Meta meta,
        Structure structure,
        long changes,
        long tombstones,
        long lastRevision,
        List<StoredFault> entryFaults,
        long entryFaultCount) {
    private static final int READ_BYTES = 1 << 20;

    /// What can be said about the content.
    public enum Content {
        /// The hash that the writer appended is the hash of what is there.
        VERIFIED("verified"),
        /// It is not: the file is not what etcd wrote.
        DAMAGED("damaged"),
        /// No hash was appended, as in a copy of a member's database: only the structure can be checked.
        UNVERIFIED("content unverified: no hash was appended");

        private final String words;

        Content(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    public Content content() {
        if (strayBytes > 0) {
            return Content.DAMAGED;
        }
        return stored.map(s -> s.equals(computed.orElseThrow()) ? Content.VERIFIED : Content.DAMAGED)
                .orElse(Content.UNVERIFIED);
    }

    /// Whether nothing is wrong as far as can be told.
    public boolean isSound() {
        return content() != Content.DAMAGED && structure.isSound() && entryFaultCount == 0;
    }

    /// Reads every byte of the file; the hash is computed beside the walk.
    ///
    /// @throws Failure as [SnapshotFile#open] does; what is wrong within the pages is in the result
    public static SnapshotCheck of(Path path) {
        return of(path, Progress.UNSEEN);
    }

    /// The same; `progress` is told of the bytes read, each of which the walk and the hash read once.
    public static SnapshotCheck of(Path path, Progress progress) {
        try (BoltFile file = SnapshotFile.openBolt(path, true)) {
            int times = file.trailer().isPresent() ? 2 : 1;
            return file.telling(progress, times * file.dataBytes(), () -> of(path, file));
        }
    }

    private static SnapshotCheck of(Path path, BoltFile file) {
        Optional<Sha256> stored = file.trailer().map(t -> new Sha256(t.toHex()));
        Optional<CompletableFuture<Sha256>> hash = stored.map(_ -> CompletableFuture.supplyAsync(() -> sha256(file)));
        Layer layer = new Layer();
        Structure structure = Structure.of(file, layer);
        return new SnapshotCheck(
                path,
                file.bytes().size(),
                stored,
                hash.map(h -> result(h, path)),
                file.strayBytes(),
                file.meta(),
                structure,
                layer.changes,
                layer.tombstones,
                layer.lastRevision,
                List.copyOf(layer.faults),
                layer.faultCount);
    }

    private static Sha256 result(CompletableFuture<Sha256> hash, Path path) {
        try {
            return hash.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof Failure failure) {
                throw failure;
            }
            throw new Failure.Unreachable(Problem.in("hashing " + path).found(String.valueOf(failed.getMessage())))
                    .because(failed);
        }
    }

    private static Sha256 sha256(BoltFile file) {
        MessageDigest digest = Sha256.digester();
        byte[] chunk = new byte[READ_BYTES];
        for (long at = 0; at < file.dataBytes(); at += chunk.length) {
            int count = (int) Math.min(chunk.length, file.dataBytes() - at);
            file.bytes().read(at, chunk, 0, count);
            digest.update(chunk, 0, count);
        }
        return Sha256.of(digest);
    }

    /// Checks the changes in the bucket `key`.
    private static final class Layer implements Structure.Leaves {
        private final List<StoredFault> faults = new ArrayList<>();
        private long faultCount;
        private long changes;
        private long tombstones;
        private long lastRevision;

        @Override
        public void leaf(String bucket, Page page) {
            if (!bucket.equals("key")) {
                return;
            }
            for (int i = 0; i < page.count(); i++) {
                change(page, i);
            }
        }

        private void change(Page page, int i) {
            if (!RevisionKey.fits(page.array(), page.keyAt(i), page.keyLength(i))) {
                fault(page, i, "its key is no revision");
                return;
            }
            changes++;
            boolean tombstone = page.keyLength(i) == RevisionKey.TOMBSTONE_BYTES;
            tombstones += tombstone ? 1 : 0;
            lastRevision = RevisionKey.int64(page.array(), page.keyAt(i));
            try {
                StoredEntry.check(page.array(), page.valueAt(i), page.valueLength(i), lastRevision, tombstone);
            } catch (WireFault wrong) {
                fault(page, i, wrong.found() + " at offset " + wrong.offset() + " of its value");
            }
        }

        private void fault(Page page, int i, String found) {
            faultCount++;
            if (faults.size() < KeyIndex.FAULTS_MAX) {
                Bytes key = Bytes.copyOf(
                        java.util.Arrays.copyOfRange(page.array(), page.keyAt(i), page.keyAt(i) + page.keyLength(i)));
                faults.add(new StoredFault(page.id(), page.valueFileOffset(i), key, found));
            }
        }
    }
}

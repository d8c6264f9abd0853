package io.etcdmedic.etcd;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.DurableFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.function.LongConsumer;

/// A member's database in a file. The file gets its name only when all of it is there and its hash is right.
///
/// @param sha256 of the database, as etcd sent it at the end and as it was computed from what arrived
/// @param revision the member's newest revision when the stream began
public record SnapshotSave(Path file, MemberStatus member, long bytes, Sha256 sha256, long revision) {
    private static final int TRAILER_BYTES = 32;

    /// @param progress told the bytes that have arrived
    /// @throws Failure.Refused when `file` exists, or there is no room for it
    /// @throws Failure.Corrupt when what arrived is not what etcd hashed
    static SnapshotSave of(MemberStatus member, SnapshotStream stream, Path file, LongConsumer progress) {
        requireRoom(file, member.dbBytes());
        Incoming incoming = new Incoming(progress);
        DurableFile.streamNew(file, out -> {
            while (stream.hasNext()) {
                incoming.take(stream.next(), out);
            }
            incoming.requireWhole(file);
        });
        return new SnapshotSave(file, member, incoming.bytes, incoming.stored(), member.revision());
    }

    private static void requireRoom(Path file, long bytes) {
        Path folder = file.toAbsolutePath().getParent();
        try {
            long room = Files.getFileStore(folder == null ? file.toAbsolutePath() : folder)
                    .getUsableSpace();
            if (room < bytes) {
                throw new Failure.Unreachable(Problem.in("saving a snapshot to " + file)
                        .found(room + " bytes are free there")
                        .expected("room for " + bytes)
                        .hint("choose another disk, or defragment the member first (medic fix nospace)"));
            }
        } catch (IOException e) {
            throw new Failure.Unreachable(Problem.in("saving a snapshot to " + file)
                            .found(e instanceof java.nio.file.NoSuchFileException ? "no such folder" : e.toString()))
                    .because(e);
        }
    }

    /// Hashes all but the last 32 bytes, which may come in any cut.
    private static final class Incoming {
        private final MessageDigest digest = Sha256.digester();
        private final LongConsumer progress;
        private Bytes tail = Bytes.EMPTY;
        private long bytes;

        Incoming(LongConsumer progress) {
            this.progress = progress;
        }

        void take(Bytes piece, OutputStream out) throws IOException {
            piece.writeTo(out);
            bytes += piece.length();
            if (piece.length() >= TRAILER_BYTES) {
                digest.update(tail.asBuffer());
                digest.update(piece.slice(0, piece.length() - TRAILER_BYTES).asBuffer());
                tail = piece.from(piece.length() - TRAILER_BYTES);
            } else {
                Bytes both = tail.concat(piece);
                int surplus = Math.max(0, both.length() - TRAILER_BYTES);
                digest.update(both.slice(0, surplus).asBuffer());
                tail = both.from(surplus);
            }
            progress.accept(bytes);
        }

        Sha256 stored() {
            return new Sha256(tail.toHex());
        }

        void requireWhole(Path file) {
            if (tail.length() < TRAILER_BYTES) {
                throw new Failure.Corrupt(Problem.in("saving a snapshot to " + file)
                        .found("only " + bytes + " bytes arrived")
                        .hint("run it again"));
            }
            Sha256 computed = Sha256.of(digest);
            if (!computed.equals(stored())) {
                throw new Failure.Corrupt(Problem.in("saving a snapshot to " + file)
                        .found("what arrived has the SHA-256 " + computed)
                        .expected(stored() + ", as etcd says")
                        .hint("nothing was kept; run it again, or ask another member"));
            }
        }
    }
}

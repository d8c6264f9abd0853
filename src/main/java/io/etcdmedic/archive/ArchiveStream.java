package io.etcdmedic.archive;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/// An archive's files one after the other, every byte of the archive accounted for.
///
/// The seal is checked before anything is decompressed. What an honest writer cannot have made is refused while it
/// is read: nothing is ever written to disk from it, a file passes through piece by piece, and the whole is bounded
/// by [#EXPANSION_MAX].
final class ArchiveStream implements AutoCloseable {
    /// Of a value or its YAML; etcd's own bound is far below. The manifest, read line by line, may be longer.
    private static final long FILE_BYTES_MAX = 1L << 30;

    /// Deflate reaches 1000:1; stored objects reach 20:1. Beyond it, and what takes a second to read, it is a bomb.
    private static final long EXPANSION_MAX = 200;

    private static final long FREE_BYTES = 256L << 20;

    private static final int PIECE = 1 << 16;

    private final String archive;
    private final long compressed;
    private final Bytes seal;
    private final InputStream file;
    private final Inflater inflater = new Inflater(true);
    private final InputStream tar;
    private final byte[] piece = new byte[PIECE];
    private final InputStream content = new Content();
    private Optional<Tar> now = Optional.empty();
    private long left;
    private long length;

    /// @throws Failure.Corrupt when the seal is broken
    static ArchiveStream open(Path path) throws IOException {
        long size = Files.size(path);
        long body = size - Seal.LENGTH;
        if (body < Seal.HEADER.length() + Seal.MEMBER_END) {
            throw corrupt(path.toString(), size + " bytes", "an archive of medic, which is larger");
        }
        return new ArchiveStream(path, body, sealed(path, body));
    }

    /// The seal, which fits all bytes before it.
    private static Bytes sealed(Path path, long body) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            MessageDigest digest = Sha256.digester();
            byte[] buffer = new byte[PIECE];
            for (long left = body; left > 0; ) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw corrupt(path.toString(), "a file that became shorter", "");
                }
                digest.update(buffer, 0, read);
                left -= read;
            }
            Bytes seal = Bytes.owned(in.readNBytes(Seal.LENGTH + 1));
            if (!seal.equals(Seal.of(Sha256.of(digest)))) {
                throw corrupt(
                        path.toString(),
                        "bytes that do not have the hash in its seal",
                        "an archive of medic, unchanged since it was written");
            }
            return seal;
        }
    }

    private ArchiveStream(Path path, long body, Bytes seal) throws IOException {
        this.archive = path.toString();
        this.compressed = body;
        this.seal = seal;
        this.file = new BufferedInputStream(Files.newInputStream(path), PIECE);
        if (!Bytes.owned(file.readNBytes(Seal.HEADER.length())).equals(Seal.HEADER)) {
            file.close();
            throw corrupt(archive, "another header", "an archive of medic");
        }
        this.tar = new InflaterInputStream(file, inflater, PIECE);
    }

    /// What tells this archive from every other.
    Bytes seal() {
        return seal;
    }

    /// The next file, of which nothing was read yet; empty at the end, when all that must follow did. What was not
    /// read of the file before is passed over.
    Optional<Tar> next() throws IOException {
        if (now.isPresent()) {
            content.skipNBytes(left);
            if (!isZero(read(now.get().padding()))) {
                throw corrupt(archive, "padding that is not zero", "");
            }
        }
        byte[] block = read(Tar.BLOCK);
        now = isZero(block) ? Optional.empty() : Optional.of(Tar.read(block, archive));
        if (now.isPresent()) {
            requireBounded(now.get());
        } else {
            end();
        }
        left = now.map(Tar::size).orElse(0L);
        return now;
    }

    private void requireBounded(Tar header) {
        long bound = FREE_BYTES + EXPANSION_MAX * compressed;
        boolean value = !header.name().equals(ManifestLines.NAME);
        if (value && header.size() > FILE_BYTES_MAX || length + header.size() > bound) {
            throw corrupt(
                    archive,
                    "a file of " + header.size() + " bytes in an archive of " + compressed,
                    "at most " + EXPANSION_MAX + " times its size");
        }
    }

    /// What is left of the file.
    InputStream content() {
        return content;
    }

    /// Lets the rest of the file pass; its hash.
    Sha256 hash() throws IOException {
        MessageDigest digest = Sha256.digester();
        for (int read = content.read(piece); read > 0; read = content.read(piece)) {
            digest.update(piece, 0, read);
        }
        return Sha256.of(digest);
    }

    /// The rest of the file, in memory.
    Bytes bytes() throws IOException {
        return Bytes.owned(content.readNBytes((int) left));
    }

    private void end() throws IOException {
        if (!isZero(read(Tar.BLOCK)) || tar.read() >= 0) {
            throw corrupt(archive, "more after its end", "");
        }
        long sealed = inflater.getBytesRead() + Seal.HEADER.length() + Seal.MEMBER_END;
        if (sealed != compressed) {
            throw corrupt(archive, "bytes between its end and its seal", "");
        }
    }

    private byte[] read(int count) throws IOException {
        byte[] bytes = new byte[count];
        for (int at = 0; at < count; ) {
            at += inflated(bytes, at, count - at);
        }
        return bytes;
    }

    /// @return at least one byte
    private int inflated(byte[] into, int at, int count) throws IOException {
        try {
            int read = tar.read(into, at, count);
            if (read < 0) {
                throw new EOFException();
            }
            length += read;
            return read;
        } catch (ZipException | EOFException broken) {
            throw corrupt(archive, "compressed data that breaks off or is none", "")
                    .because(broken);
        }
    }

    private static boolean isZero(byte[] bytes) {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static Failure.Corrupt corrupt(String archive, String found, String expected) {
        return new Failure.Corrupt(
                Problem.in("reading the archive " + archive).found(found).expected(expected));
    }

    /// The file that passes, up to its last byte.
    private final class Content extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int at, int count) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = inflated(into, at, (int) Math.min(count, left));
            left -= read;
            return read;
        }

        @Override
        public long skip(long count) throws IOException {
            return Math.max(0, read(piece, 0, (int) Math.min(count, PIECE)));
        }
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        file.close();
    }
}

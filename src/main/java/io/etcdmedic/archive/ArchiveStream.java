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
import java.util.function.Function;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/// An archive's files one after the other, every byte of the archive accounted for.
///
/// The seal is checked before anything is decompressed. What an honest writer cannot have made is refused while it is
/// read: nothing is ever written to disk from it, a file passes through piece by piece, and the whole is bounded by
/// [#EXPANSION_MAX].
final class ArchiveStream implements AutoCloseable {
    /// The manifest of a million keys fits.
    private static final long FILE_BYTES_MAX = 1L << 30;

    /// Deflate reaches 1000:1; stored objects reach 20:1. Beyond it, and what takes a second to read, it is a bomb.
    private static final long EXPANSION_MAX = 200;

    private static final long FREE_BYTES = 256L << 20;

    private static final int PIECE = 1 << 16;

    private final String archive;
    private final long compressed;
    private final InputStream file;
    private final Inflater inflater = new Inflater(true);
    private final InputStream tar;
    private long length;

    /// One file that has passed.
    record File(String name, long size, Sha256 sha256) {}

    /// Where a file's bytes go while it passes.
    interface Sink {
        Sink NOWHERE = (_, _) -> {};

        /// @param piece good only during the call
        void take(byte[] piece, int length);
    }

    /// @throws Failure.Corrupt when the seal is broken
    static ArchiveStream open(Path path) throws IOException {
        long size = Files.size(path);
        long body = size - Seal.LENGTH;
        if (body < Seal.HEADER.length() + Seal.MEMBER_END) {
            throw corrupt(path.toString(), size + " bytes", "an archive of medic, which is larger");
        }
        try (InputStream in = Files.newInputStream(path)) {
            MessageDigest digest = Sha256.digester();
            byte[] buffer = new byte[1 << 16];
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
        }
        return new ArchiveStream(path, body);
    }

    private ArchiveStream(Path path, long body) throws IOException {
        this.archive = path.toString();
        this.compressed = body;
        this.file = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
        if (!Bytes.owned(file.readNBytes(Seal.HEADER.length())).equals(Seal.HEADER)) {
            throw corrupt(archive, "another header", "an archive of medic");
        }
        this.tar = new InflaterInputStream(file, inflater, 1 << 16);
    }

    /// Lets the next file pass; empty at the end, when all that must follow did.
    ///
    /// @param sinks where a file of this name goes
    Optional<File> next(Function<String, Sink> sinks) throws IOException {
        byte[] block = read(Tar.BLOCK);
        if (isZero(block)) {
            end();
            return Optional.empty();
        }
        Tar header = Tar.read(block, archive);
        long bound = FREE_BYTES + EXPANSION_MAX * compressed;
        if (header.size() > FILE_BYTES_MAX || length + header.size() > bound) {
            throw corrupt(
                    archive,
                    "a file of " + header.size() + " bytes in an archive of " + compressed,
                    "at most " + EXPANSION_MAX + " times its size");
        }
        Sha256 sha256 = pass(header.size(), sinks.apply(header.name()));
        if (!isZero(read(header.padding()))) {
            throw corrupt(archive, "padding that is not zero", "");
        }
        return Optional.of(new File(header.name(), header.size(), sha256));
    }

    private Sha256 pass(long size, Sink sink) throws IOException {
        MessageDigest digest = Sha256.digester();
        for (long left = size; left > 0; ) {
            byte[] piece = read((int) Math.min(PIECE, left));
            digest.update(piece);
            sink.take(piece, piece.length);
            left -= piece.length;
        }
        return Sha256.of(digest);
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
        try {
            byte[] bytes = tar.readNBytes(count);
            if (bytes.length < count) {
                throw new EOFException();
            }
            length += count;
            return bytes;
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

    @Override
    public void close() throws IOException {
        inflater.end();
        file.close();
    }
}

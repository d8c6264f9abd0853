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
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/// An archive's files one after the other, every byte of the archive accounted for.
///
/// The seal is checked before anything is decompressed. What an honest writer cannot have made is refused while it is
/// read: nothing is ever written to disk from it, one file is in memory at a time, and the whole is bounded by
/// [#EXPANSION_MAX].
final class ArchiveStream implements AutoCloseable {
    /// etcd takes values of 1.5 MiB (`--max-request-bytes`, which can be raised); the manifest of a million keys fits.
    private static final long FILE_BYTES_MAX = 1L << 30;

    /// Deflate reaches 1000:1; stored objects reach 20:1. Beyond it, and 64 MiB, it is a bomb.
    private static final long EXPANSION_MAX = 200;

    private static final long FREE_BYTES = 64L << 20;

    private final String archive;
    private final long compressed;
    private final InputStream file;
    private final Inflater inflater = new Inflater(true);
    private final InputStream tar;
    private final CRC32 crc = new CRC32();
    private long length;

    /// @param content held in memory while it is looked at
    record File(String name, Bytes content) {
        Sha256 sha256() {
            return Sha256.of(content);
        }
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

    /// The next file; empty at the end, when all that must follow did.
    Optional<File> next() throws IOException {
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
        byte[] content = read((int) header.size());
        if (!isZero(read(header.padding()))) {
            throw corrupt(archive, "padding that is not zero", "");
        }
        return Optional.of(new File(header.name(), Bytes.owned(content)));
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
            crc.update(bytes);
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

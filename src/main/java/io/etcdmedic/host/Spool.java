package io.etcdmedic.host;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/// Bytes that are written now and read once later, of any number.
///
/// Up to [#MEMORY_BYTES_MAX] they stay in memory. What is more lies in a file beside the one it is written for,
/// mode 0600, whose name is removed as soon as it is open: it ends with the program, however that ends, and takes
/// the room on the disk until then.
public final class Spool extends OutputStream {
    static final int MEMORY_BYTES_MAX = 1 << 20;

    /// `DELETE_ON_CLOSE` takes the name away right after opening: sun.nio.fs.UnixChannelFactory.
    private static final Set<OpenOption> OWN = Set.of(
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE,
            LinkOption.NOFOLLOW_LINKS);

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Optional<Path> target;
    private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private Optional<FileChannel> file = Optional.empty();
    private OutputStream out = memory;
    private long length;

    private Spool(Optional<Path> target) {
        this.target = target;
    }

    /// For what is small for certain.
    public static Spool inMemory() {
        return new Spool(Optional.empty());
    }

    /// In the folder of `target`, once it is too much for memory.
    public static Spool beside(Path target) {
        return new Spool(Optional.of(target.toAbsolutePath().normalize()));
    }

    public long length() {
        return length;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        if (file.isEmpty() && target.isPresent() && length + count > MEMORY_BYTES_MAX) {
            toFile(target.get());
        }
        out.write(bytes, from, count);
        length += count;
    }

    private void toFile(Path beside) throws IOException {
        byte[] random = new byte[8];
        RANDOM.nextBytes(random);
        String name = "." + beside.getFileName() + "." + HexFormat.of().formatHex(random) + ".spool";
        FileChannel opened = FileChannel.open(
                beside.resolveSibling(name),
                OWN,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        file = Optional.of(opened);
        out = new BufferedOutputStream(Channels.newOutputStream(opened), 1 << 16);
        memory.writeTo(out);
        memory.reset();
    }

    /// Gives all of it to `sink`, from the first byte on.
    public void writeTo(OutputStream sink) throws IOException {
        if (file.isEmpty()) {
            memory.writeTo(sink);
            return;
        }
        out.flush();
        file.get().position(0);
        Channels.newInputStream(file.get()).transferTo(sink);
        file.get().position(length);
    }

    @Override
    public void close() throws IOException {
        if (file.isPresent()) {
            file.get().close();
        }
    }
}

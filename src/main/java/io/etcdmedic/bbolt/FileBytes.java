package io.etcdmedic.bbolt;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.IntConsumer;

/// A file read by position, never mapped: when somebody truncates it under us, a read ends with an error, where a
/// mapping would end the process with SIGBUS.
public final class FileBytes implements AutoCloseable {
    private final Path path;
    private final long size;
    private volatile FileChannel channel;
    private volatile boolean closed;
    private volatile IntConsumer onRead = _ -> {};

    private FileBytes(Path path, FileChannel channel, long size) {
        this.path = path;
        this.channel = channel;
        this.size = size;
    }

    /// @throws Failure.Unreachable when `path` is missing or no regular file, [Failure.Locked] without permission,
    ///     [Failure.Corrupt] when it is empty
    public static FileBytes open(Path path) {
        if (Files.isDirectory(path)) {
            throw new Failure.Unreachable(opening(path)
                    .found("a directory")
                    .expected("a file")
                    .hint("in an etcd data directory the file is member/snap/db"));
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new Failure.Unreachable(
                    opening(path).found("a pipe, socket or device").expected("a regular file"));
        }
        FileBytes file = openRegular(path);
        if (file.size == 0) {
            file.close();
            throw new Failure.Corrupt(opening(path)
                    .found("an empty file")
                    .expected("a bbolt file")
                    .hint("the backup that made it failed: look at its log, and for an older one"));
        }
        return file;
    }

    private static FileBytes openRegular(Path path) {
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            return new FileBytes(path, channel, channel.size());
        } catch (NoSuchFileException missing) {
            throw new Failure.Unreachable(opening(path).found("there is no such file")).because(missing);
        } catch (AccessDeniedException denied) {
            throw new Failure.Locked(opening(path)
                            .found("no permission to read it")
                            .hint("etcd keeps its files to itself: run as root, or as the user that owns the file"))
                    .because(denied);
        } catch (IOException broken) {
            throw new Failure.Unreachable(opening(path).found(String.valueOf(broken.getMessage()))).because(broken);
        }
    }

    private static Problem opening(Path path) {
        return Problem.in("opening " + path);
    }

    public Path path() {
        return path;
    }

    /// The size in bytes when the file was opened.
    public long size() {
        return size;
    }

    /// Tells `listener` the bytes of each read from now on, on the thread that reads.
    void onRead(IntConsumer listener) {
        onRead = listener;
    }

    /// Fills `count` bytes of `into` from `offset` of the file on.
    ///
    /// @throws Failure.Corrupt when the file ends before, [Failure.Unreachable] when the disk fails
    public void read(long offset, byte[] into, int at, int count) {
        onRead.accept(count);
        ByteBuffer buffer = ByteBuffer.wrap(into, at, count);
        try {
            while (buffer.hasRemaining()) {
                if (open().read(buffer, offset + buffer.position() - at) < 0) {
                    throw new Failure.Corrupt(Problem.in("reading " + path)
                            .found("the file ends within the " + count + " bytes at offset " + offset)
                            .expected("at least " + (offset + count) + " bytes"));
                }
            }
        } catch (ClosedByInterruptException interrupted) {
            throw new Failure.Unreachable(Problem.in("reading " + path).found("the read was interrupted"))
                    .because(interrupted);
        } catch (IOException broken) {
            throw new Failure.Unreachable(Problem.in("reading " + path)
                            .found(broken.getMessage() + " at offset " + offset)
                            .hint("the disk may be failing: copy the file elsewhere and read the copy"))
                    .because(broken);
        }
    }

    /// A channel closes when its thread is interrupted; the next command of a shell opens it again.
    private FileChannel open() throws IOException {
        if (!channel.isOpen() && !closed) {
            FileChannel again = FileChannel.open(path, StandardOpenOption.READ);
            if (again.size() != size) {
                again.close();
                throw new IOException("the file has changed since it was opened");
            }
            channel = again;
        }
        return channel;
    }

    @Override
    public void close() {
        closed = true;
        try {
            channel.close();
        } catch (IOException ignored) {
            // Nothing was written: there is nothing to lose.
            return;
        }
    }
}

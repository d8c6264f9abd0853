package io.etcdmedic.shell;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A folder of our own that is gone when we end: in memory where the system has a place for that, so that no disk
/// is written to.
///
/// A process that was killed leaves its folder; it held a lock in it, and the next one that makes a folder removes
/// what nobody holds.
record PassingFolder(Path path, FileChannel lock) implements AutoCloseable {
    private static final String LOCK = "in-use";
    /// tmpfs(5); else the system's temporary folder.
    private static final Path MEMORY = Path.of("/dev/shm");

    /// @param prefix the beginning of the folder's name; others of the same are looked through
    static PassingFolder make(String prefix) {
        Path around = Files.isWritable(MEMORY) && Files.isDirectory(MEMORY)
                ? MEMORY
                : Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
        return make(around, prefix);
    }

    static PassingFolder make(Path around, String prefix) {
        try {
            removeAbandoned(around, prefix);
            Path path = Files.createTempDirectory(around, prefix);
            FileChannel lock =
                    FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            FileLock _ = lock.lock();
            return new PassingFolder(path, lock);
        } catch (IOException e) {
            throw new Failure.Unreachable(
                            Problem.in("making a folder in " + around).found(e.toString()))
                    .because(e);
        }
    }

    private static void removeAbandoned(Path around, String prefix) {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(around, prefix + "*")) {
            for (Path folder : folders) {
                if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && isAbandoned(folder)) {
                    remove(folder);
                }
            }
        } catch (IOException | UncheckedIOException | DirectoryIteratorException another) {
            // Another one removes it at the same time, or it is somebody else's.
        }
    }

    /// Whether nobody holds it; one without a lock is being made, or is somebody else's.
    private static boolean isAbandoned(Path folder) {
        try (FileChannel channel =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            return channel.tryLock() != null;
        } catch (IOException | OverlappingFileLockException inUseOrNotOurs) {
            return false;
        }
    }

    private static void remove(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            boolean _ = Files.deleteIfExists(path);
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
        remove(path);
    }
}

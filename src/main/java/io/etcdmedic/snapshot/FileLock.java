package io.etcdmedic.snapshot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Whether a running process holds a database file: etcd takes `flock(2)` on it for as long as it runs.
///
/// Java's own locks are POSIX locks, which never meet a `flock`; the kernel's list knows both.
/// Source: proc_locks(5), bbolt bolt_unix.go.
record FileLock(long pid) {
    private static final Path KERNEL_LOCKS = Path.of("/proc/locks");

    /// The exclusive lock on `path`; empty where the kernel lists none, or is no Linux.
    static Optional<FileLock> on(Path path) {
        try {
            Inode wanted = Inode.of(path);
            List<Listed> exclusive = Files.readAllLines(KERNEL_LOCKS).stream()
                    .map(line -> line.strip().split("\\s+"))
                    .filter(f -> f.length >= 6 && f[1].equals("FLOCK") && f[3].equals("WRITE"))
                    .map(f -> new Listed(Long.parseLong(f[4]), f[5]))
                    .toList();
            return exclusive.stream()
                    .filter(lock -> lock.inode().equals(wanted.inKernel()))
                    .findFirst()
                    .or(() -> exclusive.stream()
                            .filter(lock -> lock.inode().endsWith(":" + wanted.number()))
                            .filter(lock -> hasOpen(lock.pid(), wanted))
                            .findFirst())
                    .map(lock -> new FileLock(lock.pid()));
        } catch (IOException
                | UncheckedIOException
                | UnsupportedOperationException
                | IllegalArgumentException unknown) {
            return Optional.empty();
        }
    }

    private record Listed(long pid, String inode) {}

    /// A file, as `stat(2)` names it.
    private record Inode(long device, long number) {
        static Inode of(Path path) throws IOException {
            return new Inode(
                    ((Number) Files.getAttribute(path, "unix:dev")).longValue(),
                    ((Number) Files.getAttribute(path, "unix:ino")).longValue());
        }

        String inKernel() {
            return "%02x:%02x:%d".formatted(major(device), minor(device), number);
        }
    }

    /// On btrfs and overlayfs the kernel's list names another device than `stat(2)`: there the open files are asked of
    /// who locks a file of that number. Others may have it open too, and only read it.
    private static boolean hasOpen(long pid, Inode wanted) {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path file : open) {
                if (Files.isRegularFile(file) && Inode.of(file).equals(wanted)) {
                    return true;
                }
            }
            return false;
        } catch (IOException | DirectoryIteratorException gone) {
            return false;
        }
    }

    /// Source: glibc gnu_dev_major.
    private static long major(long device) {
        return device >>> 8 & 0xfff | device >>> 32 & 0xfffff000L;
    }

    private static long minor(long device) {
        return device & 0xff | device >>> 12 & 0xffffff00L;
    }
}

package io.etcdmedic.snapshot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
            long inode = ((Number) Files.getAttribute(path, "unix:ino")).longValue();
            long device = ((Number) Files.getAttribute(path, "unix:dev")).longValue();
            String wanted = "%02x:%02x:%d".formatted(major(device), minor(device), inode);
            return Files.readAllLines(KERNEL_LOCKS).stream()
                    .map(line -> line.strip().split("\\s+"))
                    .filter(f -> f.length >= 6 && f[1].equals("FLOCK") && f[3].equals("WRITE") && f[5].equals(wanted))
                    .findFirst()
                    .map(f -> new FileLock(Long.parseLong(f[4])));
        } catch (IOException
                | UncheckedIOException
                | UnsupportedOperationException
                | IllegalArgumentException unknown) {
            return Optional.empty();
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

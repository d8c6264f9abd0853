package io.etcdmedic.node;

import io.etcdmedic.host.IoReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// etcd's data folders on this machine: whose owner may be changed, and who runs on one.
///
/// A running etcd holds a lock (flock) on `member/snap/db`, which /proc/locks shows also for one in a container.
/// Source: bbolt bolt_unix.go; proc_locks(5).
public final class EtcdFolder {
    private static final Path PLACE = Path.of("var/lib/etcd");
    private static final Path DATABASE = Path.of("member/snap/db");

    /// `1: FLOCK  ADVISORY  WRITE 17225 fe:00:2154691 0 EOF`.
    private static final Pattern LOCK =
            Pattern.compile("\\d+: (?:-> )?FLOCK\\s+\\S+\\s+\\S+\\s+(-?\\d+) ([0-9a-f]+):([0-9a-f]+):(\\d+) .*");

    private EtcdFolder() {}

    /// Whether a plan may change the owner of what is at `path`: etcd's data folder, or the member in it.
    public static boolean mayOwn(String path) {
        Path file = Path.of(path);
        if (!file.isAbsolute() || !file.normalize().equals(file)) {
            return false;
        }
        for (int i = 0; i + 3 <= file.getNameCount(); i++) {
            if (file.subpath(i, i + 3).equals(PLACE)) {
                return i + 3 == file.getNameCount()
                        || file.getName(i + 3).toString().equals("member");
            }
        }
        return false;
    }

    /// Who runs on the data folder that `path` is, or lies in; empty when nobody does.
    public static Optional<String> holder(Path path) {
        Path data = path;
        while (data.getNameCount() > 1 && passesMember(data)) {
            data = data.resolveSibling("");
        }
        if (Files.notExists(data.resolve(DATABASE), LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            Map<String, Object> db =
                    Files.readAttributes(data.resolve(DATABASE), "unix:ino,dev", LinkOption.NOFOLLOW_LINKS);
            for (String line : Files.readAllLines(Path.of("/proc/locks"))) {
                Optional<String> holder = holder(line, number(db, "ino"), number(db, "dev"));
                if (holder.isPresent()) {
                    return holder;
                }
            }
        } catch (IOException untold) {
            return Optional.of("perhaps an etcd (which cannot be told: " + IoReason.of(untold) + ")");
        }
        return Optional.empty();
    }

    private static boolean passesMember(Path path) {
        for (Path name : path) {
            if (name.toString().equals("member")) {
                return true;
            }
        }
        return false;
    }

    /// The device differs between stat(2) and the lock on some file systems: there the program's name decides.
    private static Optional<String> holder(String line, long inode, long device) {
        Matcher lock = LOCK.matcher(line);
        if (!lock.matches() || Long.parseLong(lock.group(4)) != inode) {
            return Optional.empty();
        }
        long major = Long.parseLong(lock.group(2), 16);
        long minor = Long.parseLong(lock.group(3), 16);
        boolean sameDevice = device == (minor & 0xff | (major & 0xfff) << 8 | (minor & ~0xffL) << 12);
        String program = program(lock.group(1));
        return sameDevice || program.equals("etcd")
                ? Optional.of("%s (pid %s)".formatted(program.isEmpty() ? "a program" : program, lock.group(1)))
                : Optional.empty();
    }

    private static String program(String pid) {
        try {
            List<String> lines = Files.readAllLines(Path.of("/proc", pid, "comm"));
            return lines.isEmpty() ? "" : lines.getFirst();
        } catch (IOException elsewhere) {
            return "";
        }
    }

    private static long number(Map<String, Object> attributes, String name) {
        return ((Number) attributes.getOrDefault(name, -1L)).longValue();
    }
}

package io.etcdmedic.host;

import io.etcdmedic.bytes.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The machine we run on, or the tree of another one below a folder (a mounted disk, a fixture).
///
/// Only the machine itself (root `/`) has processes and tools: those of the folder's owner would be a lie.
public final class LiveMachine implements Machine {
    private static final int ARGV_BYTES_MAX = 1 << 20;
    private final Path root;
    private final Map<String, Optional<List<AclEntry>>> acls = new HashMap<>();
    private final Set<String> denied = new TreeSet<>();

    private LiveMachine(Path root) {
        this.root = root;
    }

    /// @throws io.etcdmedic.failure.Failure.Unreachable when `root` is no folder
    public static LiveMachine at(Path root) {
        Path real = root.toAbsolutePath().normalize();
        if (!Files.isDirectory(real)) {
            throw new io.etcdmedic.failure.Failure.Unreachable(
                    io.etcdmedic.failure.Problem.in("looking at the machine below " + real)
                            .found("it is not a folder"));
        }
        return new LiveMachine(real);
    }

    private boolean isThisMachine() {
        return root.getNameCount() == 0;
    }

    @Override
    public String name() {
        return isThisMachine() ? "this machine" : "the tree below " + root;
    }

    @Override
    public Optional<FileMeta> look(String path) {
        try {
            Map<String, Object> unix = Files.readAttributes(
                    below(path),
                    "unix:uid,gid,mode,size,nlink,isRegularFile,isDirectory,isSymbolicLink",
                    LinkOption.NOFOLLOW_LINKS);
            FileMeta.Kind kind = kind(unix);
            String target = kind == FileMeta.Kind.LINK
                    ? Files.readSymbolicLink(below(path)).toString()
                    : "";
            return Optional.of(new FileMeta(
                    path,
                    kind,
                    number(unix, "uid"),
                    number(unix, "gid"),
                    number(unix, "mode") & 07777,
                    ((Number) unix.getOrDefault("size", 0L)).longValue(),
                    target,
                    number(unix, "nlink")));
        } catch (AccessDeniedException notOurs) {
            denied.add(path);
            return Optional.empty();
        } catch (IOException | InvalidPathException absent) {
            return Optional.empty();
        }
    }

    @Override
    public List<String> names(String path) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> folder = Files.newDirectoryStream(below(path))) {
            folder.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (AccessDeniedException notOurs) {
            denied.add(path + "/");
            return List.of();
        } catch (IOException | java.nio.file.DirectoryIteratorException | InvalidPathException unreadable) {
            return List.of();
        }
        names.sort(null);
        return names;
    }

    @Override
    public FileContent content(String path) {
        return read(path, CONTENT_BYTES_MAX, true);
    }

    @Override
    public FileContent head(String path) {
        return read(path, HEAD_BYTES, false);
    }

    /// @param whole whether a file of more than `bytesMax` bytes is refused
    private FileContent read(String path, int bytesMax, boolean whole) {
        Optional<FileMeta> meta = look(path);
        if (meta.isEmpty()) {
            return new FileContent.Absent();
        }
        if (!meta.get().isFile()) {
            return new FileContent.Unreadable(path + " is not a regular file");
        }
        // A device or FIFO that takes the name's place now is not waited for: only regular files were let through,
        // and the link is not followed.
        try (InputStream in = Channels.newInputStream(
                Files.newByteChannel(below(path), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)))) {
            byte[] bytes = in.readNBytes(whole ? bytesMax + 1 : bytesMax);
            return bytes.length > bytesMax
                    ? new FileContent.Unreadable(path + " is larger than " + bytesMax + " bytes")
                    : new FileContent.Present(path, Bytes.owned(bytes));
        } catch (AccessDeniedException notOurs) {
            denied.add(path);
            return new FileContent.Unreadable(IoReason.of(notOurs));
        } catch (IOException e) {
            return new FileContent.Unreadable(IoReason.of(e));
        }
    }

    @Override
    public Set<String> denied() {
        return Set.copyOf(denied);
    }

    @Override
    public Optional<List<AclEntry>> acl(String path) {
        return acls.computeIfAbsent(path, p -> Getfacl.read(below(p)));
    }

    @Override
    public List<RunningProcess> processes() {
        if (!isThisMachine()) {
            return List.of();
        }
        List<RunningProcess> found = new ArrayList<>();
        for (String name : names("/proc")) {
            if (!name.isEmpty() && name.chars().allMatch(Character::isDigit)) {
                process(name).ifPresent(found::add);
            }
        }
        return found;
    }

    @Override
    public ToolAnswer run(ToolCall call) {
        return isThisMachine()
                ? Tools.run(call)
                : new ToolAnswer.Missing(call.program() + " is not run: " + name() + " is not running");
    }

    private Optional<RunningProcess> process(String pid) {
        Path folder = Path.of("/proc", pid);
        try (InputStream in = Files.newInputStream(folder.resolve("cmdline"))) {
            String line = new String(in.readNBytes(ARGV_BYTES_MAX), StandardCharsets.UTF_8);
            if (line.isEmpty()) {
                return Optional.empty();
            }
            int uid = (int) Files.getAttribute(folder, "unix:uid");
            List<String> argv = Arrays.asList(line.split("\0"));
            return Optional.of(new RunningProcess(Long.parseLong(pid), uid, argv, cgroup(folder)));
        } catch (IOException | NumberFormatException gone) {
            return Optional.empty();
        }
    }

    private static String cgroup(Path folder) {
        try {
            List<String> lines = Files.readAllLines(folder.resolve("cgroup"));
            return lines.isEmpty() ? "" : lines.getLast();
        } catch (IOException hidden) {
            return "";
        }
    }

    private Path below(String path) {
        return root.resolve(path.startsWith("/") ? path.substring(1) : path);
    }

    private static FileMeta.Kind kind(Map<String, Object> unix) {
        if (Boolean.TRUE.equals(unix.get("isSymbolicLink"))) {
            return FileMeta.Kind.LINK;
        }
        if (Boolean.TRUE.equals(unix.get("isDirectory"))) {
            return FileMeta.Kind.FOLDER;
        }
        return Boolean.TRUE.equals(unix.get("isRegularFile")) ? FileMeta.Kind.FILE : FileMeta.Kind.OTHER;
    }

    private static int number(Map<String, Object> attributes, String name) {
        return ((Number) attributes.getOrDefault(name, 0)).intValue();
    }
}

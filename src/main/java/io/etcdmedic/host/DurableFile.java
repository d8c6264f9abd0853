package io.etcdmedic.host;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/// Writes files that are still there after a power cut, and that nobody else can read.
///
/// A file is written beside its target (exclusively created, mode 0600), fsynced, renamed over the target,
/// and the folder is fsynced. A folder that another user can write to is refused: there the name could be swapped.
public final class DurableFile {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private DurableFile() {}

    /// Writes `content` to `file`, replacing what is there.
    ///
    /// @throws Failure.Refused when others can write to its folder
    /// @throws Failure.Unreachable when the file system does not take it (full, read-only, missing folder)
    public static void write(Path file, Bytes content) {
        store(file, content, true);
    }

    /// Writes `content` to `file`, which must not exist yet.
    ///
    /// @throws Failure.Refused when `file` exists, or others can write to its folder
    public static void writeNew(Path file, Bytes content) {
        store(file, content, false);
    }

    /// What writes a file's content, piece by piece.
    @FunctionalInterface
    public interface Filling {
        void into(OutputStream out) throws IOException;
    }

    /// Makes sure that `folder` exists and that only we can write to it; missing folders are made with mode 0700.
    ///
    /// @throws Failure.Refused when it exists and belongs to, or can be written by, somebody else
    public static Path folder(Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        try {
            Path parent = absolute.getParent();
            if (Files.notExists(absolute, LinkOption.NOFOLLOW_LINKS)) {
                if (parent != null && Files.notExists(parent)) {
                    folder(parent);
                }
                Files.createDirectory(absolute, PRIVATE_FOLDER);
                if (parent != null) {
                    sync(parent);
                }
            }
        } catch (FileAlreadyExistsException raced) {
            // Somebody was faster: what is there now is judged below.
        } catch (IOException e) {
            throw unreachable("making the folder " + absolute, e);
        }
        requireOurs(absolute);
        return absolute;
    }

    /// Refuses a folder into which another user could put files: not ours (nor root's), or group- or
    /// world-writable.
    ///
    /// @throws Failure.Refused naming the owner and mode found
    public static void requireOurs(Path folder) {
        try {
            if (!Files.isDirectory(folder)) {
                throw new Failure.Unreachable(
                        Problem.in("writing into " + folder).found("it is not a folder"));
            }
            int mode = (int) Files.getAttribute(folder, "unix:mode") & 07777;
            int owner = (int) Files.getAttribute(folder, "unix:uid");
            int ours = OwnUser.uid();
            if (owner != ours && owner != 0) {
                throw refused(folder, "it belongs to uid %d, and we are uid %d".formatted(owner, ours));
            }
            if ((mode & 022) != 0) {
                throw refused(folder, "others can write to it (mode %04o)".formatted(mode));
            }
        } catch (IOException e) {
            throw unreachable("looking at the folder " + folder, e);
        }
    }

    /// Writes a file of any size, which must not exist yet. Whatever `filling` throws, and when the program is
    /// interrupted, nothing stays behind.
    ///
    /// A folder with the sticky bit (`/tmp`) will do here: there nobody else can swap the name.
    ///
    /// @throws Failure.Refused when `file` exists, or others can swap names in its folder
    public static void streamNew(Path file, Filling filling) {
        Path target = file.toAbsolutePath().normalize();
        Path folder = target.getParent();
        if (folder == null) {
            throw new Failure.Unreachable(Problem.in("writing " + target).found("it is not a file name"));
        }
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw exists(target);
        }
        requireUnswappable(folder);
        Path temporary = folder.resolve("." + target.getFileName() + "." + randomName());
        Thread interrupted = Thread.ofPlatform().unstarted(() -> forget(temporary));
        Runtime.getRuntime().addShutdownHook(interrupted);
        try {
            try (FileChannel channel = FileChannel.open(
                            temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), PRIVATE_FILE);
                    OutputStream out = Channels.newOutputStream(channel)) {
                filling.into(out);
                channel.force(true);
            }
            Files.createLink(target, temporary);
            Files.delete(temporary);
            sync(folder);
        } catch (FileAlreadyExistsException e) {
            throw exists(target);
        } catch (IOException e) {
            throw unreachable("writing " + target, e);
        } finally {
            forget(temporary);
            Runtime.getRuntime().removeShutdownHook(interrupted);
        }
    }

    private static void requireUnswappable(Path folder) {
        try {
            if ((((int) Files.getAttribute(folder, "unix:mode")) & 01000) != 0) {
                return;
            }
        } catch (IOException e) {
            throw unreachable("looking at the folder " + folder, e);
        }
        requireOurs(folder);
    }

    private static void store(Path file, Bytes content, boolean replace) {
        Path target = file.toAbsolutePath().normalize();
        Path folder = target.getParent();
        if (folder == null) {
            throw new Failure.Unreachable(Problem.in("writing " + target).found("it is not a file name"));
        }
        requireOurs(folder);
        Path temporary = folder.resolve("." + target.getFileName() + "." + randomName());
        try {
            writeSynced(temporary, content);
            if (replace) {
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } else {
                // A hard link fails when the target exists: rename would silently replace it.
                Files.createLink(target, temporary);
                Files.delete(temporary);
            }
            sync(folder);
        } catch (FileAlreadyExistsException e) {
            throw exists(target);
        } catch (IOException e) {
            throw unreachable("writing " + target, e);
        } finally {
            forget(temporary);
        }
    }

    private static void writeSynced(Path temporary, Bytes content) throws IOException {
        try (FileChannel channel = FileChannel.open(
                temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), PRIVATE_FILE)) {
            ByteBuffer buffer = content.asBuffer();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void forget(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException leftBehind) {
            // Only a hidden 0600 file stays; the write itself has already been reported.
        }
    }

    private static String randomName() {
        byte[] bytes = new byte[8];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes) + ".tmp";
    }

    private static Failure.Refused exists(Path path) {
        return new Failure.Refused(Problem.in("writing to " + path)
                .found("it exists already")
                .hint("choose another name, or move that file away: nothing is ever replaced"));
    }

    private static Failure.Refused refused(Path path, String found) {
        return new Failure.Refused(Problem.in("writing to " + path)
                .found(found)
                .hint("choose a folder that only you can write to (chmod 700)"));
    }

    private static Failure unreachable(String operation, IOException e) {
        return new Failure.Unreachable(Problem.in(operation).found(IoReason.of(e))).because(e);
    }
}

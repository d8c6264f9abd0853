package io.etcdmedic.host;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// A folder that was opened from `/` downwards, each step by descriptor and without following a link, so that no
/// name on the way can be swapped under us; its files are changed through the descriptor.
///
/// A folder that a user other than root or ourselves could rename things in is refused, unless it is sticky.
public final class OpenedFolder implements AutoCloseable {
    private static final int STICKY = 01000;
    private final Path path;
    private final SecureDirectoryStream<Path> folder;

    private OpenedFolder(Path path, SecureDirectoryStream<Path> folder) {
        this.path = path;
        this.folder = folder;
    }

    /// Opens the folder that holds `file`.
    ///
    /// @param file absolute, free of links and of `..`
    /// @throws Failure.Refused when a folder on the way is a link, or others could swap names in it
    /// @throws Failure.Unreachable when it is not there
    public static OpenedFolder of(Path file) {
        Path parent = file.getParent();
        if (!file.isAbsolute() || parent == null || !file.normalize().equals(file)) {
            throw new Failure.Refused(Problem.in("opening " + file)
                    .found("no absolute path of a file")
                    .expected("a path from / without .."));
        }
        try {
            return new OpenedFolder(parent, descend(parent));
        } catch (IOException e) {
            throw new Failure.Unreachable(Problem.in("opening " + parent).found(IoReason.of(e))).because(e);
        }
    }

    private static SecureDirectoryStream<Path> descend(Path folder) throws IOException {
        SecureDirectoryStream<Path> at = secure(Files.newDirectoryStream(Path.of("/")));
        Path walked = Path.of("/");
        try {
            for (Path name : folder) {
                requireSafe(walked);
                walked = walked.resolve(name);
                if (Files.isSymbolicLink(walked)) {
                    throw refused(walked, "a symbolic link on the way");
                }
                SecureDirectoryStream<Path> above = at;
                at = above.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
                above.close();
            }
            requireSafe(walked);
            return at;
        } catch (IOException | Failure stopped) {
            at.close();
            throw stopped;
        }
    }

    private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream) {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        throw refused(Path.of("/"), "a system that cannot open files by folder descriptor");
    }

    private static void requireSafe(Path folder) throws IOException {
        int mode = (int) Files.getAttribute(folder, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        int owner = (int) Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (owner != 0 && owner != OwnUser.uid()) {
            throw refused(folder, "a folder of uid " + owner + ", who could swap the names in it");
        }
        if ((mode & 022) != 0 && (mode & STICKY) == 0) {
            throw refused(folder, "a folder that others can write to (mode %04o)".formatted(mode & 07777));
        }
    }

    /// What is at `name`; empty when nothing is. Links are not followed.
    public Optional<FileMeta> meta(Path name) {
        Path file = path.resolve(name);
        try {
            PosixFileAttributes held = view(name).readAttributes();
            Map<String, Object> byPath =
                    Files.readAttributes(file, "unix:uid,gid,mode,size,nlink,fileKey", LinkOption.NOFOLLOW_LINKS);
            if (!String.valueOf(held.fileKey()).equals(String.valueOf(byPath.get("fileKey")))) {
                throw refused(file, "a name that was swapped while it was looked at");
            }
            FileMeta.Kind kind = held.isRegularFile()
                    ? FileMeta.Kind.FILE
                    : held.isDirectory()
                            ? FileMeta.Kind.FOLDER
                            : held.isSymbolicLink() ? FileMeta.Kind.LINK : FileMeta.Kind.OTHER;
            return Optional.of(new FileMeta(
                    file.toString(),
                    kind,
                    number(byPath, "uid"),
                    number(byPath, "gid"),
                    number(byPath, "mode") & 07777,
                    held.size(),
                    "",
                    number(byPath, "nlink")));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException e) {
            throw unreachable("looking at " + file, e);
        }
    }

    /// Reads the regular file `name`; empty when it is not there.
    ///
    /// @throws Failure.Refused when it is no regular file with one name, or longer than `bytesMax`
    public Optional<Bytes> read(Path name, int bytesMax) {
        Optional<FileMeta> meta = meta(name);
        if (meta.isEmpty()) {
            return Optional.empty();
        }
        requirePlain(meta.get(), false);
        if (meta.get().sizeBytes() > bytesMax) {
            throw refused(path.resolve(name), "a file of more than " + bytesMax + " bytes");
        }
        try (SeekableByteChannel channel =
                folder.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            ByteBuffer buffer = ByteBuffer.allocate((int) meta.get().sizeBytes());
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                continue;
            }
            return Optional.of(Bytes.owned(buffer.array(), 0, buffer.position()));
        } catch (IOException e) {
            throw unreachable("reading " + path.resolve(name), e);
        }
    }

    /// Gives `name`, a regular file with one name or a folder, this owner and mode. At no moment is it more open
    /// than it was before or will be after.
    public void change(Path name, int uid, int gid, int mode) {
        FileMeta before = meta(name).orElseThrow(() -> refused(path.resolve(name), "nothing there"));
        requirePlain(before, true);
        try {
            UserPrincipalLookupService principals = path.getFileSystem().getUserPrincipalLookupService();
            PosixFileAttributeView view = view(name);
            view.setPermissions(permissions(before.mode() & mode));
            if (before.gid() != gid) {
                view.setGroup(principals.lookupPrincipalByGroupName(Integer.toString(gid)));
            }
            if (before.uid() != uid) {
                view.setOwner(principals.lookupPrincipalByName(Integer.toString(uid)));
            }
            view.setPermissions(permissions(mode));
        } catch (IOException e) {
            throw unreachable("changing owner and mode of " + path.resolve(name), e);
        }
    }

    /// Puts a file with this content in the place of `name`, durably; it is whole before it has the name.
    public void write(Path name, Bytes content, int uid, int gid, int mode) {
        meta(name).ifPresent(meta -> requirePlain(meta, false));
        Path temporary = Path.of("." + name + "." + UUID.randomUUID() + ".tmp");
        try {
            try (SeekableByteChannel channel = folder.newByteChannel(
                    temporary,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(permissions(0600)))) {
                ByteBuffer buffer = content.asBuffer();
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                if (channel instanceof java.nio.channels.FileChannel file) {
                    file.force(true);
                }
            }
            change(temporary, uid, gid, mode);
            folder.move(temporary, folder, name);
            DurableFile.sync(path);
        } catch (IOException e) {
            throw unreachable("writing " + path.resolve(name), e);
        } finally {
            forget(temporary);
        }
    }

    public void remove(Path name) {
        meta(name).ifPresent(meta -> requirePlain(meta, false));
        try {
            folder.deleteFile(name);
            DurableFile.sync(path);
        } catch (NoSuchFileException gone) {
            return;
        } catch (IOException e) {
            throw unreachable("removing " + path.resolve(name), e);
        }
    }

    private void forget(Path temporary) {
        try {
            folder.deleteFile(temporary);
        } catch (IOException movedOrLeftBehind) {
            // It has its name by now; otherwise a hidden 0600 file stays.
        }
    }

    private static int number(Map<String, Object> attributes, String name) {
        return ((Number) attributes.getOrDefault(name, -1)).intValue();
    }

    private PosixFileAttributeView view(Path name) {
        return folder.getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static void requirePlain(FileMeta meta, boolean orFolder) {
        Path file = Path.of(meta.path());
        if (orFolder && meta.isFolder()) {
            return;
        }
        if (!meta.isFile()) {
            throw refused(file, meta.kind() == FileMeta.Kind.LINK ? "a symbolic link" : "no regular file");
        }
        if (meta.hardLinks() != 1) {
            throw refused(file, "a file with %d names (hard links)".formatted(meta.hardLinks()));
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values();
        for (int i = 0; i < all.length; i++) {
            if ((mode & 0400 >> i) != 0) {
                set.add(all[i]);
            }
        }
        return set;
    }

    private static Failure.Refused refused(Path file, String found) {
        return new Failure.Refused(Problem.in("changing " + file)
                .found(found)
                .expected("a regular file with one name, in folders that only root can write to"));
    }

    private static Failure unreachable(String operation, IOException e) {
        return new Failure.Unreachable(Problem.in(operation).found(IoReason.of(e))).because(e);
    }

    @Override
    public void close() {
        try {
            folder.close();
        } catch (IOException ignored) {
            // Only a descriptor for reading.
        }
    }
}

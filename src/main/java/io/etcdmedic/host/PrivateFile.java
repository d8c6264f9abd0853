package io.etcdmedic.host;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// A file of the operator's that is written as it comes and that only we can read, mode 0600.
///
/// Unlike [DurableFile] it may lie in a folder of others (`/tmp`): a link in its place is never followed.
public final class PrivateFile extends FilterOutputStream {
    private static final Set<StandardOpenOption> APPEND =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);

    private PrivateFile(OutputStream out) {
        super(out);
    }

    /// Opens `file` anew; one of that name is replaced, its owner and mode with it.
    ///
    /// @throws Failure.Refused when something else than a file has the name
    /// @throws Failure.Unreachable when the file system does not take it
    public static PrivateFile replacing(Path file) {
        requireFile(file);
        try {
            Files.deleteIfExists(file);
            return open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /// Opens `file` at its end; it is made when it is not there.
    ///
    /// @throws Failure.Refused when something else than a file has the name
    /// @throws Failure.Unreachable when the file system does not take it
    public static PrivateFile appending(Path file) {
        requireFile(file);
        try {
            requirePrivate(file);
            return open(file, APPEND);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private static PrivateFile open(Path file, Set<StandardOpenOption> options) throws IOException {
        Set<java.nio.file.OpenOption> all = new java.util.HashSet<>(options);
        all.add(LinkOption.NOFOLLOW_LINKS);
        return new PrivateFile(java.nio.channels.Channels.newOutputStream(Files.newByteChannel(
                file, all, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))));
    }

    /// @throws Failure.Refused when others can read what is there, and so what is added to it
    private static void requirePrivate(Path file) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            int mode = (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
            int owner = (int) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
            if ((mode & 077) != 0 || owner != OwnUser.uid()) {
                throw new Failure.Refused(Problem.in("writing " + file)
                        .found("it belongs to uid %d and has mode %04o".formatted(owner, mode))
                        .expected("a file that only you can read")
                        .hint("chmod 600 " + file + ", or another name"));
            }
        }
    }

    private static void requireFile(Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new Failure.Refused(Problem.in("writing " + file)
                    .found(Files.isSymbolicLink(file) ? "a symbolic link" : "it is no file")
                    .expected("a file, or nothing of that name"));
        }
    }

    private static Failure unwritable(Path file, IOException e) {
        return new Failure.Unreachable(Problem.in("writing " + file).found(IoReason.of(e))).because(e);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
    }
}

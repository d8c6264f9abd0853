package io.etcdmedic.host;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;

/// Why the file system said no, in words: Java's own message is often only the file's name.
public final class IoReason {
    private static final String DENIED = "permission denied: ";

    private IoReason() {}

    /// Whether `why`, as [#of] gives it, is that we may not.
    public static boolean isDenied(String why) {
        return why.startsWith(DENIED);
    }

    /// The same reason for a name that a folder hides from us.
    public static String denied(String path) {
        return DENIED + path;
    }

    public static String of(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "no such file or folder: " + missing.getFile();
            case AccessDeniedException denied -> denied(denied.getFile());
            case FileAlreadyExistsException exists -> "it exists already: " + exists.getFile();
            case NotDirectoryException file -> "not a folder: " + file.getFile();
            case DirectoryNotEmptyException full -> "the folder is not empty: " + full.getFile();
            case FileSystemLoopException loop -> "a loop of symbolic links: " + loop.getFile();
            case FileSystemException other -> other(other.getReason(), other.getMessage());
            default -> other(e.getMessage(), e.getClass().getSimpleName());
        };
    }

    private static String other(@Nullable String reason, @Nullable String otherwise) {
        return reason != null ? reason : otherwise != null ? otherwise : "input/output error";
    }
}

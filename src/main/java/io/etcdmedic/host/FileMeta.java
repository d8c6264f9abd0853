package io.etcdmedic.host;

/// What the file system says about one name, without following it.
///
/// @param path absolute, as seen inside the machine
/// @param mode the permission bits, 07777 at most
/// @param sizeBytes of a regular file
/// @param linkTarget of a symbolic link, as written; empty otherwise
/// @param hardLinks how many names the file has; 1 is the normal case of a regular file
public record FileMeta(
        String path, Kind kind, int uid, int gid, int mode, long sizeBytes, String linkTarget, int hardLinks) {

    public enum Kind {
        FILE,
        FOLDER,
        LINK,
        OTHER
    }

    public boolean isFile() {
        return kind == Kind.FILE;
    }

    public boolean isFolder() {
        return kind == Kind.FOLDER;
    }

    /// `0640 0:988`, the way an operator reads it.
    public String words() {
        return "%04o %d:%d".formatted(mode, uid, gid);
    }
}

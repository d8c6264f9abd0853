package io.etcdmedic.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The user this program runs as.
public final class OwnUser {
    private OwnUser() {}

    /// The numeric user id; -1 where the system has no /proc and so does not tell.
    public static int uid() {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException | UnsupportedOperationException e) {
            return -1;
        }
    }

    public static boolean isRoot() {
        return uid() == 0;
    }
}

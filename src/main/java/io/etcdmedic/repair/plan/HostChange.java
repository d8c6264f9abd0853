package io.etcdmedic.repair.plan;

import io.etcdmedic.bytes.Sha256;
import java.util.List;
import java.util.Optional;

/// A change of this machine. Settled by looking.
public sealed interface HostChange extends Step {

    /// Changes owner, group and mode of a folder or of a regular file with one link, never through a symbolic link.
    record Access(Frame frame, String path, Ownership seen, Ownership wanted) implements HostChange {}

    /// Replaces a file's content, durably.
    ///
    /// @param seen hash of the content it had; empty: there was no file
    /// @param value the new content; empty: the file is removed
    /// @param ownership of the new file
    record Content(Frame frame, String path, Optional<Sha256> seen, Optional<Value> value, Ownership ownership)
            implements HostChange {}

    /// Runs a command: an argument list with an absolute program path, never a shell.
    ///
    /// @param done whether it has had its effect already: then it is not run (again)
    /// @param back the command that takes it back; empty: see the frame's inverse
    record Command(Frame frame, List<String> argv, Check done, List<String> back) implements HostChange {
        public Command {
            argv = List.copyOf(argv);
            back = List.copyOf(back);
        }
    }

    /// @param mode permission bits, as chmod takes them: 0600 octal
    record Ownership(int uid, int gid, int mode) {
        @Override
        public String toString() {
            return uid + ":" + gid + " " + String.format("%04o", mode);
        }
    }
}

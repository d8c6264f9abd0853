package io.etcdmedic.snapshot;

import io.etcdmedic.bbolt.BoltFile;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.nio.file.Path;

/// Opens etcd database files.
public final class SnapshotFile {
    private SnapshotFile() {}

    /// Opens a snapshot, or the database of a member that does not run.
    ///
    /// @throws Failure.Refused when a running process holds the file
    /// @throws Failure.Corrupt when it is no bbolt file, or not all of one
    /// @throws Failure.Unreachable when it cannot be read, [Failure.Locked] without permission
    public static SnapshotKeyspace open(Path path) {
        BoltFile file = openBolt(path, true);
        try {
            return new SnapshotKeyspace(file);
        } catch (Failure failure) {
            file.close();
            throw failure;
        }
    }

    /// @param whole whether a truncated file is refused
    static BoltFile openBolt(Path path, boolean whole) {
        BoltFile file = BoltFile.open(path);
        try {
            refuseHeld(path);
            return whole ? file.requireWhole() : file;
        } catch (Failure failure) {
            file.close();
            throw failure;
        }
    }

    static void refuseHeld(Path path) {
        FileLock.on(path).ifPresent(lock -> {
            throw new Failure.Refused(Problem.in("opening " + path)
                    .found("process " + lock.pid() + " holds it: an etcd that runs writes to it")
                    .expected("a file that does not change")
                    .hint("take a snapshot of the running member, or copy the file and open the copy"));
        });
    }
}

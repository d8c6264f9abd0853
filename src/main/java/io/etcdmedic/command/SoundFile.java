package io.etcdmedic.command;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.render.ProgressBar;
import io.etcdmedic.snapshot.SnapshotCheck;
import java.nio.file.Path;

/// Whether a database file is what etcd wrote: asked before its values go anywhere, for damage must not spread
/// unseen.
public final class SoundFile {
    private SoundFile() {}

    /// Reads all of it.
    public static boolean is(Session session, Path file) {
        try (ProgressBar bar = session.progress("verifying " + file, ProgressBar.Unit.BYTES)) {
            return SnapshotCheck.of(file, bar).isSound();
        }
    }

    /// @param instead what else the operator can do
    /// @throws Failure.Corrupt when `file` is not what etcd wrote
    public static void require(Session session, Path file, String instead) {
        if (!is(session, file)) {
            throw new Failure.Corrupt(Problem.in("taking values from " + file)
                    .found("a damaged file: its content is not what etcd wrote")
                    .expected("a file that medic snapshot verify finds sound")
                    .hint("take another snapshot; or " + instead));
        }
    }
}

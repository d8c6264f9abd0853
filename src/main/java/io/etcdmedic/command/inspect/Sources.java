package io.etcdmedic.command.inspect;

import io.etcdmedic.command.Session;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.snapshot.SnapshotFile;
import java.nio.file.Path;

/// A second source beside the one that the command line names.
final class Sources {
    private Sources() {}

    /// Opens a database file until the session ends.
    static Keyspace named(Session session, String name) {
        Keyspace keyspace = session.shown(SnapshotFile.open(Path.of(name)));
        session.atEnd(keyspace::close);
        return keyspace;
    }
}

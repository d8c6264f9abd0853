package io.etcdmedic.snapshot;

import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.KeyspaceContract;
import io.etcdmedic.keyspace.Write;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/// Takes over a second: it starts a real etcd.
class SnapshotContractTest extends KeyspaceContract {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    @Override
    protected Keyspace afterScript() throws Exception {
        Path saved = folder.resolve("saved.db");
        try (RealEtcd etcd = RealEtcd.start(RealEtcd.binaries().getFirst(), folder.resolve("data"))) {
            for (List<Write> writes : SCRIPT) {
                etcd.commit(writes);
            }
            etcd.save(saved);
        }
        return SnapshotFile.open(saved);
    }
}

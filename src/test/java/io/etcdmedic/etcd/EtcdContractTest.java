package io.etcdmedic.etcd;

import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.KeyspaceContract;
import io.etcdmedic.keyspace.WritableKeyspace;
import io.etcdmedic.keyspace.WritableKeyspaceContract;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.snapshot.RealEtcd;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/// The contract suites on a real etcd: starting one takes up to a second.
class EtcdContractTest {
    private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();

    private static final Map<Path, EtcdKeyspace> SHARED = new HashMap<>();

    @TempDir
    static Path folder = Path.of("");

    @AfterAll
    static void close() throws Exception {
        while (!OPEN.isEmpty()) {
            OPEN.pop().close();
        }
    }

    private static EtcdKeyspace fresh(Path binary, List<List<Write>> script) throws Exception {
        RealEtcd etcd = RealEtcd.start(binary, folder.resolve(Long.toHexString(System.nanoTime())), List.of());
        OPEN.push(etcd);
        for (List<Write> writes : script) {
            etcd.commit(writes);
        }
        EtcdCluster cluster = EtcdCluster.open(Connections.plain(etcd.endpoint()));
        OPEN.push(cluster);
        return cluster.keyspace();
    }

    /// One for all tests that have their own keys; closing the keyspace leaves it open.
    private static EtcdKeyspace shared(int index) throws Exception {
        Path binary = binary(index);
        EtcdKeyspace known = SHARED.get(binary);
        if (known == null) {
            known = fresh(binary, List.of());
            SHARED.put(binary, known);
        }
        return known;
    }

    /// The etcd of this index; the first one again where there are fewer.
    private static Path binary(int index) {
        List<Path> all = RealEtcd.binaries();
        return all.get(index < all.size() ? index : 0);
    }

    @Nested
    class Reading extends KeyspaceContract {
        @Override
        protected Keyspace afterScript() throws Exception {
            return fresh(binary(0), SCRIPT);
        }
    }

    @Nested
    class ReadingAnother extends KeyspaceContract {
        @Override
        protected Keyspace afterScript() throws Exception {
            return fresh(binary(1), SCRIPT);
        }
    }

    @Nested
    class ReadingAThird extends KeyspaceContract {
        @Override
        protected Keyspace afterScript() throws Exception {
            return fresh(binary(2), SCRIPT);
        }
    }

    @Nested
    class Writing extends WritableKeyspaceContract {
        @Override
        protected WritableKeyspace writable() throws Exception {
            return shared(0);
        }
    }

    @Nested
    class WritingAnother extends WritableKeyspaceContract {
        @Override
        protected WritableKeyspace writable() throws Exception {
            return shared(1);
        }
    }

    @Nested
    class WritingAThird extends WritableKeyspaceContract {
        @Override
        protected WritableKeyspace writable() throws Exception {
            return shared(2);
        }
    }
}

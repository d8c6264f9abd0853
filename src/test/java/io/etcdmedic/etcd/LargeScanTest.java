package io.etcdmedic.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.keyspace.WritePermit;
import io.etcdmedic.repair.LiveCluster;
import io.etcdmedic.repair.World;
import io.etcdmedic.snapshot.RealEtcd;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ranges of more than one page; writing the keys takes a second or two.
class LargeScanTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void manyKeysAndLargeOnesAmongThemComeOnceAndInOrder() throws Exception {
        try (RealEtcd etcd = RealEtcd.start(
                        RealEtcd.binaries().getFirst(),
                        folder.resolve("etcd"),
                        List.of("--max-request-bytes=8388608"));
                EtcdCluster cluster = EtcdCluster.open(Connections.plain(etcd.endpoint()))) {
            List<Key> keys = fill(etcd, 5_000);
            for (int i = 2_000; i < 2_060; i++) {
                etcd.commit(List.of(put(keys.get(i), 1_000_000)));
            }
            EtcdKeyspace keyspace = cluster.keyspace();
            Revision pinned = keyspace.revision();
            List<Key> found = new ArrayList<>();
            long large = 0;
            try (Entries entries = keyspace.scan(KeyRange.prefix(Key.of("/many/")), Scan.values())) {
                while (entries.hasNext()) {
                    Entry entry = entries.next();
                    found.add(entry.key());
                    large += entry.value().length() == 1_000_000 ? 1 : 0;
                    if (found.size() == 150) {
                        etcd.commit(List.of(new Write.Delete(keys.get(4_000)), put(Key.of("/many/zzz"), 1)));
                    }
                }
                assertThat(entries.revision()).isEqualTo(pinned);
            }
            assertThat(found).isEqualTo(keys);
            assertThat(large).isEqualTo(60);
            try (Entries entries = keyspace.scan(KeyRange.all(), Scan.keys().at(pinned))) {
                List<Key> again = new ArrayList<>();
                entries.forEachRemaining(e -> again.add(e.key()));
                assertThat(again).isEqualTo(keys);
            }
        }
    }

    @Test
    void aCompactionUnderAScanIsSaidAndRevisionsAreNotMixed() throws Exception {
        try (RealEtcd etcd = RealEtcd.start(RealEtcd.binaries().getFirst(), folder.resolve("etcd"), List.of());
                EtcdCluster cluster = EtcdCluster.open(Connections.plain(etcd.endpoint()))) {
            fill(etcd, 3_000);
            EtcdKeyspace keyspace = cluster.keyspace();
            try (Entries entries = keyspace.scan(KeyRange.prefix(Key.of("/many/")), Scan.values())) {
                IntStream.range(0, 50).forEach(_ -> entries.next());
                etcd.commit(List.of(put(Key.of("/many/0"), 1)));
                new LiveCluster(cluster, World.Pause.REAL)
                        .compact(keyspace.revision(), new WritePermit("test", Set.of()));
                assertThatThrownBy(() -> entries.forEachRemaining(_ -> {})).isInstanceOf(Failure.Compacted.class);
            }
        }
    }

    private static Write put(Key key, int bytes) {
        return new Write.Put(key, Bytes.owned(new byte[bytes]), LeaseId.NONE);
    }

    /// A hundred keys a transaction.
    private static List<Key> fill(RealEtcd etcd, int count) throws Exception {
        List<Key> keys = new ArrayList<>();
        for (int i = 0; i < count; i += 100) {
            List<Write> writes = new ArrayList<>();
            for (int j = i; j < i + 100; j++) {
                Key key = Key.of("/many/%06d".formatted(j));
                keys.add(key);
                writes.add(put(key, 300));
            }
            etcd.commit(writes);
        }
        return keys;
    }
}

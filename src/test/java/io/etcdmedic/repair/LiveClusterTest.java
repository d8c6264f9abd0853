package io.etcdmedic.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.etcd.Connections;
import io.etcdmedic.etcd.EtcdCluster;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.keyspace.WritePermit;
import io.etcdmedic.snapshot.RealEtcd;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A live cluster as the engine sees it, on each etcd that this machine has: starting one takes up to a second.
class LiveClusterTest {
    private static final WritePermit PERMIT = new WritePermit("test", Set.of());

    @TempDir
    Path folder = Path.of("");

    @Test
    void oneHealthyMember() throws Exception {
        for (Path binary : RealEtcd.binaries()) {
            try (RealEtcd etcd = RealEtcd.start(binary, folder.resolve("h" + System.nanoTime()), List.of());
                    EtcdCluster cluster = EtcdCluster.open(Connections.plain(etcd.endpoint()))) {
                Health health = new LiveCluster(cluster, World.Pause.REAL).health();
                assertThat(health.clusterId()).matches("[0-9a-f]{8,16}");
                assertThat(health.memberIds()).singleElement().asString().matches("[0-9a-f]{8,16}");
                assertThat(health.etcdVersion()).startsWith("3.");
                assertThat(health.quorum()).isTrue();
                assertThat(health.silent()).isEmpty();
                assertThat(health.alarms()).isEmpty();
                assertThat(health.hashes()).isEqualTo(new Health.Hashes.Equal(1));
                assertThat(health.kine()).isFalse();
            }
        }
    }

    @Test
    void spaceRunsOutAndComesBack() throws Exception {
        for (Path binary : RealEtcd.binaries()) {
            try (RealEtcd etcd = RealEtcd.start(
                            binary, folder.resolve("n" + System.nanoTime()), List.of("--quota-backend-bytes=1048576"));
                    EtcdCluster cluster = EtcdCluster.open(Connections.plain(etcd.endpoint()))) {
                fill(etcd);
                LiveCluster live = new LiveCluster(cluster, World.Pause.REAL);
                Health full = live.health();
                assertThat(full.alarms()).containsExactly("NOSPACE");
                Revision newest = cluster.keyspace().revision();
                live.compact(newest, PERMIT);
                assertThat(cluster.keyspace().oldest()).isEqualTo(newest);
                live.defragment(full.memberIds().getFirst(), etcd.endpoint(), PERMIT);
                live.disarm(full.memberIds().getFirst(), "NOSPACE", PERMIT);
                assertThat(live.health().alarms()).isEmpty();
            }
        }
    }

    private static void fill(RealEtcd etcd) throws InterruptedException {
        Write.Put put = new Write.Put(Key.of("/filler"), Bytes.owned(new byte[256 * 1024]), LeaseId.NONE);
        try {
            for (int i = 0; i < 100; i++) {
                etcd.commit(List.of(put));
            }
        } catch (java.io.IOException full) {
            assertThat(full).hasMessageContaining("space");
        }
    }
}

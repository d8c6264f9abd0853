package io.etcdmedic.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.repair.Health;
import io.etcdmedic.repair.LiveCluster;
import io.etcdmedic.repair.World;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clusters in trouble. Three members need a second to elect a leader, and a lost quorum some seconds to be
/// noticed.
class ClusterTroubleTest {
    private static final Key KEY = Key.of("/registry/a");

    @TempDir
    Path folder = Path.of("");

    @Test
    void threeMembersAndThenOneAndThenNoQuorum() throws Exception {
        try (RealCluster three = RealCluster.start(RealCluster.binaries().getLast(), folder, 3)) {
            three.etcdctl("put", "/registry/a", "1");
            try (EtcdCluster cluster =
                    EtcdCluster.open(Connections.patience(three.connection(), Duration.ofSeconds(2)))) {
                LiveCluster live = new LiveCluster(cluster, World.Pause.REAL);
                Health whole = live.health();
                assertThat(whole.memberIds()).hasSize(3);
                assertThat(whole.silent()).isEmpty();
                assertThat(whole.hashes()).isEqualTo(new Health.Hashes.Equal(3));

                three.stopMember(1);
                Health two = live.health();
                assertThat(two.quorum()).isTrue();
                assertThat(two.silent()).singleElement().asString().contains("-1 (");
                assertThat(two.hashes()).isInstanceOf(Health.Hashes.Unknown.class);
                assertThat(cluster.keyspace().get(KEY)).isPresent();

                three.stopMember(2);
                Health one = live.health();
                assertThat(one.quorum()).isFalse();
                assertThat(one.silent()).hasSize(2);
                assertThatThrownBy(() -> cluster.keyspace().get(KEY))
                        .isInstanceOf(Failure.Unreachable.class)
                        .hasMessageMatching(
                                "(?s).*(no leader|within 2000 ms|no answer; 2 of 3 endpoints do not work).*");
                Connection survivor =
                        Connections.first(Connections.patience(three.connection(), Duration.ofSeconds(2)));
                try (EtcdCluster alone = EtcdCluster.open(survivor)) {
                    assertThatThrownBy(() -> alone.keyspace().get(KEY))
                            .isInstanceOf(Failure.Unreachable.class)
                            .hasMessageContaining("the cluster has no leader");
                }
            }
        }
    }

    /// Takes four seconds: by then gRPC tries only every two or three seconds whether somebody is there again.
    @Test
    void whoIsThereAgainIsReadAtOnce() throws Exception {
        try (RealCluster one = RealCluster.start(RealCluster.binaries().getFirst(), folder, 1);
                EtcdCluster cluster = EtcdCluster.open(one.connection())) {
            one.etcdctl("put", "/registry/a", "1");
            assertThat(cluster.keyspace().get(KEY)).isPresent();
            one.stopMember(0);
            long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
            while (System.nanoTime() < end) {
                assertThatThrownBy(() -> cluster.keyspace().get(KEY))
                        .isInstanceOf(Failure.Unreachable.class)
                        .hasMessageContaining("nothing listens on port");
                Thread.sleep(200);
            }
            one.startMember(0);
            one.awaitListening();
            assertThat(cluster.keyspace().get(KEY)).isPresent();
        }
    }

    /// Long because it waits for deadlines.
    @Test
    @Tag("long")
    void aFrozenMemberIsSilentAndNotWaitedForLong() throws Exception {
        try (RealCluster three = RealCluster.start(RealCluster.binaries().getFirst(), folder, 3);
                EtcdCluster cluster =
                        EtcdCluster.open(Connections.patience(three.connection(), Duration.ofSeconds(2)))) {
            three.signal(2, "STOP");
            try {
                long begin = System.nanoTime();
                Health health = new LiveCluster(cluster, World.Pause.REAL).health();
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
                assertThat(health.silent()).hasSize(1);
            } finally {
                three.signal(2, "CONT");
            }
        }
    }

    @Test
    void etcdsOwnAuthentication() throws Exception {
        try (var etcd = io.etcdmedic.snapshot.RealEtcd.start(
                RealCluster.binaries().getFirst(), folder.resolve("auth"), List.of())) {
            Connection nobody = Connections.plain(etcd.endpoint());
            for (List<String> command : List.of(
                    List.of("put", "/registry/a", "1"),
                    List.of("user", "add", "root:secret"),
                    List.of("user", "grant-role", "root", "root"),
                    List.of("role", "add", "reader"),
                    List.of("role", "grant-permission", "reader", "--prefix=true", "read", "/registry/"),
                    List.of("user", "add", "eve:evil"),
                    List.of("user", "grant-role", "eve", "reader"),
                    List.of("auth", "enable"))) {
                etcd.etcdctl(command);
            }
            try (EtcdCluster root = EtcdCluster.open(Connections.login(nobody, "root", "secret"))) {
                assertThat(root.keyspace().get(KEY)).isPresent();
                assertThat(root.keyspace().revision()).isEqualTo(Revision.of(2));
            }
            try (EtcdCluster eve = EtcdCluster.open(Connections.login(nobody, "eve", "evil"))) {
                assertThat(eve.keyspace().get(KEY)).isPresent();
                assertThat(eve.keyspace().revision()).isEqualTo(Revision.of(2));
                locked(() -> eve.keyspace().get(Key.of("/other")), "denies it to the user eve");
            }
            locked(
                    () -> read(Connections.login(nobody, "root", "wrong")),
                    "does not accept the password of the user root");
            locked(() -> read(nobody), "wants a user");
        }
    }

    private static void read(Connection connection) {
        try (EtcdCluster cluster = EtcdCluster.open(connection)) {
            cluster.keyspace().get(KEY, Optional.empty());
        }
    }

    private static void locked(Runnable act, String words) {
        assertThatThrownBy(act::run).isInstanceOfSatisfying(Failure.Locked.class, failure -> {
            assertThat(failure.problem().message()).contains(words);
            assertThat(failure.problem().hint()).isNotEmpty();
            assertThat(failure.exitCode()).isEqualTo(ExitCode.LOCKED);
        });
    }
}

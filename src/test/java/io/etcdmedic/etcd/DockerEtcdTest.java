package io.etcdmedic.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.launcher.Etcd;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.repair.Health;
import io.etcdmedic.repair.LiveCluster;
import io.etcdmedic.repair.World;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;

/// etcds in containers, by jetcd's launcher, where a Docker engine is there: `scripts/test-engine` starts one of
/// its own where it can. Long: containers take seconds.
@Tag("long")
class DockerEtcdTest {
    @BeforeAll
    static void aDockerEngineIsThere() {
        boolean docker = DockerClientFactory.instance().isDockerAvailable();
        if (!docker) {
            System.err.println("LEFT OUT: DockerEtcdTest needs a Docker engine (DOCKER_HOST or /var/run/docker.sock);"
                    + " scripts/check runs it afterwards on an engine of its own where it can start one");
        }
        // Whoever started an engine for this test wants to hear when it cannot be used.
        if (System.getenv("MEDIC_ENGINE") == null) {
            Assumptions.assumeTrue(docker, "no Docker engine");
        }
        assertThat(docker).as("the Docker engine that was started").isTrue();
    }

    @Test
    void threeMembersInContainers() {
        // Nothing of this machine is mounted into a container: that check would need another image.
        try (var etcds =
                Etcd.builder().withNodes(3).withMountedDataDirectory(false).build()) {
            etcds.start();
            List<URI> uris = etcds.clientEndpoints();
            Connection connection = Connections.plain(uris.stream()
                    .map(uri -> "http://127.0.0.1:" + uri.getPort())
                    .toArray(String[]::new));
            try (EtcdCluster cluster = EtcdCluster.open(connection)) {
                assertThat(cluster.members()).hasSize(3);
                assertThat(cluster.keyspace().get(Key.of("/a"), Optional.empty()))
                        .isEmpty();
                Health health = new LiveCluster(cluster, World.Pause.REAL).health();
                assertThat(health.silent()).isEmpty();
                assertThat(health.hashes()).isEqualTo(new Health.Hashes.Equal(3));
            }
        }
    }
}

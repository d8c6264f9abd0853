package io.etcdmedic.node.rke;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.host.LiveMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where people keep what `rke up` reads and writes: at home, whoever they are.
class RkeFilesTest {
    @TempDir
    Path root = Path.of("");

    @Test
    void findsThemInHomesOfPeopleAndInTheUsualFolders() throws IOException {
        put("etc/passwd", """
                root:x:0:0::/srv/admin:/bin/sh
                daemon:x:2:2::/var/spool:/bin/false
                ops:x:1000:1000::/data/ops:/bin/sh
                """);
        put("srv/admin/cluster.yml", "kubernetes_version: v1.32.1-rancher1-1\n");
        put("data/ops/rke/rancher-cluster.yml", "kubernetes_version: v1.32.1-rancher1-1\n");
        put("home/of-ldap/cluster.rkestate", "{ broken");
        put("opt/rke/cluster.yaml", "kubernetes_version: v1.32.1-rancher1-1\n");
        put("var/spool/cluster.yml", "kubernetes_version: v1.32.1-rancher1-1\n");
        assertThat(RkeFiles.of(LiveMachine.at(root)))
                .extracting(RkeFiles.Found::path)
                .containsExactlyInAnyOrder(
                        "/srv/admin/cluster.yml",
                        "/data/ops/rke/rancher-cluster.yml",
                        "/home/of-ldap/cluster.rkestate",
                        "/opt/rke/cluster.yaml");
    }

    private void put(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
    }
}

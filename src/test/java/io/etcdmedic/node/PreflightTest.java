package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.command.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `node preflight` as it is typed on a laptop: the node's saved facts, a module, perhaps a snapshot, and nothing
/// else.
class PreflightTest {
    private static final String SNAPSHOT = "src/test/resources/fixtures/kubernetes-1.36/snapshot.db";

    /// A page of a terminal holds 60 lines; a finding has up to five.
    private static final int LINES_MAX = 120;

    @TempDir
    Path dir = Path.of("");

    @Test
    void thePostsMistakeIsOneSentenceAndTheRightModulePasses() throws IOException {
        RkeTree tree = RkeNode.of(32)
                .named("srv5", "198.51.100.7", "198.51.100.7")
                .in(dir.resolve("root"))
                .file("etc/hostname", "node\n");
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
        NixosTree.in(tree.root()).plugins().file("etc/cni/net.d/10-canal.conflist", NixosTree.CALICO);
        tree.file("var/lib/etcd/member/wal/0.wal", "x").file("var/lib/etcd/member/snap/db", "x");
        assertThat(Ran.of("node", "nix", "generate", "--root", file("root"), "--out", file("right.nix"))
                        .status())
                .isZero();
        String right = Files.readString(Path.of(file("right.nix")));
        tree.ruled(right);
        assertThat(Ran.of("node", "inspect", "--root", file("root"), "--save", file("facts"))
                        .status())
                .isLessThan(2);
        Files.writeString(Path.of(file("wrong.nix")), right.replaceAll("(?m)^ *serviceClusterIpRange = .*$", ""));

        Ran good = preflight("right.nix");
        assertThat(good.text()).as(good.stderr()).doesNotContain("error ");
        assertThat(good.status()).isZero();
        assertThat(good.text().lines().count()).isLessThan(LINES_MAX);

        Files.writeString(Path.of(file("kept.nix")), right.replaceAll("(?m)^ *\"Z /var/lib/etcd .*$", ""));
        Ran kept = preflight("kept.nix");
        assertThat(kept.status()).as("nobody gives the member's data to etcd").isEqualTo(1);
        assertThat(kept.text()).contains("error    certs/etcd-data");

        for (List<String> source : List.of(List.<String>of(), List.of("--snapshot", SNAPSHOT))) {
            Ran bad = preflight("wrong.nix", source.toArray(String[]::new));
            assertThat(bad.status()).isEqualTo(1);
            assertThat(bad.text())
                    .contains("it is not set, and 10.0.0.0/24 is the default; the cluster uses 10.43.0.0/16")
                    .containsOnlyOnce("would make 10.0.0.0/24 the cluster's service range")
                    .contains("do:     services.kubernetes.apiserver.serviceClusterIpRange = \"10.43.0.0/16\";");
        }
        assertThat(Ran.of("node", "preflight", "--facts", file("facts")).text())
                .as("without a module that is said")
                .contains("no module was named");
    }

    private Ran preflight(String module, String... more) {
        return Ran.of(
                Stream.concat(Stream.of("node", "preflight", file(module), "--facts", file("facts")), Stream.of(more))
                        .toArray(String[]::new));
    }

    private String file(String name) {
        return dir.resolve(name).toString();
    }
}

package io.etcdmedic.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.etcd.RealCluster;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A member whose file was changed behind its back: `diff --members` names the key.
///
/// Takes some seconds: three members start, and one of them again.
class DiffMembersTest {
    private static final String KEY = "/registry/configmaps/shop/c7";
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @TempDir
    static Path folder = Path.of("");

    @Test
    void theKeyThatDiffersIsNamed() throws Exception {
        Path home = folder.resolve("cluster");
        try (RealCluster cluster = RealCluster.start(RealCluster.binaries().getFirst(), home, 3)) {
            for (int i = 0; i < 20; i++) {
                cluster.etcdctl("put", "/registry/configmaps/shop/c" + i, document("marker-%02d-a".formatted(i)));
            }
            assertThat(diff(cluster).status()).as("members that agree").isZero();
            cluster.stopMember(2);
            change(home, "marker-07-a", "marker-07-b");
            cluster.startMember(2);
            Ran ran = diffWhenAllAnswer(cluster);
            assertThat(ran.status()).isEqualTo(1);
            assertThat(ran.text()).contains(KEY, "marker-07-a", "marker-07-b").doesNotContain("marker-08");
        }
    }

    private static String document(String value) {
        return "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"c\"},\"data\":{\"v\":\"" + value
                + "\"}}";
    }

    private static Ran diff(RealCluster cluster) {
        List<String> words = new ArrayList<>(List.of("diff", "--members", "-o", "json"));
        words.addAll(cluster.options());
        return Ran.of(words.toArray(String[]::new));
    }

    private static Ran diffWhenAllAnswer(RealCluster cluster) throws InterruptedException {
        Instant end = Instant.now().plus(DEADLINE);
        Ran ran = diff(cluster);
        while ((ran.status() > 1 || ran.stderr().contains("was not compared"))
                && Instant.now().isBefore(end)) {
            Thread.sleep(200);
            ran = diff(cluster);
        }
        return ran;
    }

    /// bbolt's pages carry no checksum: nothing notices.
    private static void change(Path home, String from, String to) throws Exception {
        try (DirectoryStream<Path> members = Files.newDirectoryStream(home, "*-2")) {
            Path database = members.iterator().next().resolve("member/snap/db");
            String bytes = Files.readString(database, StandardCharsets.ISO_8859_1);
            assertThat(bytes).contains(from);
            Files.writeString(database, bytes.replace(from, to), StandardCharsets.ISO_8859_1);
        }
    }
}

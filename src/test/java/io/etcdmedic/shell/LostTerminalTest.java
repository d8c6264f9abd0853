package io.etcdmedic.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.etcd.RealCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The terminal goes away, or somebody ends the program, while a plan waits for its confirmation: the program ends,
/// and nothing was written.
class LostTerminalTest {
    private static final String ONE = "/registry/configmaps/default/one";

    @TempDir
    private Path folder;

    /// Three programs in a terminal take their time.
    @Test
    @Tag("long")
    @Timeout(300)
    void whileAPlanWaits() throws Exception {
        try (RealCluster cluster = RealCluster.start(RealCluster.binaries().getFirst(), folder.resolve("etcd"), 1)) {
            cluster.etcdctl(
                    "put", ONE, "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"one\"}}");
            String before = everything(cluster);
            try (TmuxScreen screen = open(cluster, "closed")) {
                ProcessHandle medic = waiting(screen);
                screen.closeWindow();
                awaitGone(medic);
                assertThat(everything(cluster)).isEqualTo(before);
            }
            try (TmuxScreen screen = open(cluster, "ended")) {
                ProcessHandle medic = waiting(screen);
                signal(medic, "TERM");
                assertThat(screen.awaitEnd()).isEqualTo(128 + 15);
                assertThat(everything(cluster)).isEqualTo(before);
                assertThat(medic.isAlive()).isFalse();
            }
            assertThat(journals()).isEmpty();
            // One that is confirmed is seen by the same eyes.
            try (TmuxScreen screen = open(cluster, "confirmed")) {
                var _ = waiting(screen);
                Matcher id = Pattern.compile("short id \\((\\S+)\\)").matcher(screen.text());
                assertThat(id.find()).isTrue();
                screen.enter(id.group(1)).await("^outcome +APPLIED(.*\\n)*.*> *\\z");
                assertThat(everything(cluster)).isNotEqualTo(before);
                assertThat(journals()).isNotEmpty();
                assertThat(screen.leave()).isZero();
            }
        }
    }

    /// The program, whose plan stands on the screen.
    private static ProcessHandle waiting(TmuxScreen screen) throws Exception {
        screen.await("medic etcd .*> *\\z");
        screen.enter("delete " + ONE).await("to go on; anything else stops: *\\z");
        return screen.program();
    }

    private static void signal(ProcessHandle to, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, "" + to.pid()).start().waitFor())
                .isZero();
    }

    private static void awaitGone(ProcessHandle program) throws Exception {
        var _ = program.onExit().get(40, TimeUnit.SECONDS);
    }

    /// Every key with its value, and the revision.
    private static String everything(RealCluster cluster) throws Exception {
        return cluster.etcdctl("get", "--prefix", "", "-w", "json").replaceAll("\"raft_term\":\\d+", "");
    }

    /// What any of the programs wrote down as begun.
    private List<Path> journals() throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains("/state/"))
                    .filter(file -> !file.endsWith("history"))
                    .toList();
        }
    }

    private TmuxScreen open(RealCluster cluster, String name) throws Exception {
        List<String> words = new ArrayList<>(List.of("shell"));
        words.addAll(cluster.options());
        Path own = Files.createDirectories(folder.resolve(name));
        return TmuxScreen.start(own, 150, 40, Map.of(), words.toArray(String[]::new));
    }
}

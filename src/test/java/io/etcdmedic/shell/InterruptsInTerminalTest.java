package io.etcdmedic.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.etcd.RealCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Ctrl-C and Ctrl-D wherever the shell may be, and a window that changes under it: the shell lives on, and what
/// was not confirmed is not written. The server is frozen to be surely in the middle.
class InterruptsInTerminalTest {
    private static final String ONE = "/registry/configmaps/default/one";
    private static final String AT_PROMPT = "(.*\\n)*.*> *\\z";

    @TempDir
    private Path folder;

    @Test
    @Timeout(300)
    void onAFrozenServer() throws Exception {
        try (RealCluster cluster = RealCluster.start(RealCluster.binaries().getFirst(), folder.resolve("etcd"), 1);
                TmuxScreen screen = open(cluster)) {
            cluster.etcdctl(
                    "put", ONE, "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"one\"}}");
            screen.enter("get " + ONE + " -o name").await("one\\n" + AT_PROMPT);

            // Completing: the line goes, the shell stays.
            cluster.signal(0, "STOP");
            screen.keys("C-l").type("get /registry/co").keys("Tab", "Tab").await("get /registry/co");
            screen.keys("C-c").await("> *\\z");
            screen.enter("version").await("^java 25" + AT_PROMPT);
            // Waiting for an answer: twice goes back at once.
            screen.keys("C-l").enter("get " + ONE + " -o meta").await("-o meta$");
            Thread.sleep(500);
            screen.keys("C-c");
            Thread.sleep(100);
            screen.keys("C-c").await("meta *(\\^C.*)*\\n" + AT_PROMPT);
            screen.keys("C-l").enter("pwd").await("^/$" + AT_PROMPT);
            cluster.signal(0, "CONT");

            // At a question: neither Ctrl-C nor Ctrl-D writes.
            for (String key : List.of("C-c", "C-d")) {
                screen.keys("C-l").enter("delete " + ONE).await("to go on; anything else stops: *\\z");
                screen.keys(key).await("no answer; expected .*\\n.*nothing was done" + AT_PROMPT);
                assertThat(cluster.etcdctl("get", ONE)).contains("ConfigMap");
            }
            // In the middle of a plan: what became of it is settled afterwards.
            screen.keys("C-l").enter("delete " + ONE).await("to go on; anything else stops: *\\z");
            String id = shortId(screen);
            cluster.signal(0, "STOP");
            screen.enter(id);
            Thread.sleep(1_000);
            screen.keys("C-c");
            Thread.sleep(500);
            cluster.signal(0, "CONT");
            screen.await("(^medic: |outcome)" + AT_PROMPT);
            screen.keys("C-l").enter("journal resume").await("(there is none|outcome|nothing)" + AT_PROMPT);
            boolean there = cluster.etcdctl("get", ONE).contains("ConfigMap");
            screen.keys("C-l").enter("journal list").await("ID +TIME.*" + AT_PROMPT);
            boolean applied =
                    screen.text().contains("APPLIED") && !screen.text().contains("NOT APPLIED");
            assertThat(screen.text()).doesNotContain("OPEN").doesNotContain("UNSETTLED");
            assertThat(there).as(screen.text()).isEqualTo(!applied);
            // Ctrl-D with something typed does not leave.
            screen.keys("C-l").type("pw").keys("C-d").type("d").keys("Enter").await("^/$" + AT_PROMPT);
            assertThat(screen.leave()).isZero();
        }
    }

    @Test
    @Timeout(300)
    void inALongListAndAPagerWhoseWindowChanges() throws Exception {
        String snapshot = "src/test/resources/fixtures/kubernetes-1.36/snapshot.db";
        Path own = Files.createDirectories(folder.resolve("own"));
        try (TmuxScreen screen = TmuxScreen.start(own, 140, 30, Map.of(), "shell", "--snapshot", snapshot)) {
            screen.await("747 read-only> *\\z");
            screen.enter("ls --all").await("^:\\z|lines 1-");
            screen.resize(100, 20);
            screen.keys("Space").await(":\\z");
            // less forgets what was typed before it heard of the Ctrl-C.
            screen.keys("C-c");
            Thread.sleep(1_000);
            screen.keys("q").await("read-only\\s*> *\\z");
            screen.keys("C-l").enter("get services -A").await("^NAMESPACE" + AT_PROMPT);
            assertThat(screen.text().lines()).allMatch(line -> line.length() <= 100);
            screen.resize(140, 30);
            screen.enter("get --all -o yaml").await("^:\\z|lines 1-");
            screen.keys("q").await("read-only> *\\z");
            screen.keys("C-l").enter("get --all -o yaml | sh -c 'cat >/dev/null; sleep 600'");
            Thread.sleep(1_000);
            screen.keys("C-c");
            Thread.sleep(200);
            screen.keys("C-c").await("read-only> *\\z");
            screen.keys("C-l").enter("pwd").await("^/$" + AT_PROMPT);
            assertThat(screen.leave()).isZero();
        }
    }

    private static String shortId(TmuxScreen screen) throws Exception {
        Matcher asked = Pattern.compile("short id \\((\\S+)\\) to go on").matcher(screen.text());
        assertThat(asked.find()).isTrue();
        return asked.group(1);
    }

    private TmuxScreen open(RealCluster cluster) throws Exception {
        List<String> words = new ArrayList<>(List.of("shell", "--command-timeout", "5m"));
        words.addAll(cluster.options());
        Path own = Files.createDirectories(folder.resolve("terminal"));
        return TmuxScreen.start(own, 150, 40, Map.of(), words.toArray(String[]::new));
    }
}

package io.etcdmedic.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.etcd.RealCluster;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The shell where little can be relied on: a silent server, a terminal that can nothing, no home, no locale, a
/// paste of anything.
final class RoughTerminalTest {
    private static final String SNAPSHOT = "src/test/resources/fixtures/kubernetes-1.36/snapshot.db";
    private static final String PROMPT = "medic snapshot\\.db@747 read-only> *\\z";

    @TempDir
    private Path folder;

    @Test
    void aSilentServersPromptIsThereAndLearnsWhatItIs() throws Exception {
        try (RealCluster cluster = RealCluster.start(RealCluster.binaries().getFirst(), folder.resolve("etcd"), 1)) {
            List<String> files = cluster.options();
            List<String> words = new ArrayList<>(List.of("shell", "--read-only", "--dial-timeout", "1m"));
            words.addAll(files.subList(2, files.size()));
            words.addAll(List.of("--command-timeout", "1m"));
            Map<String, String> environment = Map.of("ETCDCTL_ENDPOINTS", files.get(1));
            cluster.signal(0, "STOP");
            try (TmuxScreen screen = TmuxScreen.start(folder, 150, 30, environment, words.toArray(String[]::new))) {
                screen.await("medic etcd 127\\.0\\.0\\.1:\\d+ read-only> *\\z");
                screen.type("pw").await("read-only> pw\\z");
                cluster.signal(0, "CONT");
                // Nobody pressed a key.
                screen.await("medic etcd 127\\.0\\.0\\.1:\\d+ [0-9a-f]+@1 read-only> pw\\z");
                screen.type("d").keys("Enter").await("^/\\n.*> *\\z");
                cluster.stopMember(0);
                screen.enter("ls /registry/").await("^medic: (.*\\n)*.*> *\\z");
                screen.enter("pwd")
                        .await("medic etcd 127\\.0\\.0\\.1:\\d+ [0-9a-f]+ \\(unreachable\\) read-only> *\\z");
                cluster.startMember(0);
                cluster.awaitListening();
                // It is not waited until gRPC tries again.
                screen.keys("C-l").enter("ls /registry/").await("no key that begins so(.*\\n)*.*@1 read-only> *\\z");
                assertThat(screen.leave()).isZero();
            }
        }
    }

    @Test
    void withoutLocaleAndHomeAndWithWhatIsTypedIntoACommand() throws Exception {
        Map<String, String> environment = Map.of("LC_ALL", "C", "HOME", "", "XDG_STATE_HOME", "");
        try (TmuxScreen screen =
                TmuxScreen.start(folder, 150, 30, environment, "shell", "-o", "json", "--snapshot", SNAPSHOT)) {
            screen.await("medic: no history is kept: (.*\\n)*" + PROMPT);
            screen.enter("get /registry/日").await("reading /registry/日 (.*\\n)*" + PROMPT);
            screen.keys("C-l").enter("output").await("^json\\n" + PROMPT);
            screen.enter("output default").await(PROMPT);
            screen.enter("get ns default").await("^default +Active.*\\n" + PROMPT);
            screen.keys("C-l").enter("decode").await("Ctrl-D on a line of its own ends it.*\\z");
            screen.enter("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"typed\"}}");
            screen.keys("C-d").await("typed(.*\\n)*" + PROMPT);
            screen.keys("C-l").enter("decode").await("Ctrl-D on a line of its own ends it.*\\z");
            screen.keys("C-c").await("reading what is typed: interrupted\\n" + PROMPT);
            screen.enter("pwd").await("^/\\n" + PROMPT);
            screen.keys("C-l").type("get 'a").keys("Enter").await("get 'a\\n… *\\z");
            screen.keys("C-c").await(PROMPT);
            screen.keys("C-l").paste("get " + "x".repeat(300_000)).keys("Enter");
            screen.await("65537 characters; expected at most 65536(.*\\n)*" + PROMPT);
            screen.enter("quit");
            assertThat(screen.awaitEnd()).isZero();
        }
    }

    @Test
    void onATerminalThatCanNothing() throws Exception {
        try (TmuxScreen screen =
                TmuxScreen.start(folder, 150, 30, Map.of("TERM", "dumb"), "shell", "--snapshot", SNAPSHOT)) {
            screen.await("read-only> *\\z");
            screen.enter("get ns default").await("^default +Active.*\\n" + PROMPT);
            screen.enter("ls --all").await("^compact_rev_key\\n" + PROMPT);
            screen.enter("exit");
            assertThat(screen.awaitEnd()).isZero();
        }
    }
}

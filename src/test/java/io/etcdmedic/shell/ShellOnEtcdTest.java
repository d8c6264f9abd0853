package io.etcdmedic.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcdmedic.etcd.RealCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The shell in a real terminal on a real etcd, with keys and values that would like to speak to that terminal.
class ShellOnEtcdTest {
    private static final String TITLE = "\u001b]0;pwned\u0007";
    private static final String FOLDER = "/registry/configmaps/default/";

    @TempDir
    private Path folder;

    @Test
    void hostileKeysAndWideOnesAndAConnectionLostAndRegained() throws Exception {
        try (RealCluster cluster = RealCluster.start(RealCluster.binaries().getFirst(), folder.resolve("etcd"), 1);
                TmuxScreen screen = open(cluster)) {
            cluster.etcdctl("put", FOLDER + "a" + TITLE, "\u001b[31mred" + TITLE);
            cluster.etcdctl("put", FOLDER + "日本語", "値");
            awaitPrompt(screen, "@3 read-only");
            screen.await("medic etcd 127\\.0\\.0\\.1:\\d+ [0-9a-f]+@3 read-only> *$");
            screen.enter("cd " + FOLDER)
                    .await("@3 read-only " + FOLDER + "\\s*> *$|@3 read-only "
                            + FOLDER.substring(0, FOLDER.length() - 1) + "\\s*> *$");
            screen.enter("ls").await("a\\\\x1b]0;pwned\\\\x07$").await("日本語$");
            screen.enter("ls | cat").enter("get 日本語 -o meta").await("日本語 +3");
            screen.enter("get --prefix a -o raw").await("\\\\x1b\\[31mred");
            screen.type("get ./日").complete("get \\./日本語");
            screen.keys("C-u").type("get ./a").complete("\\./a\\\\x1b]0;pwned\\\\x07");
            screen.keys("C-u");

            cluster.stopMember(0);
            screen.enter("ls /registry/").await("^medic: ");
            awaitPrompt(screen, "(unreachable) read-only");
            cluster.startMember(0);
            cluster.awaitListening();
            awaitPrompt(screen, "@3 read-only");
            screen.enter("get 日本語 -o name").await("日本語$");

            // Two keys that differ in a backslash look different, and each is typed as it is shown.
            cluster.etcdctl("put", FOLDER + "back\\x41", "literally");
            cluster.etcdctl("put", FOLDER + "backA", "a letter");
            screen.keys("C-l")
                    .enter("ls -l")
                    .await("default/back\\\\\\\\x41 +4 ")
                    .await("default/backA +5 ");
            screen.keys("C-l").type("get ./back\\").complete("get '\\./back\\\\\\\\x41'");
            screen.type(" -o raw").keys("Enter").await("^literally");
            screen.keys("C-l").type("get cm/back\\").complete("get 'cm/back\\\\\\\\x41'");
            screen.type(" -o raw").keys("Enter").await("^literally");
            screen.enter("get cm 'back\\x41' -o raw").await("^a letter");
            assertThat(screen.leave()).isZero();
            assertThat(screen.raw()).doesNotContain("\u001b]0;pwned", "\u001b[31mred");
        }
    }

    @Test
    @Tag("long")
    void ctrlCEndsAWaitAndAWatchAndNotTheShell() throws Exception {
        assumeTrue(ShellCommands.all().find(List.of("watch")).isPresent(), "watch is a command");
        try (RealCluster cluster = RealCluster.start(RealCluster.binaries().getFirst(), folder.resolve("etcd"), 1);
                TmuxScreen screen = open(cluster)) {
            cluster.etcdctl("put", FOLDER + "one", "1");
            awaitPrompt(screen, "@2 read-only");
            screen.enter("watch --all --from-revision 2").await("default/one");
            cluster.etcdctl("put", FOLDER + "two", "2");
            screen.await("default/two");
            screen.keys("C-c");
            awaitPrompt(screen, "@3 read-only");
            screen.enter("watch --all --from-revision 2 | cat")
                    .await("default/two")
                    .keys("C-c");
            awaitPrompt(screen, "@3 read-only");
            cluster.signal(0, "STOP");
            screen.enter("get " + FOLDER + "one -o meta --command-timeout 60s");
            Thread.sleep(500);
            screen.keys("C-c").await("\\^C");
            cluster.signal(0, "CONT");
            awaitPrompt(screen, "@3 read-only");
            screen.enter("get " + FOLDER + "one -o name").await("^" + FOLDER + "one$");
            assertThat(screen.leave()).isZero();
        }
    }

    /// The next prompt tells the news of the source, at once or when they come; a long one takes two lines.
    private static void awaitPrompt(TmuxScreen screen, String words) throws Exception {
        screen.await("> *\\z").keys("C-l", "Enter").await(Pattern.quote(words) + "( \\S+)?\\s*> *\\z");
    }

    private TmuxScreen open(RealCluster cluster) throws Exception {
        List<String> words = new ArrayList<>(List.of("shell", "--read-only"));
        words.addAll(cluster.options());
        Path own = Files.createDirectories(folder.resolve("terminal"));
        return TmuxScreen.start(own, 150, 30, Map.of(), words.toArray(String[]::new));
    }
}

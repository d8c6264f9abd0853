package io.etcdmedic.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The shell in a real terminal, over a database file. Each test starts a JVM: some seconds.
class ShellInTerminalTest {
    private static final String SNAPSHOT = "src/test/resources/fixtures/kubernetes-1.36/snapshot.db";
    private static final String PROMPT = "medic snapshot\\.db@747 read-only";

    @TempDir
    private Path folder;

    @Test
    void completesMovesPagesSearchesAndLeaves() throws Exception {
        try (TmuxScreen screen = TmuxScreen.start(folder, 140, 24, Map.of(), "shell", "--snapshot", SNAPSHOT)) {
            screen.await(PROMPT + "> *$");
            screen.type("cd /registry/services/s").complete("cd /registry/services/specs/$");
            screen.type("sh").complete("cd /registry/services/specs/shop/$");
            screen.keys("Enter").await(PROMPT + " /registry/services/specs/shop\\s*> *$");
            screen.type("get we").complete("> get web *$");
            screen.type("-o me").complete("-o meta *$");
            screen.keys("Enter").await("^/registry/services/specs/shop/web +[0-9]");
            screen.enter("cd ../../..").await(PROMPT + " /registry> *$");
            screen.type("get servicec").complete("get servicecidrs");
            screen.keys("C-c").await(PROMPT + " /registry> *$");

            // Longer than the screen: a pager has it, and Ctrl-C there does not end the shell.
            screen.enter("ls --all").await("^:$|lines 1-");
            screen.keys("q").await(PROMPT + " /registry> *$");

            screen.enter("gte web").await("unknown command 'gte'").await("did you mean get\\?");
            screen.type("get 'a").keys("Enter").await("…");
            screen.keys("C-c").await("> *\\z");
            screen.keys("C-r").type("we").await("get web");
            screen.keys("C-c").await("> *\\z");
            screen.enter("put /registry/x secret-value");
            screen.enter("pwd").await("^/registry$");
            screen.resize(60, 24);
            screen.enter("output json")
                    .enter("get servicecidr kubernetes -o name")
                    .await("^servicecidr\\.networking\\.k8s\\.io/kubernetes$");
            assertThat(screen.leave()).isZero();
        }
        Path history = folder.resolve("state/etcd-medic/history");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(history)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(history)).contains("get web").doesNotContain("secret-value");
    }
}

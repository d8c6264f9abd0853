package io.etcdmedic.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.shell.ShellCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The contract of command lines, whatever the command.
class CommandLineTest {
    private static final String SNAPSHOT = "src/test/resources/fixtures/kubernetes-1.36/snapshot.db";

    static java.util.List<Catalog.Row> rows() {
        return ShellCommands.all().rows();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyCommandHasExamplesThatNameIt(Catalog.Row row) {
        java.util.List<String> words =
                new java.util.ArrayList<>(java.util.List.of(row.words().split(" ", -1)));
        words.add("--help");
        Ran help = Ran.run(false, words);
        assertThat(help.status()).isZero();
        assertThat(help.stderr()).isEmpty();
        assertThat(help.text()).contains("Examples:\n", "  medic " + row.words());
        assertThat(new Help(ShellCommands.all(), "medic ").overview()).contains("  " + row.words() + " ");
    }

    @Test
    void sharedOptionsStandBeforeOrAfterTheCommand() {
        Ran before = Ran.of("--snapshot", SNAPSHOT, "-o", "name", "ls", "/registry/minions/");
        Ran after = Ran.of("ls", "/registry/minions/", "--snapshot", SNAPSHOT, "-o", "name");
        assertThat(before.status()).isZero();
        assertThat(before).isEqualTo(after);
    }

    @Test
    void aGivenOptionBeatsTheSameOneBeforeTheCommand() {
        Ran ran = Ran.of("--snapshot", "/nowhere", "-o", "name", "alarms", "--snapshot", SNAPSHOT, "-o", "json");
        assertThat(ran).isEqualTo(Ran.of("alarms", "--snapshot", SNAPSHOT, "-o", "json"));
        assertThat(ran.text()).isEqualTo("[]\n");
    }

    @Test
    void aBugReportHasAllThatItNeedsAndNoSecret() {
        java.util.Map<String, String> environment = java.util.Map.of(
                "XDG_CONFIG_HOME",
                "/home/op/conf",
                "XDG_STATE_HOME",
                "/home/op/st",
                "TERM",
                "xterm-256color",
                "ETCDCTL_PASSWORD",
                "hunter2",
                "ETCDCTL_USER",
                "root");
        Ran ran = Ran.in(environment, io.etcdmedic.installation.Installation::nothing, java.util.List.of("version"));
        assertThat(ran.status()).isZero();
        assertThat(ran.text())
                .matches("(?s)medic \\S+\ncommit .+\njava 25\\S* .*\nstart with(out)?.*\nsystem Linux \\S+ \\S+\n.*")
                .contains("terminal xterm-256color", "encoding ", ", locale ", "memory ")
                .contains("configuration /home/op/conf/etcd-medic\n", "state /home/op/st/etcd-medic\n")
                .contains("schema Kubernetes 1.8 to ", "library jetcd-core-", "library client-java-")
                .doesNotContain("hunter2", "unknown ");
    }

    /// A pipe that nobody writes to would be waited for.
    @Timeout(60)
    @Test
    void aPipeIsNoSource(@TempDir Path folder) throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        for (String[] words :
                new String[][] {{"stat", "--snapshot"}, {"snapshot", "verify"}, {"snapshot", "salvage"}}) {
            String[] line = java.util.Arrays.copyOf(words, words.length + 1);
            line[words.length] = pipe.toString();
            Ran ran = Ran.of(line);
            assertThat(ran.status()).isEqualTo(3);
            assertThat(ran.stderr()).contains("a pipe, socket or device; expected a regular file");
        }
    }

    @Test
    void twoKeysAreNeverARange() {
        Ran two = Ran.of(
                "get",
                "/registry/namespaces/default",
                "/registry/namespaces/shop",
                "-o",
                "name",
                "--snapshot",
                SNAPSHOT);
        assertThat(two.text()).isEqualTo("/registry/namespaces/default\n/registry/namespaces/shop\n");
        Ran range = Ran.of(
                "get",
                "--range",
                "/registry/namespaces/default",
                "/registry/namespaces/shop",
                "-o",
                "name",
                "--snapshot",
                SNAPSHOT);
        assertThat(range.text().lines()).hasSizeGreaterThan(2);
    }

    @Test
    void aSecretsBytesWantWords() {
        Ran refused = Ran.of("get", "--prefix", "/registry/secrets/", "-o", "raw", "--snapshot", SNAPSHOT);
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.stdout().isEmpty()).isTrue();
        Ran shown =
                Ran.of("get", "--prefix", "/registry/secrets/", "-o", "raw", "--show-secrets", "--snapshot", SNAPSHOT);
        assertThat(shown.status()).isZero();
        assertThat(shown.stdout().length()).isGreaterThan(1000);
    }

    @Test
    void aTerminalGetsNothingToObey() {
        String hostile = "/registry/\u001b]0;x\u0007\u202e";
        Ran ran = Ran.onTerminal("get", hostile, "--snapshot", SNAPSHOT);
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.stderr()).doesNotContain("\u001b", "\u0007", "\u202e").contains("\\x1b]0;x\\x07");
        Ran raw = Ran.onTerminal("get", "svc/kubernetes", "-o", "raw", "--snapshot", SNAPSHOT);
        assertThat(raw.text().chars().filter(c -> c < ' ' && c != '\n' && c != '\t'))
                .isEmpty();
    }

    @Test
    void theSourceStaysUntouched() throws IOException {
        Path file = Path.of(SNAPSHOT);
        var before = Sha256.of(io.etcdmedic.bytes.Bytes.owned(Files.readAllBytes(file)));
        for (String command : java.util.List.of("status", "tree", "stat", "top", "leases", "members", "ls")) {
            assertThat(Ran.of(command, "--snapshot", SNAPSHOT).status())
                    .as(command)
                    .isZero();
        }
        assertThat(Sha256.of(io.etcdmedic.bytes.Bytes.owned(Files.readAllBytes(file))))
                .isEqualTo(before);
    }
}

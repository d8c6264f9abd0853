package io.etcdmedic.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.etcd.RealCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Everything that others write, in a real terminal: keys, values, names of files and profiles, errors, prompts.
/// Not one byte of it that a terminal would obey is sent there.
class HostileTerminalTest {
    private static final String TITLE = "\u001b]0;pwned\u0007";
    private static final String RED = "\u001b[31mRED";
    private static final String BIDI = "\u202egnp.exe\u2066";
    private static final String C1 = "\u009b31mC1";
    private static final String INVISIBLE = "in\u200bvi\u3164si\ufeffble";
    private static final String FORGED = "\nmedic etcd 10.0.0.1:2379> forged";

    /// Those, as a terminal would get them: bytes, each a character.
    private static final List<String> RAW = List.of(
            "\u001b]0;",
            "\u001b]2;",
            "\u001b[31mRED",
            "\u009b31mC1",
            "\u00e2\u0080\u00ae",
            "\u00e2\u0081\u00a6",
            "\u00c2\u009b",
            "\u00e2\u0080\u008b",
            "\u00ef\u00bb\u00bf",
            "\u00ff",
            "\nmedic etcd 10.0.0.1:2379> forged");

    private static final String FOLDER = "/registry/configmaps/default/";
    private static final Path SNAPSHOT = Path.of("src/test/resources/fixtures/kubernetes-1.36/snapshot.db");

    @TempDir
    private Path folder;

    @Test
    void keysValuesPromptsAndCandidates() throws Exception {
        try (RealCluster cluster = RealCluster.start(RealCluster.binaries().getFirst(), folder.resolve("etcd"), 1)) {
            String value =
                    "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"one\"},\"data\":{\"k\":\""
                            + (RED + BIDI + C1 + INVISIBLE).replace("\u001b", "\\u001b") + "\"}}";
            cluster.etcdctl("put", FOLDER + "one", value);
            cluster.etcdctl("put", FOLDER + "a" + TITLE + RED + BIDI + C1 + INVISIBLE + FORGED, RED + TITLE);
            cluster.etcdctl("put", FOLDER + "%M%20%N" + RED + BIDI + FORGED + "/inside", "x");
            invalidUtf8(cluster);
            try (TmuxScreen screen = open(cluster)) {
                screen.await("medic etcd \\S+ \\S+@\\d+ read-only> *\\z|> *\\z");
                screen.enter("cd " + FOLDER).await("configmaps/default\\s*> *\\z");
                screen.enter("ls").await("x\\\\xff");
                for (String format : List.of("yaml", "json", "raw", "wide", "meta", "name", "jsonl", "hex", "proto")) {
                    screen.enter("get --prefix " + FOLDER + " -o " + format).await("configmaps/default\\s*> *\\z");
                }
                screen.keys("C-l").enter("get one -o yaml").await("\\\\e\\[31mRED.*\\n(.*\\n)*.*> *\\z");
                screen.keys("C-l").enter("get --prefix a -o raw | cat").await("\\\\x1b\\[31mRED.*\\n(.*\\n)*.*> *\\z");
                screen.keys("C-l").enter("tree --all --depth 9").await("\\\\xe2\\\\x80\\\\xae.*\\n(.*\\n)*.*> *\\z");
                screen.keys("C-l").type("get ./a").complete("\\\\x1b\\]0;pwned");
                screen.keys("C-u", "C-l").type("get ./").keys("Tab", "Tab").await("x\\\\xff");
                screen.keys("C-u", "C-l").type("cd ./%").complete("\\\\x0amedic etcd");
                screen.keys("Enter").await("default/%M%20%N\\\\x1b\\[31mRED.*\\\\x0amedic etcd 10.*forged\\s*> *\\z");
                screen.keys("C-l").enter("get nothing").await("no such key(.*\\n)*.*> *\\z");
                screen.keys("C-l").enter("cd nowhere").await("going to .*nowhere(.*\\n)*.*> *\\z");
                screen.enter("cd ..").enter("exit");
                assertThat(screen.awaitEnd()).isNotNegative();
                assertThat(screen.raw()).doesNotContain(RAW);
            }
        }
    }

    @Test
    void namesOfFilesAndProfilesAndWhatProgramsSay() throws Exception {
        Path snapshot = Files.copy(SNAPSHOT, folder.resolve("s" + TITLE + BIDI + FORGED + ".db"));
        Path config = Files.createDirectories(folder.resolve("config/etcd-medic"));
        Path profiles = config.resolve("profiles.yaml");
        Files.writeString(
                profiles,
                "profiles:\n  \"p\\e]0;pwned\\a\\u202E\\nmedic etcd 10.0.0.1:2379> forged\":\n"
                        + "    snapshot: /nowhere\n");
        Files.setPosixFilePermissions(profiles, PosixFilePermissions.fromString("rw-------"));
        Map<String, String> environment = Map.of("XDG_CONFIG_HOME", folder + "/config", "LESS", "-r");
        try (TmuxScreen screen =
                TmuxScreen.startIn(folder, folder, 150, 60, environment, "shell", "--snapshot", snapshot.toString())) {
            screen.await("medic s\\\\x1b\\]0;pwned\\\\x07\\\\xe2.*\\n> *\\z");
            screen.enter("status").await("keys +\\d+(.*\\n)*> *\\z");
            screen.keys("C-l").enter("use nowhere").await("^medic: (.*\\n)*> *\\z");
            screen.keys("C-l").enter("profile list").await("(^medic: |pwned)(.*\\n)*> *\\z");
            screen.keys("C-l").enter("use ./no.db").await("no.db: (.*\\n)*medic s.*\\n> *\\z");
            screen.keys("C-l").type("use ./s").keys("Tab", "Tab").await("use \\./s(tart\\.sh|tate)?.*");
            screen.keys("C-u", "C-l").enter("ls --all | sh -c 'printf \"\\\\033]0;pwned\\\\007\\\\n\" >&2; head -1'");
            screen.await("^\\\\x1b\\]0;pwned\\\\x07(.*\\n)*> *\\z");
            screen.keys("C-l").enter("get svc/kubernetes -o raw | less").await("k8s\\^@");
            screen.keys("q").enter("exit");
            assertThat(screen.awaitEnd()).isNotNegative();
            assertThat(screen.raw()).doesNotContain(RAW);
        }
    }

    /// A key that no text can say.
    private void invalidUtf8(RealCluster cluster) throws Exception {
        List<String> words = new ArrayList<>(List.of(
                "sh",
                "-c",
                "etcdctl put \"$(printf '" + FOLDER + "x\\377\\302')\" \"$(printf 'v\\377')\" \"$@\"",
                "sh"));
        words.addAll(cluster.options());
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().put("ETCDCTL_API", "3");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private TmuxScreen open(RealCluster cluster) throws Exception {
        List<String> words = new ArrayList<>(List.of("shell", "--read-only"));
        words.addAll(cluster.options());
        Path own = Files.createDirectories(folder.resolve("terminal"));
        return TmuxScreen.start(own, 150, 60, Map.of("PAGER", "cat"), words.toArray(String[]::new));
    }
}

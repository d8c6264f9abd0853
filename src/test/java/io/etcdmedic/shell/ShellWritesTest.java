package io.etcdmedic.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.etcd.RealCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Writing, editing and changing the source at the prompt of a real terminal, on a real etcd.
class ShellWritesTest {
    private static final String SNAPSHOT = "src/test/resources/fixtures/kubernetes-1.36/snapshot.db";
    private static final String FOLDER = "/registry/configmaps/default/";
    private static final String VALUE =
            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\",\"namespace\":\"default\"}}";

    @TempDir
    private Path folder;

    @Test
    void asksInRedAndWritesOnlyWhatWasConfirmed() throws Exception {
        try (RealCluster cluster = RealCluster.start(RealCluster.binaries().getFirst(), folder.resolve("etcd"), 1);
                TmuxScreen screen = open(cluster, Map.of())) {
            for (String name : List.of("one", "two", "three")) {
                cluster.etcdctl("put", FOLDER + name, VALUE.formatted(name));
            }
            screen.enter("delete " + FOLDER + "one").await("Type the plan's short id \\(\\S+\\) to go on.*\\z");
            screen.enter("yes").await("'yes'; expected '").await("nothing was done");
            assertThat(cluster.etcdctl("get", FOLDER + "one")).contains("ConfigMap");
            assertThat(screen.raw())
                    .containsPattern("\u001b\\[31m\\[etcd 127\\.0\\.0\\.1:\\d+ [0-9a-f]+\\] Type the plan's");

            screen.enter("clear-the-screen").await("unknown command(.*\\n)*.*> *\\z");
            screen.keys("C-l").enter("delete " + FOLDER + "one").await("short id \\(\\S+\\) to go on.*\\z");
            screen.enter(shown(screen, "short id \\((\\S+)\\)")).await("^outcome +APPLIED(.*\\n)*.*> *\\z");
            assertThat(cluster.etcdctl("get", FOLDER + "one")).doesNotContain("ConfigMap");

            screen.keys("C-l").enter("delete --prefix " + FOLDER + "t").await("number of objects \\(\\S+ 2\\).*\\z");
            screen.keys("C-c").await("no answer; expected(.*\\n)*hint: nothing was done(.*\\n)*.*> *\\z");
            assertThat(cluster.etcdctl("get", FOLDER + "two")).contains("ConfigMap");
            screen.keys("C-l").enter("delete --prefix " + FOLDER + "t").await("number of objects \\(\\S+ 2\\).*\\z");
            screen.enter(shown(screen, "objects \\((\\S+ 2)\\)")).await("^outcome +APPLIED(.*\\n)*.*> *\\z");
            assertThat(cluster.etcdctl("get", FOLDER + "two")).doesNotContain("ConfigMap");
            assertThat(screen.leave()).isZero();
        }
        assertThat(Files.readString(folder.resolve("terminal/state/etcd-medic/history")))
                .contains("delete --prefix")
                .doesNotContain("yes");
    }

    @Test
    void editsTheLineChangesTheSourceAndSendsAnswersIntoFiles() throws Exception {
        Path editor = folder.resolve("editor");
        Files.writeString(editor, "#!/bin/sh\nprintf 'get \\\\\n %sone -o name' " + FOLDER + " >\"$1\"\n");
        Files.setPosixFilePermissions(editor, PosixFilePermissions.fromString("rwx------"));
        Map<String, String> environment = Map.of("EDITOR", editor.toString(), "XDG_CONFIG_HOME", folder + "/config");
        try (RealCluster cluster = RealCluster.start(RealCluster.binaries().getFirst(), folder.resolve("etcd"), 1);
                TmuxScreen screen = open(cluster, environment)) {
            cluster.etcdctl("put", FOLDER + "one", VALUE.formatted("one"));
            screen.await("medic etcd .*> *$").type("pwd").keys("C-x", "C-e").await(FOLDER + "one -o name$");
            screen.keys("Enter").await("^configmaps/one|^" + FOLDER + "one$|^configmap/one");
            screen.enter("profile save lab --read-only " + String.join(" ", cluster.options()))
                    .await("lab");
            screen.enter("use " + SNAPSHOT).await("medic snapshot\\.db@747 read-only> *$");
            screen.enter("use lab").await("medic lab [0-9a-f]+@\\d+ read-only> *$");
            screen.enter("use nowhere").await("^medic: .*nowhere");
            Path out = folder.resolve("out.json");
            screen.enter("get " + FOLDER + "one -o json > " + out).await("medic lab.*> *$");
            screen.enter("pwd").await("^/$");
            assertThat(Files.readString(out)).contains("\"ConfigMap\"");
            // Read-only was the profile, and not the shell.
            screen.enter("use " + String.join(" ", cluster.options()))
                    .await("medic etcd 127\\.0\\.0\\.1:\\d+ [0-9a-f]+@\\d+> *\\z");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out)))
                    .isEqualTo("rw-------");
            assertThat(screen.leave()).isZero();
        }
    }

    private static String shown(TmuxScreen screen, String pattern) throws Exception {
        Matcher matcher = Pattern.compile(pattern).matcher(screen.text());
        String last = "";
        while (matcher.find()) {
            last = matcher.group(1);
        }
        return last;
    }

    private TmuxScreen open(RealCluster cluster, Map<String, String> environment) throws Exception {
        List<String> words = new ArrayList<>(List.of("shell"));
        words.addAll(cluster.options());
        Path own = Files.createDirectories(folder.resolve("terminal"));
        return TmuxScreen.start(own, 150, 40, environment, words.toArray(String[]::new));
    }
}

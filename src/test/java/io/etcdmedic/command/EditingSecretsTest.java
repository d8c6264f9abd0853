package io.etcdmedic.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.snapshot.EtcdOfClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// A Secret in an editor, and on its way there and back: who can see it. Starting etcd takes a second.
class EditingSecretsTest {
    private static final String KEY = "/registry/secrets/shop/till";
    private static final String STORED = "{\"kind\":\"Secret\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"till\","
            + "\"namespace\":\"shop\"},\"data\":{\"code\":\"aHVzaA==\"}}\n";

    @TempDir
    Path folder = Path.of("");

    @RegisterExtension
    static final EtcdOfClass ETCD = new EtcdOfClass();

    @BeforeEach
    void fill() throws Exception {
        ETCD.server().commit(List.of(new Write.Put(Key.of(KEY), Bytes.utf8(STORED), LeaseId.NONE)));
    }

    @Test
    void noEditorIsOpenedUnasked() throws IOException {
        Ran refused = editing("s/aHVzaA==/bG91ZA==/", "edit", KEY);
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.stderr()).contains("--show-secrets");
        assertThat(folder.resolve("seen")).doesNotExist();
    }

    /// While the editor has it: 0600, in a folder of 0700 below XDG_RUNTIME_DIR. Afterwards: nowhere.
    @Test
    void nobodyElseCanReadTheFileAndItIsGoneAfterwards() throws Exception {
        Ran edited = editing("s/aHVzaA==/bG91ZA==/", "edit", KEY, "--show-secrets");
        assertThat(edited.status()).as(edited.stderr()).isZero();
        assertThat(ETCD.server().etcdctl(List.of("get", KEY))).contains("bG91ZA==");
        List<String> seen = Files.readAllLines(folder.resolve("seen"));
        assertThat(seen.getFirst()).startsWith("600 " + runtime() + "/");
        assertThat(seen.get(1)).startsWith("700 " + runtime() + "/");
        assertThat(seen.get(2)).contains("aHVzaA==");
        assertThat(runtime()).isEmptyDirectory();
    }

    @Test
    void nothingStaysBehindAnEditorThatFails() throws IOException {
        assertThat(editing("s/x/", "edit", KEY, "--show-secrets").status()).isEqualTo(3);
        assertThat(folder.resolve("seen")).exists();
        assertThat(runtime()).isEmptyDirectory();
    }

    /// What cannot be stored is kept for whoever typed it, and said; nobody else can read it there either.
    @Test
    void whatCannotBeStoredIsKeptPrivately() throws IOException {
        Ran wrong = editing("s/till/bill/", "edit", KEY, "--show-secrets");
        assertThat(wrong.status()).isEqualTo(2);
        try (Stream<Path> files = Files.walk(runtime())) {
            List<Path> kept = files.filter(Files::isRegularFile).toList();
            assertThat(kept).hasSize(1);
            assertThat(wrong.stderr()).contains("is kept in " + kept.getFirst());
            assertThat((int) Files.getAttribute(kept.getFirst(), "unix:mode") & 07777)
                    .isEqualTo(0600);
        }
    }

    @Test
    void theDifferenceIsSaidWithoutTheValues() throws IOException {
        Path file = Files.writeString(folder.resolve("till.json"), STORED.replace("aHVzaA==", "bG91ZA=="));
        Ran put = editing("", "put", KEY, "--file", file.toString());
        assertThat(put.status()).as(put.stderr()).isZero();
        assertThat(put.stderr() + put.text())
                .contains("/data/code")
                .doesNotContain("aHVzaA==")
                .doesNotContain("bG91ZA==");
    }

    private Path runtime() throws IOException {
        return Files.createDirectories(folder.resolve("runtime"));
    }

    /// With an editor that writes down where it finds what, and then runs sed.
    private Ran editing(String sed, String... words) throws IOException {
        Path script = Files.writeString(
                folder.resolve("editor.sh"),
                "stat -c '%a %n' \"$1\" \"${1%/*}\" > '" + folder + "/seen'\ntr -d '\\n' < \"$1\" >> '" + folder
                        + "/seen'\nsed -i '" + sed + "' \"$1\"\n");
        return Ran.run(
                false,
                Map.of(
                        "ETCDCTL_ENDPOINTS",
                        ETCD.server().endpoint(),
                        "EDITOR",
                        "sh " + script,
                        "XDG_RUNTIME_DIR",
                        runtime().toString()),
                ChangingTest::words,
                Stream.concat(
                                Stream.of(words),
                                Stream.of("--state-dir", folder.resolve("state").toString()))
                        .toList());
    }
}

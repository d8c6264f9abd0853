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
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// What a plan needs beside its own file, and what a document must be. Starting etcd takes a second.
class PlansOfUndoTest {
    private static final String WEB = "/registry/services/specs/shop/web";
    private static final String STORED =
            "{\"kind\":\"Service\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"web\",\"namespace\":\"shop\"}}\n";

    @TempDir
    Path folder = Path.of("");

    @RegisterExtension
    static final EtcdOfClass ETCD = new EtcdOfClass();

    @BeforeEach
    void fill() throws Exception {
        etcdctl("del", "--prefix", "/");
        put(STORED);
    }

    @Test
    void anUndoThatCameTooLateSaysSoWhenItIsPlanned() throws Exception {
        String id = deleted();
        Path plan = folder.resolve("p");
        put(STORED.replace("web", "newer"));
        List<String> asked = new ArrayList<>();
        for (String[] words : new String[][] {{}, {"--plan", plan.toString()}, {"--dry-run"}}) {
            Ran late = medic(
                    question -> {
                        asked.add(question);
                        return ChangingTest.words(question);
                    },
                    Stream.concat(Stream.of("undo", id), Stream.of(words)).toArray(String[]::new));
            assertThat(late.status()).as(late.stderr()).isEqualTo(4);
            assertThat(late.stderr() + late.text()).contains(WEB + " is there now");
        }
        assertThat(asked).isEmpty();
        assertThat(plan).doesNotExist();
        assertThat(etcdctl("get", WEB)).contains("newer");
        assertThat(medic("journal", "list", "-o", "name").text().lines()).hasSize(1);
    }

    @Test
    void withoutTheArchiveOfTheChangeItsUndoIsNotApplied() throws Exception {
        Path plan = folder.resolve("p");
        String hex = medic("undo", deleted(), "--plan", plan.toString()).text().strip();
        Path archive;
        try (Stream<Path> files = Files.list(folder.resolve("state/archives"))) {
            archive = files.findFirst().orElseThrow();
        }
        Path aside = Files.move(archive, folder.resolve("aside"));
        Ran refused = medic("plan", "apply", plan.toString(), "--approve", hex);
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.stderr()).contains(archive.getFileName().toString(), "it is missing");
        Ran elsewhere = medic(
                "plan",
                "apply",
                plan.toString(),
                "--approve",
                hex,
                "--state-dir",
                folder.resolve("other").toString());
        assertThat(elsewhere.status()).as(elsewhere.stderr()).isNotZero();
        assertThat(etcdctl("get", WEB)).isEmpty();
        Files.move(aside, archive);
        assertThat(medic("plan", "apply", plan.toString(), "--approve", hex).status())
                .isZero();
        assertThat(etcdctl("get", WEB)).contains("Service");
    }

    @Test
    void valuesThatOthersCanReadAreNotApplied() throws Exception {
        Path file = Files.writeString(folder.resolve("web.json"), STORED.replace("v1", "v1\",\"x\":\"y"));
        Path plan = folder.resolve("p");
        String hex = medic("put", WEB, "--file", file.toString(), "--plan", plan.toString())
                .text()
                .strip();
        Path values = folder.resolve("p.values");
        for (String mode : List.of("rw-r--r--", "rw----r--", "rw--w----")) {
            Files.setPosixFilePermissions(values, PosixFilePermissions.fromString(mode));
            Ran refused = medic("plan", "apply", plan.toString(), "--approve", hex);
            assertThat(refused.status()).as(mode).isEqualTo(2);
            assertThat(refused.stderr()).contains("others can read or write them", "chmod 600 " + values);
        }
        assertThat(folder.resolve("state")).doesNotExist();
        Files.setPosixFilePermissions(values, PosixFilePermissions.fromString("rw-------"));
        assertThat(medic("plan", "apply", plan.toString(), "--approve", hex).status())
                .isZero();
    }

    @Test
    void aDocumentOfAnotherObjectIsNotStoredUnderTheKey() throws Exception {
        etcdctl("del", WEB);
        Path file = folder.resolve("web.json");
        for (String other : List.of(
                STORED.replace("\"web\"", "\"wob\""),
                STORED.replace("shop", "shed"),
                STORED.replace(",\"namespace\":\"shop\"", ""),
                STORED.replace("Service", "Endpoints"))) {
            Files.writeString(file, other);
            Ran refused = medic(ChangingTest::words, "put", WEB, "--file", file.toString());
            assertThat(refused.status()).as(other).isEqualTo(2);
            assertThat(refused.stderr()).contains("as the key says", "--raw");
        }
        assertThat(etcdctl("get", WEB)).isEmpty();
        assertThat(medic(ChangingTest::words, "put", WEB, "--raw", "--file", file.toString())
                        .status())
                .isZero();
        assertThat(etcdctl("get", WEB)).contains("Endpoints");
        etcdctl("del", WEB);
        Files.writeString(file, STORED);
        assertThat(medic(ChangingTest::words, "put", WEB, "--file", file.toString())
                        .status())
                .isZero();
    }

    private String deleted() {
        assertThat(medic(ChangingTest::words, "delete", WEB).status()).isZero();
        return medic("journal", "list", "-o", "name").text().strip();
    }

    private Ran medic(String... words) {
        return medic(Prompt.NOBODY, words);
    }

    private Ran medic(Prompt prompt, String... words) {
        List<String> line = new ArrayList<>(List.of(words));
        if (!line.contains("--state-dir")) {
            line.addAll(List.of("--state-dir", folder.resolve("state").toString()));
        }
        return Ran.run(false, Map.of("ETCDCTL_ENDPOINTS", ETCD.server().endpoint()), prompt, line);
    }

    private static void put(String value) throws Exception {
        ETCD.server().commit(List.of(new Write.Put(Key.of(WEB), Bytes.utf8(value), LeaseId.NONE)));
    }

    private static String etcdctl(String... words) throws IOException, InterruptedException {
        return ETCD.server().etcdctl(List.of(words));
    }
}

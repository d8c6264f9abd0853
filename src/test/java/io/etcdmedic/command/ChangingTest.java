package io.etcdmedic.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.host.OwnUser;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.snapshot.EtcdOfClass;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Commands that write, on a real etcd: starting it takes a second.
class ChangingTest {
    @TempDir
    Path folder = Path.of("");

    @RegisterExtension
    static final EtcdOfClass ETCD = new EtcdOfClass();

    private static final String WEB = "/registry/services/specs/shop/web";
    private static final String OTHER = "/registry/services/specs/shop/other";
    private static final Bytes VALUE = Bytes.utf8(
            "{\"kind\":\"Service\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"web\",\"namespace\":\"shop\",\"uid\":\"u1\"}}\n");

    @BeforeEach
    void fill() throws IOException, InterruptedException {
        put(WEB, VALUE);
        put(OTHER, VALUE);
    }

    @Test
    void aPlanIsWrittenReadAppliedAndUndoneByteForByte() throws IOException, InterruptedException {
        Path plan = folder.resolve("web.plan");
        Ran written = medic("delete", WEB, "--plan", plan.toString());
        assertThat(written.status()).as(written.stderr()).isZero();
        String hex = written.text().strip();
        assertThat(hex).hasSize(64);
        assertThat(etcdctl("get", WEB)).contains("Service");

        Ran applied = medic("plan", "apply", plan.toString(), "--approve", hex, "-o", "json");
        assertThat(applied.status()).as(applied.stderr()).isZero();
        Document outcome = Json.read(applied.stdout());
        assertThat(outcome.text("outcome")).contains("APPLIED");
        assertThat(Path.of(outcome.text("archive").orElseThrow())).exists();
        assertThat(etcdctl("get", WEB)).isEmpty();

        Ran again = medic("plan", "apply", plan.toString(), "--approve", hex, "-o", "json");
        assertThat(again.status()).isZero();
        assertThat(Json.read(again.stdout()).text("outcome")).contains("ALREADY_APPLIED");

        Ran undone = answering("undo", outcome.text("id").orElseThrow());
        assertThat(undone.status()).as(undone.stderr()).isZero();
        assertThat(etcdctl("get", WEB, "--print-value-only")).isEqualTo(VALUE.toUtf8() + "\n");
        Ran afterwards = medic("plan", "apply", plan.toString(), "--approve", hex, "-o", "json");
        assertThat(afterwards.status()).as("applied, but taken back").isEqualTo(4);
        assertThat(afterwards.text()).contains("was taken back");
        assertThat(medic("undo", outcome.text("id").orElseThrow()).status()).isEqualTo(2);
        assertThat(medic("journal", "verify").status()).isZero();
        assertThat(etcdctl("get", "--prefix", "/etcd-medic", "--keys-only")).isEmpty();
    }

    /// A state folder that was moved, or copied to another machine, is as good as it was.
    @Test
    void aStateFolderMayMove() throws IOException, InterruptedException {
        assertThat(answering("delete", WEB).status()).isZero();
        String id = medic("journal", "list", "-o", "name").text().strip();
        Path state = folder.resolve("state");
        Path moved = Files.move(state, folder.resolve("moved"));
        Ran undone = Ran.run(
                false,
                Map.of("ETCDCTL_ENDPOINTS", ETCD.server().endpoint()),
                ChangingTest::words,
                List.of("undo", id, "--state-dir", moved.toString()));
        assertThat(undone.status()).as(undone.stderr()).isZero();
        assertThat(etcdctl("get", WEB, "--print-value-only")).isEqualTo(VALUE.toUtf8() + "\n");
    }

    /// Neither as a document nor as raw bytes.
    @Test
    void theMarkOfAHiddenValueIsNotStoredAsRawBytes() throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("raw"), "{\"a\":\"<5 bytes, sha256:0123abcd>\"}");
        Ran refused = answering("put", WEB, "--raw", "--file", file.toString());
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.stderr()).contains("mark of a hidden value");
        assertThat(etcdctl("get", WEB, "--print-value-only")).isEqualTo(VALUE.toUtf8() + "\n");
    }

    /// What is damaged gets into no cluster unseen, and the same state gives the same archive.
    @Test
    void aDamagedSnapshotIsNotRestoredFrom() throws IOException, InterruptedException {
        Path snapshot = folder.resolve("snap.db");
        ETCD.server().save(snapshot);
        byte[] bytes = Files.readAllBytes(snapshot);
        int value = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(VALUE.toUtf8());
        assertThat(value).isPositive();
        for (String archive : List.of("one.tar.gz", "two.tar.gz")) {
            Ran backup = medic(
                    "--snapshot",
                    snapshot.toString(),
                    "backup",
                    "create",
                    WEB,
                    folder.resolve(archive).toString());
            assertThat(backup.status()).as(backup.stderr()).isZero();
            assertThat(backup.stderr()).doesNotContain("damaged");
        }
        assertThat(folder.resolve("one.tar.gz")).hasSameBinaryContentAs(folder.resolve("two.tar.gz"));
        bytes[value + 2] ^= 1;
        Files.write(snapshot, bytes);
        Ran refused = answering("restore", WEB, "--from", snapshot.toString(), "--replace");
        assertThat(refused.status()).isEqualTo(5);
        assertThat(refused.stderr()).contains("its content is not what etcd wrote");
        assertThat(medic("restore", WEB, "--from", snapshot.toString(), "--replace", "--damaged", "--dry-run")
                        .status())
                .isZero();
        assertThat(medic(
                                "--snapshot",
                                snapshot.toString(),
                                "backup",
                                "create",
                                WEB,
                                folder.resolve("three.tar.gz").toString())
                        .stderr())
                .contains("the file is damaged");
    }

    /// A selector that takes more than was meant is noticed before anything is asked.
    @Test
    void moreThanAFewObjectsAreNotRestoredUnasked() throws IOException, InterruptedException {
        Path archive = folder.resolve("web.tar.gz");
        assertThat(medic("backup", "create", WEB, archive.toString()).status()).isZero();
        etcdctl("del", WEB);
        Ran refused = answering("restore", WEB, "--from", archive.toString(), "--max-objects", "0");
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.stderr()).contains("1 keys to write", "--max-objects 1");
        assertThat(etcdctl("get", WEB)).isEmpty();
        assertThat(answering("restore", WEB, "--from", archive.toString(), "--max-objects", "1")
                        .status())
                .isZero();
    }

    @Test
    void undoRefusesWhenTheWorldMovedOn() throws IOException, InterruptedException {
        assertThat(answering("delete", WEB).status()).isZero();
        put(WEB, Bytes.utf8("{\"newer\":true}"));
        String id = medic("journal", "list", "-o", "name").text().strip();
        Ran undone = answering("undo", id);
        assertThat(undone.status()).isEqualTo(4);
        assertThat(etcdctl("get", WEB, "--print-value-only")).isEqualTo("{\"newer\":true}\n");
    }

    @Test
    void aPlanIsStaleWhenTheKeyChanged() throws IOException, InterruptedException {
        Path plan = folder.resolve("web.plan");
        String hex = medic("delete", WEB, "--plan", plan.toString()).text().strip();
        put(WEB, VALUE);
        Ran stale = medic("plan", "apply", plan.toString(), "--approve", hex);
        assertThat(stale.status()).isEqualTo(4);
        assertThat(stale.text()).contains("STALE");
        assertThat(medic("plan", "apply", plan.toString(), "--approve", hex).status())
                .as("a plan that did not apply is never 'already applied'")
                .isEqualTo(4);
        assertThat(etcdctl("get", WEB)).contains("Service");
    }

    @Test
    void anotherHashIsNotApproved() {
        Path plan = folder.resolve("web.plan");
        medic("delete", WEB, "--plan", plan.toString());
        Ran refused = medic("plan", "apply", plan.toString(), "--approve", "0".repeat(64));
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.stderr()).contains("edited or replaced");
        assertThat(folder.resolve("state")).doesNotExist();
    }

    @Test
    void onlyTheShortIdConfirmsAndNothingElse() throws IOException, InterruptedException {
        for (String typed : List.of("", "yes", "y", "web")) {
            Ran refused = medic(_ -> Optional.of(typed), "delete", WEB);
            assertThat(refused.status()).isEqualTo(2);
        }
        assertThat(medic("delete", WEB).stderr()).contains("nobody at a terminal", "--plan FILE");
        assertThat(etcdctl("get", WEB)).contains("Service");
        assertThat(answering("delete", WEB).status()).isZero();
        assertThat(etcdctl("get", WEB)).isEmpty();
    }

    @Test
    void severalObjectsWantTheClustersNameAndTheirNumber() throws IOException, InterruptedException {
        List<String> asked = new ArrayList<>();
        Ran ran = medic(
                question -> {
                    asked.add(question);
                    return words(question);
                },
                "delete",
                "services",
                "--all",
                "-n",
                "shop");
        assertThat(ran.status()).as(ran.stderr()).isZero();
        assertThat(asked.getFirst()).contains("the cluster's name", " 2)");
        assertThat(ran.stderr()).contains("2 × services in shop");
        assertThat(etcdctl("get", "--prefix", "/registry/services/specs/shop/", "--keys-only"))
                .isEmpty();
    }

    @Test
    void readOnlyRefusesAndADryRunChangesNothing() throws IOException, InterruptedException {
        Ran refused = answering("delete", WEB, "--read-only");
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.stderr()).contains("--read-only");
        Ran dry = medic("delete", WEB, "--dry-run", "--read-only");
        assertThat(dry.status()).as(dry.stderr()).isZero();
        assertThat(dry.text()).contains("Nothing was changed");
        assertThat(etcdctl("get", WEB)).contains("Service");
        assertThat(folder.resolve("state")).doesNotExist();
    }

    @Test
    void aResourceAloneIsNotAllOfIt() {
        assertThat(medic("delete", "services", "-n", "shop").status()).isEqualTo(2);
        assertThat(medic("delete", "--prefix", "/registry/services/specs/shop/", "--max-objects", "1")
                        .stderr())
                .contains("--max-objects 2");
    }

    @Test
    void aDeletedKeyComesBackFromHistory() throws IOException, InterruptedException {
        etcdctl("del", WEB);
        assertThat(medic("undelete").text()).doesNotContain(OTHER);
        Ran back = answering("undelete", "svc/web", "-n", "shop");
        assertThat(back.status()).as(back.stderr()).isZero();
        assertThat(etcdctl("get", WEB, "--print-value-only")).isEqualTo(VALUE.toUtf8() + "\n");
        assertThat(answering("undelete", "svc/web", "-n", "shop").stderr()).contains("it is there");
    }

    @Test
    void theWholeClusterIsSavedFirstWhereThatIsAskedFor() throws IOException {
        Ran ran = answering("delete", WEB, "--with-snapshot");
        assertThat(ran.status()).as(ran.stderr()).isZero();
        Path snapshot = only(folder.resolve("state/snapshots"));
        assertThat(medic("snapshot", "verify", snapshot.toString()).status()).isZero();
        assertThat(medic("get", WEB, "-o", "name", "--snapshot", snapshot.toString())
                        .text())
                .isEqualTo(WEB + "\n");
    }

    @Test
    void aDocumentIsStoredAsTheKeyWasStored() throws IOException, InterruptedException {
        Path file = folder.resolve("web.yaml");
        Files.writeString(file, """
                apiVersion: v1
                kind: Service
                metadata:
                  name: web
                  namespace: shop
                  uid: u1
                spec:
                  clusterIP: 10.43.0.9
                """);
        Ran put = answering("put", "svc/web", "-n", "shop", "--file", file.toString());
        assertThat(put.status()).as(put.stderr()).isZero();
        assertThat(put.stderr()).contains("/spec: nothing → {\"clusterIP\":\"10.43.0.9\"}");
        assertThat(etcdctl("get", WEB, "--print-value-only"))
                .isEqualTo(
                        "{\"kind\":\"Service\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"web\",\"namespace\":\"shop\","
                                + "\"uid\":\"u1\"},\"spec\":{\"clusterIP\":\"10.43.0.9\"}}\n\n");
        assertThat(answering("put", "svc/web", "-n", "shop", "--file", file.toString())
                        .text())
                .contains("Nothing to do");
        Files.writeString(file, Files.readString(file).replace("10.43.0.9", "<9 bytes, sha256:01234567>"));
        assertThat(answering("put", "svc/web", "-n", "shop", "--file", file.toString())
                        .stderr())
                .contains("the mark of a hidden value at /spec/clusterIP");
        assertThat(answering("put", "svc/other", "-n", "shop", "--file", file.toString())
                        .status())
                .isEqualTo(2);
        Files.writeString(file, "a: [");
        assertThat(answering("put", "svc/web", "-n", "shop", "--file", file.toString())
                        .status())
                .isEqualTo(2);
    }

    @Test
    void rawBytesAreStoredAsTheyAre() throws IOException, InterruptedException {
        Path file = Files.write(folder.resolve("bytes"), new byte[] {0, (byte) 0xff, '\n', 'x'});
        assertThat(answering("put", "/registry/odd/key", "--raw", "--file", file.toString())
                        .status())
                .isZero();
        assertThat(etcdctl("get", "/registry/odd/key", "-w", "json")).contains("AP8KeA==");
        etcdctl("del", "/registry/odd/key");
    }

    @Test
    void whatTheEditorSavesIsStoredAndTheRestStays() throws IOException, InterruptedException {
        Ran edited = editing("sed -i s/u1/u2/", "edit", "svc/web", "-n", "shop");
        assertThat(edited.status()).as(edited.stderr()).isZero();
        assertThat(edited.stderr()).contains("/metadata/uid: \"u1\" → \"u2\"");
        assertThat(etcdctl("get", WEB, "--print-value-only")).contains("\"uid\":\"u2\"");
        assertThat(editing("true", "edit", "svc/web", "-n", "shop").text()).contains("Nothing to do");
        assertThat(editing("false", "edit", "svc/web", "-n", "shop").status()).isEqualTo(3);
        Ran renamed = editing("sed -i s/web/wob/", "edit", "svc/web", "-n", "shop");
        assertThat(renamed.status()).isEqualTo(2);
        assertThat(renamed.stderr()).contains("metadata.name", "is kept in");
    }

    @Test
    void anObjectInProtobufStaysInProtobuf() throws IOException, InterruptedException {
        String key = "/registry/services/specs/default/kubernetes";
        Bytes stored = stored("kubernetes-1.36", key);
        put(key, stored);
        Ran edited = editing("sed -i s/provider:.kubernetes/provider:\\x20medicine/", "edit", key);
        assertThat(edited.status()).as(edited.stderr()).isZero();
        assertThat(edited.stderr()).contains("/metadata/labels/provider: \"kubernetes\" → \"medicine\"");
        Bytes now = Bytes.owned(java.util.Base64.getDecoder()
                .decode(Json.read(etcdctl("get", key, "-w", "json"))
                        .text("kvs", "0", "value")
                        .orElseThrow()));
        assertThat(now.toUtf8().replace("medicine", "kubernetes"))
                .startsWith("k8s\u0000")
                .contains("Service");
        assertThat(now.length()).isEqualTo(stored.length() - 2);
        etcdctl("del", key);
    }

    @Test
    void anEncryptedObjectIsEditedWithItsKeysAndNotWithout() throws IOException, InterruptedException {
        String key = "/registry/configmaps/shop/app-config";
        Bytes stored = stored("kubernetes-1.36-encrypted", key);
        put(key, stored);
        Ran locked = editing("sed -i s/kind:/kind:/", "edit", key);
        assertThat(locked.status()).isEqualTo(6);
        String config = "src/test/resources/fixtures/kubernetes-1.36-encrypted/encryption-config.yaml";
        Ran edited = editing(
                "sed -i s/^metadata:/immutable:\\x20true\\nmetadata:/", "edit", key, "--encryption-config", config);
        assertThat(edited.status()).as(edited.stderr()).isZero();
        assertThat(etcdctl("get", key, "--print-value-only")).startsWith("k8s:enc:");
        assertThat(medic("get", key, "-o", "yaml", "--encryption-config", config)
                        .text())
                .contains("immutable: true");
        assertThat(answering("delete", key).status())
                .as("deleting needs no key")
                .isZero();
    }

    private static Bytes stored(String fixture, String key) {
        try (var snapshot = io.etcdmedic.snapshot.SnapshotFile.open(
                Path.of("src/test/resources/fixtures", fixture, "snapshot.db"))) {
            return snapshot.get(Key.of(key)).orElseThrow().value();
        }
    }

    @Test
    void whatSomebodyElseChangedMeanwhileIsMergedOrRefused() throws IOException, InterruptedException {
        Path other = Files.writeString(
                folder.resolve("other.json"), VALUE.toUtf8().replace("\"v1\"", "\"v1\",\"spec\":{\"x\":1}"));
        Path same =
                Files.writeString(folder.resolve("same.json"), VALUE.toUtf8().replace("u1", "u3"));
        Ran merged = editing(script("sed -i s/u1/u2/", other), "edit", "svc/web", "-n", "shop");
        assertThat(merged.status()).as(merged.stderr()).isZero();
        assertThat(etcdctl("get", WEB, "--print-value-only")).contains("\"uid\":\"u2\"", "\"x\":1");
        put(WEB, VALUE);
        Ran refused = editing(script("sed -i s/u1/u2/", same), "edit", "svc/web", "-n", "shop");
        assertThat(refused.status()).isEqualTo(4);
        assertThat(refused.stderr()).contains("both changed /metadata/uid");
        put(WEB, VALUE);
        Ran declined = answeringMerge("no", script("sed -i s/u1/u2/", other), "edit", "svc/web", "-n", "shop");
        assertThat(declined.status()).as(declined.stderr()).isEqualTo(4);
        assertThat(etcdctl("get", WEB, "--print-value-only")).contains("\"uid\":\"u1\"", "\"x\":1");
    }

    /// An editor during which somebody else writes the key.
    private String script(String edit, Path value) throws IOException {
        Path script = Files.writeString(
                folder.resolve("editor.sh"),
                "#!/bin/sh\n" + edit + " \"$1\"\nETCDCTL_API=3 etcdctl --endpoints="
                        + ETCD.server().endpoint() + " put " + WEB + " < " + value + " > /dev/null\n");
        return "sh " + script;
    }

    private Ran editing(String editor, String... words) {
        return answeringMerge("merge", editor, words);
    }

    /// @param merging what is answered when somebody else changed the object too
    private Ran answeringMerge(String merging, String editor, String... words) {
        return Ran.run(
                false,
                Map.of(
                        "ETCDCTL_ENDPOINTS",
                        ETCD.server().endpoint(),
                        "EDITOR",
                        editor,
                        "XDG_RUNTIME_DIR",
                        folder.toString()),
                question -> question.contains("Type merge") ? Optional.of(merging) : words(question),
                java.util.stream.Stream.concat(
                                List.of(words).stream(),
                                java.util.stream.Stream.of(
                                        "--state-dir", folder.resolve("state").toString()))
                        .toList());
    }

    @Test
    void aStateFolderThatOthersCanWriteIsRefusedBeforeAnythingIsSent() throws IOException, InterruptedException {
        Path state = Files.createDirectory(folder.resolve("state"));
        mode(state, "rwxrwxrwx");
        Ran refused = answering("delete", WEB);
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.stderr()).contains("others can write");
        mode(state, "rwx------");
        for (String within : List.of("plans", "archives", "snapshots")) {
            mode(Files.createDirectory(state.resolve(within)), "rwxrwx---");
            assertThat(answering("delete", WEB).stderr()).contains(within, "others can write");
            mode(state.resolve(within), "rwx------");
        }
        if (OwnUser.isRoot()) {
            Files.setAttribute(state, "unix:uid", 12345);
            assertThat(answering("delete", WEB).stderr()).contains("it belongs to uid 12345");
        }
        Files.move(state, folder.resolve("moved"));
        Files.createSymbolicLink(state, Files.createDirectory(folder.resolve("elsewhere")));
        assertThat(answering("delete", WEB).stderr()).contains("symbolic link");
        assertThat(etcdctl("get", WEB)).contains("Service");
    }

    private static void mode(Path folder, String mode) throws IOException {
        Files.setPosixFilePermissions(folder, java.nio.file.attribute.PosixFilePermissions.fromString(mode));
    }

    @Test
    void aMissingOrChangedArchiveStopsTheUndo() throws IOException {
        assertThat(answering("delete", WEB).status()).isZero();
        String id = medic("journal", "list", "-o", "name").text().strip();
        Path archive = only(folder.resolve("state/archives"));
        byte[] whole = Files.readAllBytes(archive);
        byte[] changed = whole.clone();
        changed[whole.length / 2] ^= 1;
        Files.write(archive, changed);
        assertThat(answering("undo", id).stderr()).contains("as the journal says");
        assertThat(medic("journal", "verify").status()).isEqualTo(5);
        Files.delete(archive);
        assertThat(answering("undo", id).stderr()).contains("it is missing");
    }

    /// Types what the question names in brackets.
    static Optional<String> words(String question) {
        return Optional.of(question.substring(question.indexOf('(') + 1, question.indexOf(')')));
    }

    private Ran answering(String... words) {
        return medic(ChangingTest::words, words);
    }

    private Ran medic(String... words) {
        return medic(Prompt.NOBODY, words);
    }

    private Ran medic(Prompt prompt, String... words) {
        return Ran.run(
                false,
                Map.of(
                        "ETCDCTL_ENDPOINTS",
                        ETCD.server().endpoint(),
                        "XDG_STATE_HOME",
                        folder.resolve("home").toString()),
                prompt,
                java.util.stream.Stream.concat(
                                List.of(words).stream(),
                                java.util.stream.Stream.of(
                                        "--state-dir", folder.resolve("state").toString()))
                        .toList());
    }

    private static Path only(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.findFirst().orElseThrow();
        }
    }

    private static void put(String key, Bytes value) throws IOException, InterruptedException {
        ETCD.server().commit(List.of(new Write.Put(Key.of(key), value, LeaseId.NONE)));
    }

    private static String etcdctl(String... words) throws IOException, InterruptedException {
        return ETCD.server().etcdctl(List.of(words));
    }
}

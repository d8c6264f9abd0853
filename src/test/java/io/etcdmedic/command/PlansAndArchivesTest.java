package io.etcdmedic.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Json;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.repair.plan.Binding;
import io.etcdmedic.repair.plan.Check;
import io.etcdmedic.repair.plan.Frame;
import io.etcdmedic.repair.plan.KeyChange;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.PlanId;
import io.etcdmedic.repair.plan.Wait;
import io.etcdmedic.repair.state.PlanFile;
import io.etcdmedic.snapshot.EtcdOfClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Plans by hand, plans that are refused, plans that settle late, and which archives go. Starting etcd takes a
/// second.
class PlansAndArchivesTest {
    private static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");
    private static final String WEB = "/registry/services/specs/shop/web";
    private static final String API = "/registry/services/specs/shop/api";

    @TempDir
    Path folder = Path.of("");

    @RegisterExtension
    static final EtcdOfClass ETCD = new EtcdOfClass();

    @BeforeEach
    void fill() throws Exception {
        etcdctl("del", "--prefix", "/");
        put(WEB, service("web", "\"app\":\"web\",\"tier\":\"front\""));
        put(API, service("api", "\"app\":\"api\""));
    }

    private static String service(String name, String labels) {
        return "{\"kind\":\"Service\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"" + name
                + "\",\"namespace\":\"shop\",\"uid\":\"u1\",\"labels\":{" + labels + "}}}\n";
    }

    /// The lines that are shown do it: a shell and etcdctl are the oracle.
    @Test
    void theCommandsOfAPlanDoWhatItDoes() throws Exception {
        Path plan = folder.resolve("p");
        medic("delete", WEB, "--plan", plan.toString());
        String lines = medic("plan", "show", plan.toString(), "--commands").text();
        put(WEB, service("web", "\"moved\":\"on\""));
        assertThat(byHand(lines)).contains("FAILURE");
        assertThat(etcdctl("get", WEB)).contains("moved");

        Path second = folder.resolve("q");
        medic("delete", WEB, "--plan", second.toString());
        assertThat(byHand(medic("plan", "show", second.toString(), "--commands").text()))
                .contains("SUCCESS");
        assertThat(etcdctl("get", WEB)).isEmpty();

        Path bytes = Files.write(folder.resolve("bytes"), new byte[] {0, (byte) 0xff, '\n', '\'', '"', '\\'});
        Path third = folder.resolve("r");
        medic("put", WEB, "--raw", "--file", bytes.toString(), "--plan", third.toString());
        byHand(medic("plan", "show", third.toString(), "--commands").text());
        assertThat(value(WEB)).contains(Bytes.owned(Files.readAllBytes(bytes)));
    }

    private String byHand(String lines) throws Exception {
        Path work = Files.createTempDirectory(folder, "hand");
        Path script = Files.writeString(work.resolve("script"), lines);
        ProcessBuilder builder = new ProcessBuilder("sh", script.toString())
                .directory(work.toFile())
                .redirectErrorStream(true);
        builder.environment().putAll(Map.of("ETCDCTL_ENDPOINTS", endpoint(), "ETCDCTL_API", "3"));
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said + lines).isZero();
        return said;
    }

    @Test
    void onlyArchivesThatNothingNeedsGo() {
        answering("delete", WEB);
        answering("delete", API);
        assertThat(medic("journal", "prune").text()).as("both can be undone").isEmpty();
        List<String> ids = medic("journal", "list", "-o", "name").text().lines().toList();
        assertThat(answering("undo", ids.getLast()).status()).isZero();
        String would = medic("journal", "prune", "--dry-run").text();
        assertThat(would.lines())
                .hasSize(1)
                .allSatisfy(file -> assertThat(Path.of(file)).exists());
        assertThat(medic("journal", "prune").text()).isEqualTo(would);
        assertThat(Path.of(would.strip())).doesNotExist();
        assertThat(answering("undo", ids.getFirst()).status())
                .as("the other can still be undone")
                .isZero();
        medic("journal", "prune");
        assertThat(folder.resolve("state/archives").toFile().list())
                .as("those of the undos, which can be taken back themselves")
                .hasSize(2);
    }

    @Test
    void whatCanOnlyBeKnownLaterIsPendingAndCanBeWaitedFor() throws Exception {
        Ran pending = apply(settling(Duration.ofSeconds(20)), "-o", "json");
        assertThat(pending.status()).as(pending.stderr()).isZero();
        assertThat(Json.read(pending.stdout()).at("pending").orElseThrow().toString())
                .contains("somebody makes it anew");

        put(WEB, "{}");
        etcdctl("del", "/late");
        Thread late = Thread.ofVirtual().start(() -> {
            try {
                while (value(WEB).isPresent()) {
                    Thread.sleep(20);
                }
                put("/late", "here");
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        Ran waited = apply(settling(Duration.ofMinutes(2)), "-o", "json", "--wait-settled");
        late.join();
        assertThat(waited.status()).as(waited.stderr()).isZero();
        assertThat(Json.read(waited.stdout()).at("pending").orElseThrow().toString())
                .doesNotContain("anew");
    }

    /// A process of its own, because the signal is its: some seconds.
    @Test
    void aSignalIsHeardWhileItWaits() throws Exception {
        Path plan = write(settling(Duration.ofMinutes(2)));
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.etcdmedic.Main",
                        "plan",
                        "apply",
                        plan.toString(),
                        "--approve",
                        io.etcdmedic.bytes.Sha256.of(read(plan)).hex(),
                        "--wait-settled",
                        "--endpoints",
                        endpoint(),
                        "--state-dir",
                        folder.resolve("state").toString())
                .redirectErrorStream(true)
                .start();
        List<String> said = new ArrayList<>();
        try (var lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.add(line);
                if (line.startsWith("Waiting until somebody makes it anew")) {
                    process.toHandle().destroy();
                }
            }
        }
        assertThat(process.waitFor()).as(String.join("\n", said)).isEqualTo(143);
        assertThat(said).contains("Stopping: what was sent is settled first.");
    }

    private Plan settling(Duration deadline) throws Exception {
        return draft("0")
                .settled(Wait.until("somebody makes it anew", new Check.Present(Key.of("/late")), deadline))
                .build(PlanId.random(new Random()), NOW);
    }

    private PlanDraft draft(String clusterId) throws Exception {
        Entry seen = ETCD.server().range(Key.of(WEB), OptionalLong.empty()).getFirst();
        return new PlanDraft(
                        "test",
                        "delete it",
                        new Binding(
                                clusterId.equals("0") ? clusterId() : clusterId,
                                List.of(),
                                Revision.of(ETCD.server().revision()),
                                "",
                                Optional.empty()))
                .step(KeyChange.of(Frame.of("delete it", "it"), KeyChange.Edit.delete(seen)));
    }

    /// As medic itself binds a plan.
    private String clusterId() throws IOException {
        Path plan = folder.resolve("bound");
        medic("delete", WEB, "--plan", plan.toString());
        String clusterId = PlanFile.read(plan).plan().binding().clusterId();
        Files.delete(plan);
        return clusterId;
    }

    /// Each with a message of its own, nothing sent, nothing begun.
    @Test
    void eachPlanThatIsNotForHereAndNowSaysWhy() throws Exception {
        List<String> said = new ArrayList<>();
        said.add(refused(write(draft("beef").build(PlanId.random(new Random()), NOW)), "made for cluster beef"));
        said.add(refused(
                write(draft("0").build(PlanId.random(new Random()), NOW.minus(Duration.ofHours(2)))), "expired"));
        Path edited = write(draft("0").build(PlanId.random(new Random()), NOW));
        Files.writeString(edited, Files.readString(edited).replace("delete it", "delete  it"));
        said.add(refusedAs(edited, "0".repeat(64), "edited or replaced"));
        Path other = write(draft("0").build(PlanId.random(new Random()), NOW));
        Files.writeString(other, Files.readString(other).replace("\"format\": 1", "\"format\": 7"));
        said.add(refused(other, "format 7"));
        PlanDraft putting = draft("0");
        putting.step(KeyChange.of(
                Frame.of("put", "it"),
                KeyChange.Edit.put(Key.of("/x"), Optional.empty(), putting.value(Bytes.utf8("v")))));
        Path valued = write(putting.build(PlanId.random(new Random()), NOW));
        Files.delete(PlanFile.values(valued));
        said.add(refused(valued, "the file is missing"));
        assertThat(said).doesNotHaveDuplicates();
        assertThat(folder.resolve("state/journal.jsonl"))
                .satisfiesAnyOf(
                        path -> assertThat(path).doesNotExist(),
                        path -> assertThat(path).isEmptyFile());
        assertThat(etcdctl("get", WEB)).contains("Service");
    }

    private String refused(Path plan, String words) {
        String hex = io.etcdmedic.bytes.Sha256.of(read(plan)).hex();
        return refusedAs(plan, hex, words);
    }

    private String refusedAs(Path plan, String hex, String words) {
        Ran ran = medic("plan", "apply", plan.toString(), "--approve", hex);
        assertThat(ran.status()).as(ran.stderr()).isEqualTo(2);
        assertThat(ran.stderr()).contains(words);
        return words;
    }

    private static Bytes read(Path file) {
        try {
            return Bytes.owned(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Path write(Plan plan) {
        Path file = folder.resolve("plan-" + plan.id().shortForm());
        PlanFile.write(file, plan);
        return file;
    }

    private Ran apply(Plan plan, String... more) {
        Path file = write(plan);
        return medic(Stream.concat(
                        Stream.of(
                                "plan",
                                "apply",
                                file.toString(),
                                "--approve",
                                io.etcdmedic.bytes.Sha256.of(read(file)).hex()),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    /// kubectl's selectors choose what is deleted, kept and restored.
    @Test
    void labelsChoose() throws Exception {
        Path kept = folder.resolve("kept.tar.gz");
        assertThat(medic("backup", "create", "services", "-n", "shop", "-l", "app in (web,db),!legacy", kept.toString())
                        .status())
                .isZero();
        assertThat(medic("backup", "list", kept.toString(), "-o", "name").text())
                .contains(WEB)
                .doesNotContain(API);
        assertThat(medic(
                                "backup",
                                "create",
                                "services",
                                "-n",
                                "shop",
                                "-l",
                                "app=none",
                                folder.resolve("n").toString())
                        .status())
                .isEqualTo(1);
        assertThat(folder.resolve("n")).doesNotExist();
        assertThat(medic("delete", "services", "-n", "shop", "-l", "app=", "--dry-run")
                        .status())
                .isEqualTo(1);
        assertThat(medic("delete", "services", "-n", "shop", "-l", "app in (", "--dry-run")
                        .status())
                .isEqualTo(2);
        assertThat(medic("delete", WEB, "-l", "app=web", "--dry-run").status()).isEqualTo(2);
        Ran deleted = answering("delete", "services", "-n", "shop", "-l", "app!=api,tier");
        assertThat(deleted.status()).as(deleted.stderr()).isZero();
        assertThat(etcdctl("get", WEB)).isEmpty();
        assertThat(etcdctl("get", API)).isNotEmpty();
        assertThat(answering("restore", "services", "-n", "shop", "-l", "app=api", "--from", kept.toString())
                        .status())
                .isEqualTo(1);
        assertThat(answering("restore", "services", "-n", "shop", "-l", "tier=front", "--from", kept.toString())
                        .status())
                .isZero();
        assertThat(etcdctl("get", WEB)).contains("front");
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
                Map.of("ETCDCTL_ENDPOINTS", endpoint()),
                prompt,
                Stream.concat(
                                Stream.of(words),
                                Stream.of("--state-dir", folder.resolve("state").toString()))
                        .toList());
    }

    private static Optional<Bytes> value(String key) throws Exception {
        return ETCD.server().range(Key.of(key), OptionalLong.empty()).stream()
                .filter(entry -> entry.key().equals(Key.of(key)))
                .map(Entry::value)
                .findFirst();
    }

    private static void put(String key, String value) throws Exception {
        ETCD.server().commit(List.of(new Write.Put(Key.of(key), Bytes.utf8(value), LeaseId.NONE)));
    }

    private static String endpoint() {
        return ETCD.server().endpoint();
    }

    private static String etcdctl(String... words) throws Exception {
        return ETCD.server().etcdctl(List.of(words));
    }
}

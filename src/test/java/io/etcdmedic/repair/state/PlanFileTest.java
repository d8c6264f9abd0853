package io.etcdmedic.repair.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.apiserver.ApiName;
import io.etcdmedic.apiserver.ApiServer;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.repair.plan.ApiChange;
import io.etcdmedic.repair.plan.Binding;
import io.etcdmedic.repair.plan.Check;
import io.etcdmedic.repair.plan.ClusterChange;
import io.etcdmedic.repair.plan.Expect;
import io.etcdmedic.repair.plan.Frame;
import io.etcdmedic.repair.plan.HostChange;
import io.etcdmedic.repair.plan.Inverse;
import io.etcdmedic.repair.plan.KeyChange;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.PlanId;
import io.etcdmedic.repair.plan.Precondition;
import io.etcdmedic.repair.plan.UndoTerms;
import io.etcdmedic.repair.plan.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanFileTest {
    private static final Key KEY = new Key(Bytes.utf8("/registry/secrets/shop/\u001b\\x"));
    private static final String SECRET = "canary-1f2e";

    @TempDir
    Path folder = Path.of("");

    @Test
    void everyKindOfStepAndCheckComesBack() throws IOException {
        Path file = folder.resolve("plan.json");
        PlanFile written = PlanFile.write(file, plan());
        assertThat(PlanFile.read(file)).isEqualTo(written);
        assertThat(PlanFile.read(file).plan()).isEqualTo(plan());
        assertThat(written.sha256()).isEqualTo(Sha256.of(Bytes.owned(Files.readAllBytes(file))));
        for (Path each : List.of(file, PlanFile.values(file))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                    .isEqualTo("rw-------");
        }
        assertThat(Files.readString(file)).doesNotContain(SECRET);
    }

    @Test
    void aPlanIsNeverOverwritten() {
        Path file = folder.resolve("plan.json");
        PlanFile.write(file, plan());
        assertThatThrownBy(() -> PlanFile.write(file, plan())).isInstanceOf(Failure.Refused.class);
    }

    @Test
    void anEditIsRefusedWhateverItIs() throws IOException {
        Path file = folder.resolve("plan.json");
        PlanFile written = PlanFile.write(file, plan());
        String text = Files.readString(file);
        for (String edited : List.of(
                text + "\n",
                text.replace("\"version\": 2", "\"version\":2"),
                text.replace("\"format\": 1", "\"format\": 1, \"more\": 2"),
                text.replace("\"is\": \"Check.Always\"", "\"is\": \"java.lang.Runtime\""))) {
            assertThat(edited).isNotEqualTo(text);
            Files.writeString(file, edited);
            assertThatThrownBy(() -> PlanFile.read(file)).isInstanceOf(Failure.Refused.class);
        }
        Files.writeString(file, text.replace("shop", "shoq"));
        PlanFile other = PlanFile.read(file);
        assertThatThrownBy(() -> other.approved(written.sha256().hex(), file))
                .isInstanceOf(Failure.Refused.class)
                .hasMessageContaining("edited or replaced");
    }

    /// A bit anywhere, two hundred times: whatever is read then is not what was approved, and values are those of
    /// the plan or none.
    @Test
    void noFlippedBitPasses() throws IOException {
        Path file = folder.resolve("plan.json");
        PlanFile written = PlanFile.write(file, plan());
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int unapproved = 0;
        byte[] plan = Files.readAllBytes(file);
        for (int n = 0; n < 200; n++) {
            int i = random.nextInt(plan.length);
            Files.write(file, flipped(plan, i, random));
            try {
                PlanFile read = PlanFile.read(file);
                assertThatThrownBy(() -> read.approved(written.sha256().hex(), file))
                        .as("seed %d, byte %d of the plan", seed, i)
                        .isInstanceOf(Failure.Refused.class);
                unapproved++;
            } catch (Failure.Refused refused) {
                // Not even a plan any more.
            }
        }
        assertThat(unapproved).isPositive();
        Files.write(file, plan);
        byte[] values = Files.readAllBytes(PlanFile.values(file));
        for (int n = 0; n < 50; n++) {
            int i = random.nextInt(values.length);
            Files.write(PlanFile.values(file), flipped(values, i, random));
            try {
                assertThat(PlanFile.read(file).plan())
                        .as("seed %d, byte %d of the values", seed, i)
                        .isEqualTo(written.plan());
            } catch (Failure.Refused refused) {
                // As it should be.
            }
        }
    }

    private static byte[] flipped(byte[] bytes, int at, Random random) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) (1 << random.nextInt(8));
        return flipped;
    }

    @Test
    void eachFaultHasItsOwnMessage() throws IOException {
        Path file = folder.resolve("plan.json");
        PlanFile.write(file, plan());
        String text = Files.readString(file);
        Files.writeString(file, text.replace("\"format\": 1", "\"format\": 2"));
        assertThatThrownBy(() -> PlanFile.read(file)).hasMessageContaining("format 2");
        Files.writeString(file, "{}");
        assertThatThrownBy(() -> PlanFile.read(file)).hasMessageContaining("not a plan");
        Files.writeString(file, text);
        Path values = PlanFile.values(file);
        String kept = Files.readString(values);
        Files.writeString(values, kept.replace("Y2FuYXJ5LTFmMmU=", "AAAA"));
        assertThatThrownBy(() -> PlanFile.read(file)).hasMessageContaining("missing or was changed");
        Files.delete(values);
        assertThatThrownBy(() -> PlanFile.read(file)).hasMessageContaining("the file is missing");
    }

    private static Plan plan() {
        Entry seen = new Entry(KEY, Bytes.utf8("old"), Revision.of(5), Revision.of(9), 2, new LeaseId(-1));
        PlanDraft draft = new PlanDraft(
                "test",
                "a plan with everything",
                new Binding("cdf8", List.of("1", "2"), Revision.of(12), "3.4.23", Optional.of("uid-1")));
        Check check = Check.all(
                new Check.Absent(KEY),
                Check.any(new Check.Present(KEY), new Check.Holds(KEY, Sha256.of(Bytes.EMPTY))),
                Check.not(new Check.Field(KEY, "/spec/cidrs", "[\"10.43.0.0/16\"]")),
                new Check.Condition(KEY, "Ready", "True"),
                new Check.ApiReady(),
                new Check.FileHolds("/etc/x", Sha256.of(Bytes.EMPTY)),
                new Check.FileAbsent("/etc/y"),
                new Check.Succeeds(List.of("/bin/true", "a b")),
                new Check.Named("servicecidr.done", Map.of("a", "b")));
        Frame frame = Frame.of("delete \"it\"", "secret shop/x")
                .when(check)
                .requiring(new Precondition(new Check.Never(), "never"))
                .waiting(new Wait("it", check, new Check.Never(), Duration.ofSeconds(90), Wait.Late.GO_ON));
        ApiName name = new ApiName("", "v1", "secrets", "shop", "x");
        ApiServer.Same same = new ApiServer.Same("uid-2", Optional.of("9"));
        HostChange.Ownership owner = new HostChange.Ownership(0, 999, 0640);
        draft.note("n").warn("w").require(new Check.Always(), "o").archive(KEY).thenDo("t");
        draft.undo(new UndoTerms(List.of("b"), List.of("r"))).curesNoSpace().undoing("ab");
        draft.step(KeyChange.of(frame, KeyChange.Edit.replace(seen, draft.value(Bytes.utf8(SECRET)))))
                .step(KeyChange.of(
                        frame.inverse(new Inverse.Needless("n")),
                        new KeyChange.Edit(KEY, new Expect.Meeting(check), new KeyChange.Effect.Delete())))
                .step(KeyChange.of(frame, new KeyChange.Edit(KEY, new Expect.Absent(), new KeyChange.Effect.Delete())))
                .step(new ApiChange.Create(frame, name, KEY, draft.value(Bytes.utf8("{}")), check))
                .step(new ApiChange.Delete(frame, name, KEY, Optional.of(same), Optional.empty()))
                .step(new ApiChange.Patch(
                        frame,
                        name,
                        KEY,
                        same,
                        ApiServer.PatchType.MERGE,
                        draft.value(Bytes.utf8("{}")),
                        Optional.empty()))
                .step(new HostChange.Access(frame, "/etc/x", owner, owner))
                .step(new HostChange.Content(
                        frame, "/etc/x", Optional.empty(), Optional.of(draft.value(Bytes.utf8("c"))), owner))
                .step(new HostChange.Command(frame, List.of("/bin/x"), check, List.of()))
                .step(new ClusterChange.Compact(frame.inverse(new Inverse.Impossible("gone")), Revision.of(3)))
                .step(new ClusterChange.Defragment(frame, "1", "https://a"))
                .step(new ClusterChange.Disarm(frame, "1", "NOSPACE"));
        return draft.build(new PlanId("00112233445566778899aabbccddeeff"), Instant.parse("2026-07-01T12:00:00.123Z"));
    }
}

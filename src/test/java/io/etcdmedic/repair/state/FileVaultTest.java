package io.etcdmedic.repair.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.archive.Archive;
import io.etcdmedic.archive.ArchiveWriter;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.repair.Vault;
import io.etcdmedic.repair.plan.Binding;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.PlanId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileVaultTest {
    private static final Entry ENTRY =
            new Entry(Key.of("/registry/a"), Bytes.utf8("value"), Revision.of(2), Revision.of(3), 2, LeaseId.NONE);

    @TempDir
    Path folder = Path.of("");

    @Test
    void whatIsKeptComesBackByItsHash() throws IOException {
        FileVault vault = vault();
        Vault.Kept kept = vault.keep(plan(), Revision.of(9), List.of(ENTRY), Map.of("/etc/x", Bytes.utf8("file")));
        assertThat(vault.value(kept, ENTRY.key(), Sha256.of(ENTRY.value()))).contains(ENTRY.value());
        assertThat(vault.value(kept, ENTRY.key(), Sha256.of(Bytes.EMPTY))).isEmpty();
        assertThat(vault.file(kept, "/etc/x")).contains(Bytes.utf8("file"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(kept.file()))))
                .isEqualTo("rw-------");
    }

    /// A disk that gives back other bytes than it took: nothing may be sent on the strength of such an archive.
    @Test
    void whatTheDiskDoesNotGiveBackIsNotKept() throws IOException {
        FileVault vault = vault();
        Plan plan = plan();
        Path file = Path.of(
                vault.keep(plan, Revision.of(9), List.of(ENTRY), Map.of()).file());
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 4;
        Files.write(file, bytes);
        assertThatThrownBy(() -> vault.keep(plan, Revision.of(9), List.of(ENTRY), Map.of()))
                .isInstanceOf(Failure.class);
    }

    /// An archive that is whole and holds something else, as a writer with a fault in it would leave.
    @Test
    void anArchiveOfOtherThingsIsNotTheOneThatWasMeant() {
        Vault.Kept kept = vault().keep(plan(), Revision.of(9), List.of(ENTRY), Map.of("/etc/x", Bytes.utf8("file")));
        Archive archive = Archive.open(Path.of(kept.file()));
        Map<String, Bytes> files = Map.of("/etc/x", Bytes.utf8("file"));
        assertThatCode(() -> FileVault.requireSame(archive, List.of(ENTRY), files))
                .doesNotThrowAnyException();
        Entry moved = new Entry(ENTRY.key(), ENTRY.value(), ENTRY.createRevision(), Revision.of(4), 3, ENTRY.lease());
        Entry other = new Entry(
                ENTRY.key(),
                Bytes.utf8("valuf"),
                ENTRY.createRevision(),
                ENTRY.modRevision(),
                ENTRY.version(),
                ENTRY.lease());
        for (List<Entry> meant : List.of(List.of(moved), List.of(other), List.<Entry>of(), List.of(ENTRY, moved))) {
            assertThatThrownBy(() -> FileVault.requireSame(archive, meant, files))
                    .hasMessageContaining("other bytes than were written");
        }
        assertThatThrownBy(() -> FileVault.requireSame(archive, List.of(ENTRY), Map.of("/etc/x", Bytes.utf8("filf"))))
                .hasMessageContaining("other bytes than were written");
    }

    /// Whole and sealed, and not the one that the journal names.
    @Test
    void anotherArchiveUnderTheSameNameIsNotRead() throws IOException {
        FileVault vault = vault();
        Vault.Kept kept = vault.keep(plan(), Revision.of(9), List.of(ENTRY), Map.of());
        Vault.Kept other = vault.keep(plan(), Revision.of(10), List.of(ENTRY), Map.of());
        Files.copy(Path.of(other.file()), Path.of(kept.file()), StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> vault.value(kept, ENTRY.key(), Sha256.of(ENTRY.value())))
                .isInstanceOf(Failure.Refused.class)
                .hasMessageContaining("as the journal says");
    }

    @Test
    void aPlanIsTheOneThatTheJournalNames() throws IOException {
        FileVault vault = vault();
        Plan plan = plan();
        Sha256 hash = vault.keep(plan);
        assertThat(vault.keep(plan)).isEqualTo(hash);
        assertThat(vault.plan(plan.id().hex(), Optional.of(hash.hex()))).isEqualTo(plan);
        assertThatThrownBy(() -> vault.plan(plan.id().hex(), Optional.of("0".repeat(64))))
                .isInstanceOf(Failure.Refused.class);
        assertThatThrownBy(() -> vault.plan("f".repeat(32), Optional.empty())).hasMessageContaining("is missing");
    }

    private FileVault vault() {
        return new FileVault(
                new StateFolder(folder.resolve("state")).forWriting(),
                Clock.fixed(Instant.parse("2026-07-01T12:00:00Z"), ZoneOffset.UTC),
                ArchiveWriter.View.NONE);
    }

    private static Plan plan() {
        return new PlanDraft("test", "t", new Binding("", List.of(), Revision.of(1), "", Optional.empty()))
                .build(PlanId.random(new Random()), Instant.parse("2026-07-01T12:00:00Z"));
    }
}

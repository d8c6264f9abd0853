package io.etcdmedic.repair.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.repair.plan.Expect;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLedgerTest {
    private static final String ENTRY = "00112233445566778899aabbccddeeff";

    @TempDir
    Path folder = Path.of("");

    @Test
    void whatWasAppendedIsReadAgain() throws IOException {
        List<Record> written = write();
        assertThat(JournalFile.read(journal()).records()).isEqualTo(written);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(journal())))
                .isEqualTo("rw-------");
        try (FileLedger again = open()) {
            again.append(Record.of(ENTRY, Event.END));
            assertThat(again.records()).hasSize(written.size() + 1);
        }
        assertThat(JournalFile.read(journal()).requireWhole().lines().getLast().sequence())
                .isEqualTo(written.size() + 1L);
    }

    @Test
    void aTornTailIsCutAndNotedWhereverItBroke() throws IOException {
        List<Record> written = write();
        byte[] whole = Files.readAllBytes(journal());
        int before = Bytes.owned(whole).slice(0, whole.length - 1).toUtf8().lastIndexOf('\n') + 1;
        for (int length = before + 1; length < whole.length - 1; length++) {
            Files.write(journal(), Bytes.owned(whole).slice(0, length).toArray());
            assertThat(JournalFile.read(journal()).tail()).isEqualTo(JournalFile.Tail.TORN);
            try (FileLedger again = open()) {
                assertThat(again.records()).hasSize(written.size());
                assertThat(again.records().getLast().event()).isEqualTo(Event.NOTE);
                assertThat(again.records().subList(0, written.size() - 1))
                        .isEqualTo(written.subList(0, written.size() - 1));
            }
        }
    }

    @Test
    void aLineWithoutItsLineFeedIsStillARecord() throws IOException {
        List<Record> written = write();
        byte[] whole = Files.readAllBytes(journal());
        Files.write(journal(), Bytes.owned(whole).slice(0, whole.length - 1).toArray());
        try (FileLedger again = open()) {
            assertThat(again.records()).isEqualTo(written);
            again.append(Record.of(ENTRY, Event.END));
        }
        assertThat(JournalFile.read(journal()).requireWhole().lines()).hasSize(written.size() + 1);
    }

    @Test
    void anEditedLineStopsEveryWriteAndIsStillRead() throws IOException {
        write();
        byte[] whole = Files.readAllBytes(journal());
        for (int i = 0; i < whole.length; i++) {
            byte[] edited = whole.clone();
            edited[i] ^= 1;
            Files.write(journal(), edited);
            assertThatThrownBy(() -> open().close())
                    .as("byte %d", i)
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("chain");
        }
    }

    @Test
    void lostSwappedAndRepeatedLinesBreakTheChain() throws IOException {
        write();
        List<String> lines = Files.readAllLines(journal());
        for (List<String> wrong : List.of(
                List.of(lines.get(1), lines.get(2)),
                List.of(lines.get(0), lines.get(2)),
                List.of(lines.get(1), lines.get(0), lines.get(2)),
                List.of(lines.get(0), lines.get(0), lines.get(1)))) {
            Files.write(journal(), wrong);
            assertThat(JournalFile.read(journal()).broken()).isNotEmpty();
            assertThatThrownBy(this::open).isInstanceOf(Failure.Refused.class);
        }
    }

    @Test
    void onlyOneHoldsIt() throws IOException {
        try (FileLedger _ = open()) {
            assertThatThrownBy(this::open).isInstanceOf(Failure.Refused.class).hasMessageContaining("another medic");
        }
        open().close();
    }

    /// Two operators on one machine.
    @Test
    void onlyOneProcessHoldsIt() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        journal().toString(),
                        folder.resolve("lock").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = other.inputReader()) {
            assertThat(said.readLine()).isEqualTo("held");
            assertThatThrownBy(this::open).isInstanceOf(Failure.Refused.class).hasMessageContaining("another medic");
        } finally {
            other.destroyForcibly().waitFor();
        }
        // The kernel takes back what a dead process held.
        open().close();
    }

    /// Another medic: holds the journal until it is killed.
    static final class Holder {
        private Holder() {}

        public static void main(String... files) throws InterruptedException {
            try (FileLedger held = FileLedger.open(Path.of(files[0]), Path.of(files[1]), Clock.systemUTC())) {
                System.out.println(held.records().isEmpty() ? "held" : "not empty");
                Thread.sleep(Duration.ofMinutes(5));
            }
        }
    }

    /// A line that is whole and has the right number, and is another one than was written.
    @Test
    void anotherWholeLineBreaksTheChain() throws IOException {
        write();
        List<String> lines = new ArrayList<>(Files.readAllLines(journal()));
        lines.set(
                0,
                JournalFile.line(
                                1,
                                JournalFile.NO_HASH,
                                "",
                                Record.of(ENTRY, Event.BEGIN).at(8))
                        .toUtf8());
        Files.write(journal(), lines);
        assertThat(JournalFile.read(journal()).lines()).hasSize(1);
        assertThatThrownBy(this::open).isInstanceOf(Failure.Refused.class);
    }

    @Test
    void aLineWithAnotherNumberBreaksTheChain() throws IOException {
        Files.writeString(
                journal(),
                JournalFile.line(2, JournalFile.NO_HASH, "", Record.of(ENTRY, Event.BEGIN))
                                .toUtf8() + "\n");
        assertThatThrownBy(this::open).isInstanceOf(Failure.Refused.class);
    }

    @Test
    void aLinkIsNoJournal() throws IOException {
        Files.createSymbolicLink(journal(), Files.createFile(folder.resolve("elsewhere")));
        assertThatThrownBy(this::open).isInstanceOf(Failure.Unreachable.class);
        assertThat(folder.resolve("elsewhere")).isEmptyFile();
    }

    private List<Record> write() throws IOException {
        Files.deleteIfExists(journal());
        Record intent = Record.of(ENTRY, Event.INTENT)
                .step(0)
                .fact("op", "x\ny")
                .states(List.of(
                        new KeyState(Key.of("/registry/a"), Optional.empty()),
                        new KeyState(
                                Key.of("/registry/b\\"),
                                Optional.of(new Expect.Exactly(
                                        Revision.of(3),
                                        Revision.of(4),
                                        2,
                                        new LeaseId(-7),
                                        Sha256.of(Bytes.utf8("v")),
                                        1)))));
        try (FileLedger ledger = open()) {
            ledger.append(Record.of(ENTRY, Event.BEGIN).at(9));
            ledger.append(intent);
            ledger.append(Record.of(ENTRY, Event.FENCED).step(0).at(10));
            return ledger.records();
        }
    }

    private FileLedger open() {
        return FileLedger.open(journal(), folder.resolve("lock"), Clock.systemUTC());
    }

    private Path journal() {
        return folder.resolve("journal.jsonl");
    }
}

package io.etcdmedic.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.KeyspaceContract;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.keyspace.Write;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Files that are cut, flipped and forged: an error that says where, or what the file holds; never anything else.
///
/// Takes over a second: it starts an etcd to make the small file, then reads thousands of bad copies of it.
@Timeout(600)
class HostileFileTest {
    private static final int PAGE = 4096;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    private static byte[] whole = new byte[0];
    private static List<Entry> entries = List.of();

    @BeforeAll
    static void makeSmallFile() throws Exception {
        Path saved = folder.resolve("saved.db");
        try (RealEtcd etcd = RealEtcd.start(RealEtcd.binaries().getFirst(), folder.resolve("data"))) {
            for (List<Write> writes : KeyspaceContract.SCRIPT) {
                etcd.commit(writes);
            }
            etcd.save(saved);
        }
        whole = Files.readAllBytes(saved);
        entries = read(saved).orElseThrow();
        assertThat(SnapshotCheck.of(saved).content()).isEqualTo(SnapshotCheck.Content.VERIFIED);
        assertThat(SnapshotCheck.of(saved).isSound()).isTrue();
    }

    @Test
    void whatIsNoDatabaseIsNamed() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty"));
        Path text = Files.writeString(folder.resolve("text"), "apiVersion: v1\n".repeat(2000));
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> SnapshotFile.open(empty))
                .isInstanceOf(Failure.Corrupt.class)
                .hasMessageContaining("an empty file");
        assertThatThrownBy(() -> SnapshotFile.open(text))
                .isInstanceOf(Failure.Corrupt.class)
                .hasMessageContaining("not a bbolt file");
        assertThatThrownBy(() -> SnapshotFile.open(folder))
                .isInstanceOf(Failure.Unreachable.class)
                .hasMessageContaining("a directory");
        assertThatThrownBy(() -> SnapshotFile.open(fifo))
                .isInstanceOf(Failure.Unreachable.class)
                .hasMessageContaining("a pipe");
        assertThatThrownBy(() -> SnapshotFile.open(folder.resolve("missing")))
                .isInstanceOf(Failure.Unreachable.class)
                .hasMessageContaining("no such file");
    }

    @Test
    void aCutFileIsRefused() throws IOException {
        truncations(61);
    }

    @Tag("long")
    @Test
    void everyCutFileIsRefused() throws IOException {
        truncations(1);
    }

    private static void truncations(int step) throws IOException {
        Path file = folder.resolve("cut-" + step);
        // Without its last 32 bytes the file is a copy of the database: whole, but nothing proves its content.
        for (int length = 0; length < whole.length - 32; length += step) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            int cut = length;
            assertThatThrownBy(() -> SnapshotFile.open(file))
                    .as("cut to %d", cut)
                    .isInstanceOf(Failure.Corrupt.class);
            salvage(file);
        }
    }

    @Test
    void aCutHashAndAnAddedByteAreFound() throws IOException {
        Path file = folder.resolve("stray");
        for (int stray = -31; stray < 40; stray++) {
            Files.write(file, java.util.Arrays.copyOf(whole, whole.length + stray));
            assertThat(isSound(file)).as("%d bytes more", stray).isEqualTo(stray == 0);
        }
    }

    @Test
    void aFlippedBitIsFoundByItsHash() throws IOException {
        flips(499);
    }

    @Tag("long")
    @Test
    void everyFlippedBitIsFoundByItsHash() throws IOException {
        flips(1);
    }

    private static void flips(int step) throws IOException {
        Path sealed = Files.write(folder.resolve("sealed-" + step), whole);
        Path bare = Files.write(folder.resolve("bare-" + step), java.util.Arrays.copyOf(whole, whole.length - 32));
        for (long bit = 0; bit < (whole.length - 32) * 8L; bit += step) {
            flip(sealed, bit);
            flip(bare, bit);
            assertThat(isSound(sealed)).as("bit %d", bit).isFalse();
            isSound(bare);
            read(bare);
            salvage(bare);
            flip(sealed, bit);
            flip(bare, bit);
        }
        assertThat(Files.readAllBytes(sealed)).isEqualTo(whole);
        assertThat(read(bare)).contains(entries);
    }

    /// Every 32-bit field of each page's header and first elements, at the boundaries of what it can be.
    @Test
    void aForgedFieldIsAnErrorOrHarmless() throws IOException {
        int[] values = {
            0, 1, 2, 3, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, PAGE - 1, PAGE + 1, 0xffff, whole.length + 1
        };
        byte[] data = java.util.Arrays.copyOf(whole, whole.length - 32);
        Path file = Files.write(folder.resolve("forged"), data);
        for (int page = 0; page < data.length / PAGE; page++) {
            for (int field = 0; field < 96; field += 4) {
                int at = page * PAGE + field;
                for (int value : values) {
                    patch(
                            file,
                            at,
                            ByteBuffer.allocate(4)
                                    .order(ByteOrder.LITTLE_ENDIAN)
                                    .putInt(0, value));
                    read(file);
                    isSound(file);
                    salvage(file);
                }
                patch(file, at, ByteBuffer.wrap(data, at, 4));
            }
        }
        assertThat(read(file)).contains(entries);
    }

    @Test
    void whenOneMetaIsBadTheOtherCounts() throws IOException {
        byte[] data = java.util.Arrays.copyOf(whole, whole.length - 32);
        for (int meta = 0; meta < 2; meta++) {
            byte[] bad = data.clone();
            bad[meta * PAGE + 20] ^= 1;
            Path file = Files.write(folder.resolve("meta" + meta), bad);
            assertThat(read(file)).as("without meta %d", meta).isPresent();
            assertThat(SnapshotCheck.of(file).isSound()).isFalse();
        }
    }

    @Test
    void withoutMetasTheKeysAreSalvagedFromThePages() throws IOException {
        byte[] bad = java.util.Arrays.copyOf(whole, whole.length - 32);
        java.util.Arrays.fill(bad, 0, 2 * PAGE, (byte) 0);
        Path file = Files.write(folder.resolve("no-metas"), bad);
        assertThatThrownBy(() -> SnapshotFile.open(file)).isInstanceOf(Failure.Corrupt.class);
        try (SalvagedKeyspace salvaged = Salvage.of(file)) {
            assertThat(all(salvaged.scan(KeyRange.all(), Scan.values()))).isEqualTo(entries);
            assertThat(salvaged.found())
                    .extracting(SalvagedKeyspace.Found::certainty)
                    .containsOnly(Salvage.Certainty.FREED);
        }
    }

    @Test
    void whatALostBranchLedToIsSalvaged() throws IOException {
        byte[] data = Files.readAllBytes(FixtureTest.Fixture.HEALTHY.database());
        int branches = 0;
        for (int page = 2; page < data.length / PAGE; page++) {
            if (data[page * PAGE + 8] == 1) {
                java.util.Arrays.fill(data, page * PAGE, (page + 1) * PAGE, (byte) 0);
                branches++;
            }
        }
        assertThat(branches).isPositive();
        Path file = Files.write(folder.resolve("no-branches"), data);
        assertThatThrownBy(() -> read(file).orElseThrow()).isNotNull();
        try (SnapshotKeyspace original = SnapshotFile.open(FixtureTest.Fixture.HEALTHY.database());
                SalvagedKeyspace salvaged = Salvage.of(file)) {
            assertThat(salvaged.faultCount()).isPositive();
            for (Entry entry : all(original.scan(KeyRange.all(), Scan.values()))) {
                assertThat(salvaged.get(entry.key())).contains(entry);
            }
        }
    }

    @Test
    void salvagingAWholeFileFindsWhatIsThere() throws IOException {
        try (SnapshotKeyspace original = SnapshotFile.open(FixtureTest.Fixture.HEALTHY.database());
                SalvagedKeyspace salvaged = Salvage.of(FixtureTest.Fixture.HEALTHY.database())) {
            List<Entry> expected = all(original.scan(KeyRange.all(), Scan.values()));
            assertThat(expected)
                    .allSatisfy(e -> assertThat(salvaged.get(e.key())).contains(e));
            assertThat(expected)
                    .allSatisfy(
                            e -> assertThat(salvaged.find(e.key()).orElseThrow().certainty())
                                    .isEqualTo(Salvage.Certainty.REACHABLE));
            assertThat(salvaged.faultCount()).isZero();
        }
    }

    @Test
    void aBranchThatLeadsToItselfEnds() throws IOException {
        byte[] data = Files.readAllBytes(FixtureTest.Fixture.HEALTHY.database());
        ByteBuffer pages = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        for (int page = 2; page < data.length / PAGE; page++) {
            if (data[page * PAGE + 8] == 1) {
                for (int i = 0; i < pages.getShort(page * PAGE + 10); i++) {
                    pages.putLong(page * PAGE + 16 + i * 16 + 8, page);
                }
            }
        }
        Path file = Files.write(folder.resolve("cycle"), data);
        assertThat(read(file)).isEmpty();
        SnapshotCheck check = SnapshotCheck.of(file);
        assertThat(check.structure().faults())
                .anySatisfy(fault -> assertThat(fault.found()).contains("two parents"));
        salvage(file);
    }

    private static Optional<List<Entry>> read(Path file) {
        try (SnapshotKeyspace keyspace = SnapshotFile.open(file)) {
            List<Entry> found = all(keyspace.scan(KeyRange.all(), Scan.values()));
            keyspace.hash(Optional.empty());
            keyspace.facts();
            return Optional.of(found);
        } catch (Failure.Corrupt corrupt) {
            assertThat(corrupt).hasMessageContaining(file.toString());
            return Optional.empty();
        }
    }

    private static boolean isSound(Path file) {
        try {
            return SnapshotCheck.of(file).isSound();
        } catch (Failure.Corrupt corrupt) {
            return false;
        }
    }

    private static void salvage(Path file) {
        try (SalvagedKeyspace salvaged = Salvage.of(file)) {
            salvaged.found();
            all(salvaged.scan(KeyRange.all(), Scan.values()));
        } catch (Failure.Corrupt nothingLeft) {
            assertThat(nothingLeft).hasMessageContaining(file.toString());
        }
    }

    private static List<Entry> all(Entries found) {
        List<Entry> all = new ArrayList<>();
        try (found) {
            found.forEachRemaining(all::add);
        }
        return all;
    }

    private static void flip(Path file, long bit) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.read(one, bit / 8);
            one.put(0, (byte) (one.get(0) ^ 1 << bit % 8)).rewind();
            channel.write(one, bit / 8);
        }
    }

    private static void patch(Path file, int at, ByteBuffer bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(bytes, at);
        }
    }
}

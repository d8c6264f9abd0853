package io.etcdmedic.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.snapshot.Salvage.Certainty;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How far a salvaged key is believed, on a file in which keys were deleted and compacted away.
///
/// Takes some seconds: it starts a real etcd.
class SalvageTest {
    private static final int KEYS = 300;
    private static final int PAGE = 4096;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void whatWasDeletedIsNotBroughtBackUnlessAskedFor() throws Exception {
        List<Entry> live;
        Path whole = withDeletedKeys();
        try (SnapshotKeyspace original = SnapshotFile.open(whole)) {
            live = all(original);
        }
        Path stale = withPagesOf(whole, folder.resolve("before.db"));
        try (SalvagedKeyspace salvaged = Salvage.of(stale)) {
            assertThat(salvaged.keysWith(Certainty.FREED))
                    .as("deleted keys that lie in free pages still")
                    .isPositive();
            assertThat(all(salvaged)).hasSizeGreaterThan(live.size());
            assertThat(all(salvaged.believing(Certainty.ORPHAN))).isEqualTo(live);
            assertThat(all(salvaged.believing(Certainty.REACHABLE))).isEqualTo(live);
        }
    }

    @Test
    void whatIsNewerThanTheCompactionWasLost() throws Exception {
        Path whole = withDeletedKeys();
        List<Entry> live;
        long compacted;
        try (SnapshotKeyspace original = SnapshotFile.open(whole)) {
            live = all(original);
            compacted = original.compaction().revision();
        }
        Path damaged = withoutBranchesOfKeys(whole);
        try (SalvagedKeyspace salvaged = Salvage.of(damaged).believing(Certainty.ORPHAN)) {
            List<Entry> believed = all(salvaged);
            assertThat(believed).isSubsetOf(live).containsAll(newerThan(live, compacted));
            assertThat(salvaged.keysWith(Certainty.ORPHAN)).isPositive();
            assertThat(all(salvaged.believing(Certainty.FREED))).containsAll(live);
        }
    }

    private static List<Entry> newerThan(List<Entry> entries, long revision) {
        return entries.stream().filter(e -> e.modRevision().number() > revision).toList();
    }

    /// A third of the keys is deleted, the history of that compacted, and then some keys are written anew.
    private Path withDeletedKeys() throws Exception {
        Path saved = folder.resolve("saved.db");
        try (RealEtcd etcd = RealEtcd.start(RealEtcd.binaries().getFirst(), folder.resolve("data"))) {
            put(etcd, 0, KEYS);
            etcd.save(folder.resolve("before.db"));
            for (int i = 0; i < KEYS; i += 3) {
                etcd.commit(List.of(new Write.Delete(key(i))));
            }
            etcd.compact(etcd.revision());
            etcd.defragment();
            put(etcd, KEYS, KEYS + 40);
            etcd.save(saved);
        }
        return saved;
    }

    private static void put(RealEtcd etcd, int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            Bytes value = Bytes.utf8(("value-" + i + "-").repeat(40));
            etcd.commit(List.of(new Write.Put(key(i), value, LeaseId.NONE)));
        }
    }

    private static Key key(int i) {
        return Key.of("/registry/configmaps/default/c%04d".formatted(i));
    }

    /// The file with the leaves of an older one behind its own pages, as bbolt leaves them in pages that it has freed.
    private Path withPagesOf(Path file, Path older) throws Exception {
        byte[] data = Files.readAllBytes(file);
        byte[] old = Files.readAllBytes(older);
        int pages = data.length / PAGE;
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.write(data, 0, pages * PAGE);
        for (int page = 2; page < old.length / PAGE; page++) {
            ByteBuffer leaf = ByteBuffer.wrap(old, page * PAGE, PAGE).slice().order(ByteOrder.LITTLE_ENDIAN);
            if (leaf.getShort(8) == 2 && leaf.getInt(12) == 0) {
                leaf.putLong(0, pages++);
                joined.write(old, page * PAGE, PAGE);
            }
        }
        return Files.write(folder.resolve("stale.db"), joined.toByteArray());
    }

    /// Zeroes every branch page: the metas and the root bucket's leaf stay, the keys' leaves are no longer reached.
    private Path withoutBranchesOfKeys(Path whole) throws Exception {
        byte[] data = Files.readAllBytes(whole);
        ByteBuffer pages = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        for (int page = 2; page < data.length / PAGE; page++) {
            if (pages.getShort(page * PAGE + 8) == 1) {
                Arrays.fill(data, page * PAGE, (page + 1) * PAGE, (byte) 0);
            }
        }
        return Files.write(folder.resolve("damaged.db"), data);
    }

    private static List<Entry> all(Keyspace keyspace) {
        List<Entry> all = new ArrayList<>();
        try (Entries entries = keyspace.scan(KeyRange.all(), Scan.values())) {
            entries.forEachRemaining(all::add);
        }
        return all;
    }
}

package io.etcdmedic.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.keyspace.Write;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What real etcds of several versions answer, and what we read from their files.
///
/// Takes a few seconds a version: each starts an etcd and asks it for every revision.
class RealEtcdFileTest {
    private static final Key START = new Key(Bytes.hex("00"));
    private static final LeaseId LEASE = new LeaseId(0x1234567890abcdefL);
    private static final int TRANSACTIONS = 150;
    /// Each hash is a run of etcdctl.
    private static final int HASH_EVERY = 11;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    static List<Path> binaries() {
        assertThat(RealEtcd.binaries()).as("an etcd on PATH").isNotEmpty();
        return RealEtcd.binaries();
    }

    @ParameterizedTest
    @MethodSource("binaries")
    void everyRevisionAndItsHashAreWhatEtcdServes(Path binary) throws Exception {
        Random random = new Random(5);
        Path fresh = folder.resolve("fresh.db");
        Path compacted = folder.resolve("compacted.db");
        Path stopped;
        Map<Long, List<Entry>> served = new TreeMap<>();
        Map<Long, KeyspaceHash> freshHashes = new TreeMap<>();
        Map<Long, KeyspaceHash> hashes = new TreeMap<>();
        long floor;
        try (RealEtcd etcd = RealEtcd.start(binary, folder.resolve("data"))) {
            etcd.grant(LEASE, 4000);
            write(etcd, random);
            floor = etcd.revision() / 2;
            for (long r = 2; r <= etcd.revision(); r++) {
                served.put(r, etcd.range(START, OptionalLong.of(r)));
                if (r % HASH_EVERY == 0) {
                    freshHashes.put(r, etcd.hash(r));
                }
            }
            etcd.save(fresh);
            etcd.compact(floor);
            etcd.defragment();
            // At the compaction's own revision 3.4 refuses, and later ones answer from what they kept before it.
            for (long r = floor + 1; r <= etcd.revision(); r += HASH_EVERY) {
                hashes.put(r, etcd.hash(r));
            }
            etcd.save(compacted);
            stopped = etcd.database();
            assertThatThrownBy(() -> SnapshotFile.open(stopped))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("holds it");
        }
        compare(fresh, served, freshHashes, 1);
        served.keySet().removeIf(r -> r < floor);
        compare(compacted, served, hashes, floor);
        compare(stopped, served, hashes, floor);
    }

    private static void compare(Path file, Map<Long, List<Entry>> served, Map<Long, KeyspaceHash> hashes, long floor)
            throws Exception {
        Sha256 before = Sha256.of(Bytes.owned(Files.readAllBytes(file)));
        try (SnapshotKeyspace keyspace = SnapshotFile.open(file)) {
            assertThat(keyspace.oldest().number()).isEqualTo(floor);
            for (Map.Entry<Long, List<Entry>> at : served.entrySet()) {
                Revision revision = Revision.of(at.getKey());
                assertThat(all(keyspace, revision))
                        .as("%s at %s", file, revision)
                        .isEqualTo(at.getValue());
            }
            for (Map.Entry<Long, KeyspaceHash> at : hashes.entrySet()) {
                assertThat(keyspace.hash(Optional.of(Revision.of(at.getKey()))))
                        .as("hash of %s at %d", file, at.getKey())
                        .isEqualTo(at.getValue());
            }
            if (floor > 1) {
                assertThatThrownBy(() -> all(keyspace, Revision.of(floor - 1))).isInstanceOf(Failure.Compacted.class);
            }
            assertThat(keyspace.facts().leases()).containsExactly(new SnapshotFacts.Lease(LEASE, 4000));
            assertThat(keyspace.facts().members()).hasSize(1);
            assertThat(keyspace.facts().faults()).isEmpty();
            assertThat(keyspace.facts().consistentIndex().orElseThrow()).isGreaterThan(TRANSACTIONS);
        }
        assertThat(Sha256.of(Bytes.owned(Files.readAllBytes(file)))).isEqualTo(before);
    }

    @Test
    void theFixturesAreWhatEtcdServesAfterRestoringThem() throws Exception {
        for (FixtureTest.Fixture fixture : FixtureTest.Fixture.values()) {
            Path data = folder.resolve(fixture.name());
            RealEtcd.restore(fixture.database(), data);
            try (RealEtcd etcd = RealEtcd.start(binaries().getFirst(), data);
                    SnapshotKeyspace keyspace = SnapshotFile.open(fixture.database())) {
                long last = etcd.revision();
                assertThat(keyspace.revision().number()).isEqualTo(last);
                // Every twentieth revision: each answer is the whole keyspace.
                for (long r = keyspace.oldest().number(); r <= last; r += 20) {
                    assertThat(all(keyspace, Revision.of(r)))
                            .as("%s at %d", fixture, r)
                            .isEqualTo(etcd.range(START, OptionalLong.of(r)));
                }
                assertThat(all(keyspace, Revision.of(last))).isEqualTo(etcd.range(START, OptionalLong.empty()));
                assertThat(keyspace.hash(Optional.empty())).isEqualTo(etcd.hash(last));
            }
        }
    }

    private static void write(RealEtcd etcd, Random random) throws Exception {
        for (int i = 0; i < TRANSACTIONS; i++) {
            Map<Key, Write> writes = new TreeMap<>();
            for (int j = 0; j <= random.nextInt(3); j++) {
                Key key = Key.of("/k/" + random.nextInt(25));
                byte[] value = new byte[random.nextInt(10) == 0 ? 9000 : random.nextInt(300)];
                random.nextBytes(value);
                writes.put(
                        key,
                        random.nextInt(3) == 0
                                ? new Write.Delete(key)
                                : new Write.Put(
                                        key, Bytes.owned(value), random.nextInt(9) == 0 ? LEASE : LeaseId.NONE));
            }
            etcd.commit(List.copyOf(writes.values()));
        }
    }

    private static List<Entry> all(SnapshotKeyspace keyspace, Revision at) {
        List<Entry> all = new ArrayList<>();
        try (Entries entries = keyspace.scan(KeyRange.all(), Scan.values().at(at))) {
            entries.forEachRemaining(all::add);
        }
        return all;
    }
}

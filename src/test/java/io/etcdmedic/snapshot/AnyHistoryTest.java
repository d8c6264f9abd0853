package io.etcdmedic.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Gone;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A life that a seed makes up: transactions of several keys, deletions of ranges, leases that are revoked,
/// compactions, defragmentations, restarts and an end by SIGKILL. Its file is compared with what etcd served
/// while it lived.
///
/// Takes some seconds: it starts each etcd of the machine, and asks it for every revision. `-Dmedic.seeds=100` tries
/// more.
class AnyHistoryTest {
    private static final Key START = new Key(Bytes.hex("00"));
    private static final int STEPS = 100;
    private static final int FIRST_SEED = 1;
    private static final int HUGE_BYTES = 1_400_000;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private final TreeMap<Long, List<Entry>> served = new TreeMap<>();
    private final Map<Long, KeyspaceHash> hashes = new TreeMap<>();
    private final List<LeaseId> leases = new ArrayList<>();
    private long floor = 1;
    private long last = 1;

    static List<Path> binaries() {
        return RealEtcd.binaries();
    }

    @ParameterizedTest
    @MethodSource("binaries")
    void whatTheFileHoldsIsWhatWasServed(Path binary) throws Exception {
        int seeds = Integer.getInteger("medic.seeds", 1);
        int first = Integer.getInteger("medic.seed", FIRST_SEED);
        for (int seed = first; seed < first + seeds; seed++) {
            live(binary, seed);
        }
    }

    private void live(Path binary, int seed) throws Exception {
        Random random = new Random(seed);
        served.clear();
        hashes.clear();
        leases.clear();
        floor = 1;
        last = 1;
        String name = "seed " + seed + " of " + binary;
        Path data = folder.resolve("data" + seed);
        Path saved = folder.resolve(seed + ".db");
        RealEtcd etcd = RealEtcd.start(binary, data);
        try {
            for (int step = 0; step < STEPS; step++) {
                step(etcd, random);
                if (random.nextInt(60) == 0) {
                    etcd.close();
                    etcd = RealEtcd.start(binary, data);
                }
            }
            served.keySet().removeIf(revision -> revision < floor);
            for (long revision = floor + 1; revision <= last; revision += 1 + random.nextInt(40)) {
                hashes.put(revision, etcd.hash(revision));
            }
            etcd.save(saved);
            compare(name, saved, last);
            // What the backend has not written within its interval of 100 ms is lost.
            etcd.signal("KILL");
        } finally {
            etcd.close();
        }
        try (SnapshotKeyspace killed = SnapshotFile.open(etcd.database())) {
            long kept = killed.revision().number();
            served.keySet().removeIf(revision -> revision > kept);
            hashes.keySet().removeIf(revision -> revision > kept);
            if (killed.oldest().number() == floor) {
                compare(name + ", killed", etcd.database(), kept);
            }
        }
    }

    private void step(RealEtcd etcd, Random random) throws Exception {
        switch (random.nextInt(20)) {
            case 0 -> {
                LeaseId lease = new LeaseId(random.nextLong() & Long.MAX_VALUE | 1);
                etcd.grant(lease, 1000 + random.nextInt(1000));
                leases.add(lease);
            }
            case 1 -> {
                if (!leases.isEmpty()) {
                    etcd.revoke(leases.remove(random.nextInt(leases.size())));
                }
            }
            case 2 -> {
                if (last > floor + 1 && random.nextInt(2) == 0) {
                    floor += 1 + random.nextInt((int) (last - floor));
                    etcd.compact(floor);
                }
            }
            case 3 -> {
                if (random.nextInt(3) == 0) {
                    etcd.defragment();
                }
            }
            case 4 -> {
                if (random.nextInt(3) == 0) {
                    etcd.commitRaw(List.of(put(key(random.nextInt(40)), new byte[HUGE_BYTES], 0)));
                }
            }
            default -> etcd.commitRaw(operations(random));
        }
        last = etcd.revision();
        served.put(last, etcd.range(START, OptionalLong.empty()));
    }

    /// Keys of one transaction must differ, as etcd demands; ranges of deletions may meet nothing.
    private List<String> operations(Random random) {
        List<String> operations = new ArrayList<>();
        if (random.nextInt(8) == 0) {
            Bytes from = key(random.nextInt(40));
            Bytes end = key(random.nextInt(40));
            return List.of("{\"requestDeleteRange\":{\"key\":\"%s\",\"range_end\":\"%s\"}}"
                    .formatted(RealEtcd.base64(from), RealEtcd.base64(end)));
        }
        Set<Bytes> keys = new TreeSet<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            keys.add(key(random.nextInt(40)));
        }
        for (Bytes key : keys) {
            if (random.nextInt(4) == 0) {
                operations.add("{\"requestDeleteRange\":{\"key\":\"%s\"}}".formatted(RealEtcd.base64(key)));
            } else {
                long lease = leases.isEmpty() || random.nextInt(3) > 0
                        ? 0
                        : leases.get(random.nextInt(leases.size())).id();
                operations.add(put(key, value(random), lease));
            }
        }
        return operations;
    }

    private static String put(Bytes key, byte[] value, long lease) {
        return "{\"requestPut\":{\"key\":\"%s\",\"value\":\"%s\",\"lease\":\"%d\"}}"
                .formatted(RealEtcd.base64(key), RealEtcd.base64(Bytes.owned(value)), lease);
    }

    /// Bytes of every kind, also those that no text has, and keys that begin like others.
    private static Bytes key(int i) {
        byte[] key = new byte[1 + i % 5];
        Arrays.fill(key, (byte) (1 + i * 37));
        key[key.length - 1] = (byte) (i % 3 == 0 ? 0xff : i);
        key[0] |= 1;
        return Bytes.owned(key);
    }

    private static byte[] value(Random random) {
        int length = switch (random.nextInt(12)) {
            case 0 -> 0;
            case 1 -> 3000 + random.nextInt(8000);
            default -> random.nextInt(400);
        };
        byte[] value = new byte[length];
        random.nextBytes(value);
        return value;
    }

    private void compare(String name, Path file, long newest) throws Exception {
        byte[] before = Files.readAllBytes(file);
        assertThat(SnapshotCheck.of(file).isSound()).as(name).isTrue();
        try (SnapshotKeyspace keyspace = SnapshotFile.open(file)) {
            assertThat(keyspace.revision().number()).as(name).isEqualTo(newest);
            assertThat(keyspace.oldest().number()).as(name).isEqualTo(floor);
            for (Map.Entry<Long, List<Entry>> at : served.entrySet()) {
                Revision revision = Revision.of(at.getKey());
                assertThat(all(keyspace, revision))
                        .as("%s at %s", name, revision)
                        .isEqualTo(at.getValue());
                assertThat(keyspace.count(KeyRange.all(), Optional.of(revision)))
                        .as("%s at %s", name, revision)
                        .isEqualTo(at.getValue().size());
            }
            for (Map.Entry<Long, KeyspaceHash> at : hashes.entrySet()) {
                assertThat(keyspace.hash(Optional.of(Revision.of(at.getKey()))))
                        .as("%s, hash at %d", name, at.getKey())
                        .isEqualTo(at.getValue());
            }
            assertThat(gone(keyspace)).as(name).isEqualTo(goneAsServed());
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    private static Map<Key, Revision> gone(SnapshotKeyspace keyspace) {
        Map<Key, Revision> gone = new TreeMap<>();
        for (Gone one : keyspace.gone(KeyRange.all())) {
            gone.put(one.key(), one.written());
        }
        return gone;
    }

    /// Of the keys that some revision since the compaction had and the last has not, when they were last written.
    private Map<Key, Revision> goneAsServed() {
        Map<Key, Revision> values = new HashMap<>();
        served.values().forEach(entries -> entries.forEach(entry -> values.put(entry.key(), entry.modRevision())));
        served.lastEntry().getValue().forEach(entry -> values.remove(entry.key()));
        return new TreeMap<>(values);
    }

    private static List<Entry> all(SnapshotKeyspace keyspace, Revision at) {
        List<Entry> all = new ArrayList<>();
        try (Entries entries = keyspace.scan(KeyRange.all(), Scan.values().at(at))) {
            entries.forEachRemaining(all::add);
        }
        return all;
    }
}

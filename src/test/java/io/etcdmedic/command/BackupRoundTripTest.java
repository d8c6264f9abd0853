package io.etcdmedic.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.archive.ArchiveKeyspace;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.snapshot.RealEtcd;
import io.etcdmedic.snapshot.SnapshotFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Backup, delete, restore: every key of a real cluster comes back byte for byte.
class BackupRoundTripTest {
    private static final List<String> FIXTURES = List.of(
            "src/test/resources/fixtures/kubernetes-1.36/snapshot.db",
            "src/test/resources/fixtures/kubernetes-1.36-encrypted/snapshot.db",
            "src/main/resources/io/etcdmedic/snapshot/servicecidr-broken.db");

    @TempDir
    Path folder = Path.of("");

    /// Some seconds: some dozen keys go through the engine, each with its fence and its fsyncs.
    @Test
    void aNamespaceComesBackThroughTheEngine() throws IOException, InterruptedException {
        roundTrip(RealEtcd.binaries().getFirst(), FIXTURES.getFirst(), "-n", "shop");
    }

    static Stream<Arguments> every() {
        return RealEtcd.binaries().stream()
                .flatMap(binary -> FIXTURES.stream().map(fixture -> Arguments.of(binary, fixture)));
    }

    @ParameterizedTest
    @MethodSource("every")
    @Tag("long")
    void onEveryEtcdEveryKeyOfEveryFixture(Path binary, String fixture) throws IOException, InterruptedException {
        roundTrip(binary, fixture, new String[0]);
    }

    private void roundTrip(Path binary, String fixture, String... selection) throws IOException, InterruptedException {
        Path data = folder.resolve("data");
        try (RealEtcd etcd = RealEtcd.start(binary, data, List.of())) {
            load(etcd, Path.of(fixture));
            Path archive = folder.resolve("all.tar.gz");
            medic(
                    etcd,
                    0,
                    Stream.of(Stream.of("backup", "create"), Stream.of(selection), Stream.of(archive.toString()))
                            .flatMap(words -> words)
                            .toArray(String[]::new));
            medic(etcd, 0, "backup", "verify", archive.toString());
            Map<Key, Bytes> kept = values(ArchiveKeyspace.open(archive));
            assertThat(kept).hasSizeGreaterThan(50);
            if (selection.length == 0) {
                assertThat(kept).containsAllEntriesOf(values(SnapshotFile.open(Path.of(fixture))));
            }

            etcd.etcdctl(List.of("del", "--prefix", ""));
            medic(etcd, 1, "backup", "diff", archive.toString());
            apply(etcd, "restore", "--from", archive.toString(), "--max-objects", "100000");
            medic(etcd, 0, "backup", "diff", archive.toString());
            assertThat(values(etcd)).isEqualTo(kept);
        }
    }

    /// etcd 3.6 opens no database that 3.4 wrote, so every etcd gets the keys one by one.
    private static void load(RealEtcd etcd, Path fixture) throws IOException, InterruptedException {
        List<Write> writes = new ArrayList<>();
        try (Keyspace snapshot = SnapshotFile.open(fixture);
                Entries entries = snapshot.scan(KeyRange.all(), Scan.values())) {
            while (entries.hasNext()) {
                Entry entry = entries.next();
                writes.add(new Write.Put(entry.key(), entry.value(), LeaseId.NONE));
                if (writes.size() == 100 || !entries.hasNext()) {
                    etcd.commit(writes);
                    writes.clear();
                }
            }
        }
    }

    /// Without what a lease holds: leases run on while the test does.
    private static Map<Key, Bytes> values(Keyspace keyspace) {
        Map<Key, Bytes> values = new TreeMap<>();
        try (keyspace;
                Entries entries = keyspace.scan(KeyRange.all(), Scan.values())) {
            boolean all = keyspace instanceof ArchiveKeyspace;
            entries.forEachRemaining(entry -> {
                if (all || entry.lease().isNone()) {
                    values.put(entry.key(), entry.value());
                }
            });
        }
        return values;
    }

    private void apply(RealEtcd etcd, String... words) throws IOException {
        Path plan = folder.resolve("plan");
        String hex = medic(
                        etcd,
                        0,
                        Stream.concat(Stream.of(words), Stream.of("--plan", plan.toString()))
                                .toArray(String[]::new))
                .text()
                .strip();
        medic(etcd, 0, "plan", "apply", plan.toString(), "--approve", hex);
        Files.delete(plan);
        Files.deleteIfExists(folder.resolve("plan.values"));
    }

    private Ran medic(RealEtcd etcd, int status, String... words) {
        Ran ran = Ran.run(
                false,
                Map.of("ETCDCTL_ENDPOINTS", etcd.endpoint()),
                Prompt.NOBODY,
                Stream.concat(
                                Stream.of(words),
                                Stream.of("--state-dir", folder.resolve("state").toString()))
                        .toList());
        assertThat(ran.status())
                .as("%s: %s", List.of(words), ran.stderr() + ran.text())
                .isEqualTo(status);
        return ran;
    }

    private static Map<Key, Bytes> values(RealEtcd etcd) throws IOException, InterruptedException {
        Map<Key, Bytes> values = new TreeMap<>();
        for (Entry entry : etcd.range(Key.of("\u0000"), OptionalLong.empty())) {
            values.put(entry.key(), entry.value());
        }
        return values;
    }
}

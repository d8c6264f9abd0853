package io.etcdmedic.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Scan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FixtureTest {
    @ParameterizedTest
    @EnumSource(Fixture.class)
    void everyGoldenKeyStandsAtItsRevision(Fixture fixture) throws IOException {
        try (SnapshotKeyspace keyspace = SnapshotFile.open(fixture.database())) {
            for (String line : Files.readAllLines(fixture.golden())) {
                Document golden = Json.read(line);
                Entry entry = keyspace.get(Key.of(golden.text("key").orElseThrow()))
                        .orElseThrow(() -> new AssertionError(line));
                assertThat(entry.modRevision().number())
                        .as(line)
                        .isEqualTo(golden.whole("modRevision").orElseThrow());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Fixture.class)
    void aScanIsInOrderAndAgreesWithGet(Fixture fixture) {
        try (SnapshotKeyspace keyspace = SnapshotFile.open(fixture.database())) {
            List<Key> keys = new ArrayList<>();
            try (Entries entries = keyspace.scan(KeyRange.all(), Scan.values())) {
                entries.forEachRemaining(e -> {
                    keys.add(e.key());
                    assertThat(keyspace.get(e.key())).contains(e);
                });
            }
            assertThat(keys).isSorted().hasSizeGreaterThan(300);
            assertThat(keyspace.count(KeyRange.all(), java.util.Optional.empty()))
                    .isEqualTo(keys.size());
            assertThat(keyspace.faults()).isEmpty();
            assertThat(keyspace.facts().faults()).isEmpty();
            assertThat(keyspace.facts().members()).hasSize(1);
            assertThat(new TreeMap<>(keyspace.history(keys.getFirst()).stream()
                            .collect(java.util.stream.Collectors.toMap(c -> c.revision(), c -> c))))
                    .isNotEmpty();
        }
    }

    enum Fixture {
        HEALTHY("src/test/resources/fixtures/kubernetes-1.36/snapshot.db", "kubernetes-1.36"),
        ENCRYPTED("src/test/resources/fixtures/kubernetes-1.36-encrypted/snapshot.db", "kubernetes-1.36-encrypted"),
        BROKEN("src/main/resources/io/etcdmedic/snapshot/servicecidr-broken.db", "servicecidr-broken");

        private final String database;
        private final String folder;

        Fixture(String database, String folder) {
            this.database = database;
            this.folder = folder;
        }

        Path database() {
            return Path.of(database);
        }

        Path golden() {
            return Path.of("src/test/resources/fixtures", folder, "golden.jsonl");
        }
    }
}

package io.etcdmedic.codec.encryption;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.kubernetes.ObjectName;
import io.etcdmedic.kubernetes.RegistryKeys;
import io.etcdmedic.snapshot.SnapshotFile;
import io.etcdmedic.snapshot.SnapshotKeyspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What a real kube-apiserver encrypted.
class EncryptedFixtureTest {
    private static final Path FOLDER = Path.of("src/test/resources/fixtures/kubernetes-1.36-encrypted");

    @Test
    void everyValueOpensAndSealsBackUnderTheNameOfTheFirstKey() throws IOException {
        EncryptionConfiguration configuration = EncryptionConfiguration.read(
                Bytes.owned(Files.readAllBytes(FOLDER.resolve("encryption-config.yaml"))), "encryption-config.yaml");
        AtRest atRest = new AtRest(
                configuration,
                _ -> {
                    throw new AssertionError("no plugin is configured");
                },
                new SecureRandom());
        RegistryKeys registry = new RegistryKeys("/registry");
        Map<String, Integer> counts = new TreeMap<>();
        try (SnapshotKeyspace keyspace = SnapshotFile.open(FOLDER.resolve("snapshot.db"));
                Entries entries = keyspace.scan(KeyRange.all(), Scan.values())) {
            while (entries.hasNext()) {
                Entry entry = entries.next();
                Bytes path = entry.key().bytes();
                Optional<Envelope> envelope = Envelope.of(entry.value());
                if (envelope.isPresent()) {
                    ObjectName name = registry.parse(path).orElseThrow();
                    counts.merge(
                            name.resource().qualified() + " " + envelope.get().label(), 1, Integer::sum);
                    Bytes plain = atRest.open(path, Optional.of(name.resource()), entry.value());
                    assertThat(Plausible.is(plain) && Plausible.names(plain, path))
                            .as(path.toUtf8())
                            .isTrue();
                    Bytes again = atRest.seal(path, Optional.of(name.resource()), plain);
                    assertThat(atRest.open(path, Optional.of(name.resource()), again))
                            .isEqualTo(plain);
                }
            }
        }
        assertThat(counts.keySet())
                .containsExactly(
                        "configmaps secretbox, key sb",
                        "secrets aescbc, key key2",
                        "serviceaccounts aesgcm, key gcm",
                        "widgets.example.com aesgcm, key gcm");
    }
}

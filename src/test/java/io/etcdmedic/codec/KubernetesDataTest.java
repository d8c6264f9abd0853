package io.etcdmedic.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Difference;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Kubernetes' own compatibility data: every kind, fully filled, as stored bytes and as JSON.
///
/// The data is not in this repository: see MEDIC_API_TESTDATA. Without it the test is skipped and says so.
class KubernetesDataTest {
    private static final Path DATA = Path.of(
            Optional.ofNullable(System.getenv("MEDIC_API_TESTDATA")).orElse("../shared/fixtures/api-roundtrip"));

    private final Codec codec = Codec.plain();

    @Test
    void everyValueDecodesToTheJsonBesideIt() throws IOException {
        List<String> wrong = new ArrayList<>();
        int compared = 0;
        for (Path stored : files()) {
            Path json = Path.of(stored.toString().replaceFirst("\\.pb$", ".json"));
            if (!Files.exists(json)) {
                continue;
            }
            compared++;
            try {
                Document found = codec.document(Key.of("/registry/x"), Bytes.owned(Files.readAllBytes(stored)));
                Document expected = Json.read(Bytes.owned(Files.readAllBytes(json)));
                for (Difference difference : Difference.between(expected, found)) {
                    wrong.add(stored.getFileName() + ": " + difference);
                }
            } catch (Failure failure) {
                wrong.add(stored.getFileName() + ": " + failure.getMessage());
            }
        }
        assertThat(wrong).as("differences in %s", DATA).isEmpty();
        assertThat(compared).as("files compared").isGreaterThan(100);
    }

    @Test
    void everyJsonEncodesToTheBytesBesideIt() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path stored : files()) {
            Path json = Path.of(stored.toString().replaceFirst("\\.pb$", ".json"));
            Path after = Path.of(stored.toString().replaceFirst("\\.pb$", ".after_roundtrip.pb"));
            if (!Files.exists(json)) {
                continue;
            }
            Bytes expected = Bytes.owned(Files.readAllBytes(Files.exists(after) ? after : stored));
            try {
                Bytes encoded = codec.newest(
                                Json.read(Bytes.owned(Files.readAllBytes(json))), Optional.of(Encoding.PROTOBUF))
                        .value();
                if (!encoded.equals(expected)) {
                    wrong.add(stored.getFileName() + ": " + Difference.between(shown(expected), shown(encoded)) + " "
                            + encoded.length() + " for " + expected.length());
                }
            } catch (Failure failure) {
                wrong.add(stored.getFileName() + ": " + failure.getMessage());
            }
        }
        assertThat(wrong).as("differences in %s", DATA).isEmpty();
    }

    @Test
    void nothingIsDroppedFromAValueThatIsKept() throws IOException {
        for (Path file : files()) {
            Bytes stored = Bytes.owned(Files.readAllBytes(file));
            Bytes kept = codec.encode(shown(stored), Encoding.PROTOBUF);
            assertThat(Difference.between(shown(stored), shown(kept)))
                    .as("what %s loses", file.getFileName())
                    .filteredOn(d -> d.after().isEmpty())
                    .isEmpty();
        }
    }

    private Document shown(Bytes value) {
        return codec.document(Key.of("/registry/x"), value);
    }

    static List<Path> files() throws IOException {
        assumeTrue(
                Files.isDirectory(DATA),
                "SKIPPED: no Kubernetes compatibility data at " + DATA.toAbsolutePath()
                        + "; set MEDIC_API_TESTDATA to a folder of it");
        try (Stream<Path> walk = Files.walk(DATA)) {
            return walk.filter(f -> f.toString().endsWith(".pb")).sorted().toList();
        }
    }
}

package io.etcdmedic.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.encryption.AtRest;
import io.etcdmedic.codec.encryption.EncryptionConfiguration;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.DocumentPath;
import io.etcdmedic.document.Json;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.kubernetes.RegistryKeys;
import io.etcdmedic.schema.Schema;
import io.etcdmedic.snapshot.SnapshotFile;
import io.etcdmedic.snapshot.SnapshotKeyspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

/// Every object of an encrypted cluster, as its own kube-apiserver answered it: what is encrypted, and what is CBOR
/// too.
class GoldenTest {
    private static final Path FOLDER = Path.of("src/test/resources/fixtures/kubernetes-1.36-encrypted");

    @Test
    void everyObjectIsWhatTheApiServerSaid() throws IOException {
        Bytes yaml = Bytes.owned(Files.readAllBytes(FOLDER.resolve("encryption-config.yaml")));
        Codec codec = new Codec(
                Schema.builtIn(),
                new AtRest(
                        EncryptionConfiguration.read(yaml, "test"),
                        _ -> {
                            throw new AssertionError("no plugin is configured");
                        },
                        new SecureRandom()),
                new RegistryKeys("/registry"));
        List<String> wrong = new ArrayList<>();
        int lines = 0;
        try (SnapshotKeyspace keyspace = SnapshotFile.open(FOLDER.resolve("snapshot.db"))) {
            for (String line : Files.readAllLines(FOLDER.resolve("golden.jsonl"))) {
                Document golden = Json.read(line);
                Key key = Key.of(golden.text("key").orElseThrow());
                if (new RegistryKeys("/registry").parse(key.bytes()).isEmpty()) {
                    continue; // masterleases: the API shows a list of others in their place
                }
                Entry entry = keyspace.get(key).orElseThrow();
                Document expected = golden.at("object")
                        .orElseThrow()
                        .without(DocumentPath.of("metadata", "resourceVersion"))
                        // filled in when a StatefulSet is read
                        .without(DocumentPath.of("spec", "volumeClaimTemplates", "0", "apiVersion"))
                        .without(DocumentPath.of("spec", "volumeClaimTemplates", "0", "kind"));
                if (!meant(codec.document(entry)).equals(meant(expected))) {
                    wrong.add(key.display());
                }
                lines++;
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(lines).isGreaterThan(300);
    }

    /// Absent, null, `{}`, `[]` and `""` are one to the apiserver.
    private static Optional<Document> meant(Document document) {
        return switch (document) {
            case Document.Mapping mapping -> {
                SequencedMap<String, Document> fields = new LinkedHashMap<>();
                for (Map.Entry<String, Document> field : mapping.fields().entrySet()) {
                    meant(field.getValue()).ifPresent(value -> fields.put(field.getKey(), value));
                }
                yield fields.isEmpty() ? Optional.empty() : Optional.of(new Document.Mapping(fields));
            }
            case Document.Sequence sequence -> {
                List<Document> elements = new ArrayList<>();
                sequence.elements().forEach(e -> elements.add(meant(e).orElse(Document.Nil.NULL)));
                yield elements.isEmpty() ? Optional.empty() : Optional.of(new Document.Sequence(elements));
            }
            case Document.Text text -> text.text().isEmpty() ? Optional.empty() : Optional.of(text);
            case Document.Nil _ -> Optional.empty();
            case Document.Whole _, Document.Decimal _, Document.Truth _, Document.Redacted _ -> Optional.of(document);
        };
    }
}

package io.etcdmedic.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.protobuf.Encoder;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.DocumentPath;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.snapshot.SnapshotFile;
import io.etcdmedic.snapshot.SnapshotKeyspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class CodecTest {
    private final Codec codec = Codec.plain();

    @Test
    void readsEveryValueAsTheApiserverAnsweredIt() throws IOException {
        assertEqualsGolden(
                Path.of("src/main/resources/io/etcdmedic/snapshot/servicecidr-broken.db"),
                Path.of("src/test/resources/fixtures/servicecidr-broken/golden.jsonl"));
        assertEqualsGolden(
                Path.of("src/test/resources/fixtures/kubernetes-1.36/snapshot.db"),
                Path.of("src/test/resources/fixtures/kubernetes-1.36/golden.jsonl"));
    }

    private void assertEqualsGolden(Path database, Path golden) throws IOException {
        try (SnapshotKeyspace keyspace = SnapshotFile.open(database)) {
            for (String line : Files.readAllLines(golden)) {
                Document row = Json.read(line);
                String key = row.text("key").orElseThrow();
                if (key.matches("/registry/(master|peerserver)leases/.*")) {
                    // No API serves it: the fixture has a list of Endpoints there.
                    continue;
                }
                // The kind of an object within another is not stored, only answered: a claim template's.
                DocumentPath template = DocumentPath.of("spec", "volumeClaimTemplates", "0");
                Document expected = row.at("object")
                        .orElseThrow()
                        .without(DocumentPath.of("metadata", "resourceVersion"))
                        .without(template.then("apiVersion"))
                        .without(template.then("kind"));
                Entry entry = keyspace.get(Key.of(key)).orElseThrow();
                Document found = codec.document(entry);
                assertThat(codec.encode(found, entry.value())).as(key).isEqualTo(entry.value());
                Encoding encoding = Encoding.of(entry.value()).orElseThrow();
                assertThat(codec.document(entry.key(), codec.encode(found, encoding)))
                        .as(key)
                        .isEqualTo(found);
                assertThat(meaning(found)).as(key).isEqualTo(meaning(expected));
            }
        }
    }

    /// Absent, null, `{}`, `[]` and `""` mean the same.
    private static Document meaning(Document document) {
        return switch (document) {
            case Document.Mapping mapping -> {
                SequencedMap<String, Document> kept = new LinkedHashMap<>();
                mapping.fields().forEach((name, value) -> {
                    Document meant = meaning(value);
                    if (!isNothing(meant)) {
                        kept.put(name, meant);
                    }
                });
                yield new Document.Mapping(kept);
            }
            case Document.Sequence sequence ->
                new Document.Sequence(
                        sequence.elements().stream().map(CodecTest::meaning).toList());
            case Document.Text _,
                    Document.Whole _,
                    Document.Decimal _,
                    Document.Truth _,
                    Document.Nil _,
                    Document.Redacted _ -> document;
        };
    }

    private static boolean isNothing(Document meant) {
        return meant.equals(Document.Nil.NULL)
                || meant.equals(new Document.Text(""))
                || meant.equals(Document.Mapping.EMPTY)
                || meant.equals(Document.Sequence.EMPTY);
    }

    @Test
    void tellsDamagedFromEncryptedAndFromUnknown() {
        assertThatThrownBy(() -> decode("")).isInstanceOf(Failure.Corrupt.class);
        assertThatThrownBy(() -> decode("nonsense")).isInstanceOf(Failure.Corrupt.class);
        assertThatThrownBy(() -> decode("k8s:enc:aescbc:v1:key:…")).isInstanceOf(Failure.Locked.class);
        assertThatThrownBy(() -> decode("k8s\0\u0012\u007fshort")).isInstanceOf(Failure.Corrupt.class);
    }

    @Test
    void keepsAKindThatNoSchemaKnows() {
        assertThat(Json.compact(decode("k8s\0\n\u0006\n\u0001x\u0012\u0001y")))
                .isEqualTo("{\"apiVersion\":\"x\",\"kind\":\"y\"}");
        assertThat(Json.compact(decode(
                        "k8s\0\n\u0006\n\u0001x\u0012\u0001y\u0012\u0009\n\u0003\n\u0001n\u0010\u0007\u0010\u0008")))
                .isEqualTo("{\"apiVersion\":\"x\",\"kind\":\"y\",\"metadata\":{\"name\":\"n\"},"
                        + "\"$unknown\":{\"2\":[{\"varint\":7},{\"varint\":8}]}}");
    }

    /// Up to 1.23 every release wrote clusterName, and null for a time that was not set; 1.36 does neither.
    @Test
    void answersAsTheReleaseThatWroteIt() {
        String head = "k8s\0\n\u000f\n\u0002v1\u0012\tConfigMap\u0012";
        assertThat(Json.compact(decode(head + "\u0007\n\u0005\n\u0001nB\0")))
                .isEqualTo("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"n\"}}");
        assertThat(Json.compact(decode(head + "\u0009\n\u0007\n\u0001nB\0z\0")))
                .isEqualTo("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"n\","
                        + "\"creationTimestamp\":null}}");
    }

    @Test
    void whatTheNewestReleaseStoresLacksWhatItDropped() {
        Document pod = Json.read("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\"},"
                + "\"spec\":{\"nodeName\":\"n\",\"workloadRef\":{\"name\":\"w\"}}}");
        Encoder.Newest newest = codec.newest(pod, Optional.empty());
        assertThat(newest.dropped()).containsExactly("PodSpec.workloadRef");
        assertThat(shown(newest.value()).at("spec", "workloadRef")).isEmpty();
        assertThat(shown(newest.value()).text("spec", "nodeName")).contains("n");
        assertThat(shown(codec.encode(pod, Bytes.EMPTY)).text("spec", "workloadRef", "name"))
                .contains("w");
    }

    private Document shown(Bytes value) {
        return codec.document(Key.of("/registry/pods/a/b"), value);
    }

    private Document decode(String value) {
        return codec.document(new Entry(
                Key.of("/registry/pods/a/b"), Bytes.utf8(value), Revision.of(1), Revision.of(1), 1, LeaseId.NONE));
    }
}

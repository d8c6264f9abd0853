package io.etcdmedic.runbook.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.Codec;
import io.etcdmedic.codec.Decoded;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.kubernetes.RegistryKeys;
import io.etcdmedic.snapshot.SnapshotFile;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EditedTest {
    private static final RegistryKeys REGISTRY = new RegistryKeys("/registry");

    /// The oracle is kube-apiserver: what it stored belongs where it stored it.
    @Test
    void everyStoredObjectBelongsUnderItsKey() {
        int objects = 0;
        try (Keyspace snapshot = SnapshotFile.open(Path.of("src/test/resources/fixtures/kubernetes-1.36/snapshot.db"));
                Entries entries = snapshot.scan(KeyRange.all(), Scan.values())) {
            while (entries.hasNext()) {
                Entry entry = entries.next();
                if (Codec.plain().read(entry.key(), entry.value()) instanceof Decoded.Object(Document document)
                        && REGISTRY.parse(entry.key().bytes()).isPresent()) {
                    belongs(entry.key(), document);
                    objects++;
                }
            }
        }
        assertThat(objects).isGreaterThan(100);
    }

    @Test
    void aCustomResourceIsToldByItsGroup() {
        Key key = Key.of("/registry/example.com/widgets/shop/w");
        String widget = "{\"apiVersion\":\"example.com/v1\",\"kind\":\"Widget\",\"metadata\":{\"name\":\"w\","
                + "\"namespace\":\"shop\"}}";
        belongs(key, Json.read(Bytes.utf8(widget)));
        assertThatThrownBy(() -> belongs(key, Json.read(Bytes.utf8(widget.replace("example.com", "example.org")))))
                .isInstanceOf(Failure.Refused.class)
                .hasMessageContaining("the group of apiVersion \"example.org\"");
    }

    private static void belongs(Key key, Document document) {
        new Edited(Optional.empty(), document)
                .belongs(REGISTRY.parse(key.bytes()).orElseThrow(), key.display());
    }
}

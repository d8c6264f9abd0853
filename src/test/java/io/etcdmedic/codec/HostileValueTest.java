package io.etcdmedic.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Cbor;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.snapshot.SnapshotFile;
import io.etcdmedic.snapshot.SnapshotKeyspace;
import io.etcdmedic.wire.WireReader;
import io.etcdmedic.wire.WireWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Values that break their format, by hand and by chance: a failure that says where, and never anything else.
class HostileValueTest {
    private static final Path DATABASE = Path.of("src/test/resources/fixtures/kubernetes-1.36/snapshot.db");
    private static final Key KEY = Key.of("/registry/pods/a/b");

    private final Codec codec = Codec.plain();

    @Test
    void saysWhereAndInWhichField() {
        Bytes pod = pod(metadata -> {
            metadata.varint(7);
            metadata.tag(1, WireReader.VARINT);
        });
        assertThatThrownBy(() -> codec.document(KEY, pod))
                .isInstanceOf(Failure.Corrupt.class)
                .hasMessageContaining("in metadata.name, at byte");
        for (int length = 0; length < pod.length(); length++) {
            assertOnlyFailures(pod.slice(0, length));
        }
    }

    @Test
    void depthAndNumberOfFieldsAreBounded() {
        WireWriter deep = new WireWriter(1 << 20);
        for (int i = 0; i < 50_000; i++) {
            deep.message(i % 2 == 0 ? 1 : 5, 0);
        }
        Bytes bomb = envelope("apiextensions.k8s.io/v1", "CustomResourceDefinition", deep.toBytes());
        assertOnlyFailures(bomb);
        WireWriter many = new WireWriter(1 << 22);
        for (int i = 0; i < 1_000_000; i++) {
            many.field(900 + i % 7, 1);
        }
        Bytes unknown = envelope("v1", "Pod", many.toBytes());
        Document document = codec.document(KEY, unknown);
        assertThat(document.text("$unknown")).isPresent();
        Document again = codec.document(KEY, codec.encode(document, Encoding.PROTOBUF));
        assertThat(again.text("$unknown").equals(document.text("$unknown"))).isTrue();
        assertOnlyFailures(Bytes.utf8("[".repeat(100_000)));
        assertOnlyFailures(Bytes.utf8("{\"a\":".repeat(100_000)));
        assertOnlyFailures(Bytes.hex("d9d9f7" + "81".repeat(100_000)));
        assertOnlyFailures(Bytes.hex("d9d9f7bbffffffffffffffff"));
        assertOnlyFailures(Bytes.hex("d9d9f75bffffffffffffffff"));
        assertOnlyFailures(Bytes.hex("d9d9f7" + "c1".repeat(1000) + "00"));
    }

    @Test
    void lastOneWinsAndMessagesMerge() {
        Bytes pod = pod(out -> {
            out.field(1, Bytes.utf8("second"));
            out.field(3, Bytes.utf8("ns"));
            out.field(1, Bytes.utf8("first"));
        });
        assertThat(codec.document(KEY, pod).text("metadata", "name")).contains("second");
        assertThat(codec.document(KEY, pod).text("metadata", "namespace")).contains("ns");
    }

    @Test
    void unknownFieldsSurviveInPlace() {
        Bytes pod = pod(out -> {
            out.field(99, Bytes.hex("ff00"));
            out.field(98, 5);
            out.fixed32(9);
            out.tag(97, WireReader.FIXED32);
            out.field(1, Bytes.utf8("a"));
        });
        Document document = codec.document(KEY, pod);
        assertThat(Json.compact(document.at("metadata", "$unknown").orElseThrow()))
                .isEqualTo("{\"97\":[{\"fixed32\":9}],\"98\":[{\"varint\":5}],\"99\":[{\"bytes\":\"/wA=\"}]}");
        assertThat(codec.encode(document, pod)).isEqualTo(pod);
        Document renamed =
                document.with(io.etcdmedic.document.DocumentPath.of("metadata", "name"), new Document.Text("b"));
        assertThat(codec.document(KEY, codec.encode(renamed, pod))).isEqualTo(renamed);
    }

    @Test
    void cborKeepsNumbersAndTakesEveryLength() {
        Document document = Json.read("{\"a\":9007199254740993,\"b\":[1.5,-7,18446744073709551615,"
                + "123456789012345678901234567890,true,null,\"x\"],\"c\":{}}");
        assertThat(Cbor.read(Cbor.write(document))).isEqualTo(document);
        assertThat(Json.compact(Cbor.read(Bytes.hex("d9d9f7bf41610161627f61786179ffff"))))
                .isEqualTo("{\"a\":1,\"b\":\"xy\"}");
    }

    @Test
    void chanceFindsNothingButFailures() {
        fuzz(Long.getLong("medic.fuzz.seed", System.nanoTime()), Long.getLong("medic.fuzz.seconds", 3));
    }

    @Tag("long")
    @Test
    void chanceFindsNothingButFailuresInAMinute() {
        fuzz(Long.getLong("medic.fuzz.seed", System.nanoTime()), Long.getLong("medic.fuzz.seconds", 60));
    }

    private void fuzz(long seed, long seconds) {
        System.out.println("HostileValueTest: -Dmedic.fuzz.seed=" + seed);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        List<Bytes> values = values();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        while (System.nanoTime() < end) {
            assertOnlyFailures(mutated(values.get(random.nextInt(values.size())), random));
        }
    }

    private static Bytes mutated(Bytes value, RandomGenerator random) {
        byte[] bytes = value.toArray();
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes = Arrays.copyOf(bytes, Math.max(5, at));
                default -> {
                    int from = random.nextInt(bytes.length);
                    int count = Math.min(random.nextInt(64), bytes.length - Math.max(at, from));
                    System.arraycopy(bytes.clone(), from, bytes, at, count);
                }
            }
        }
        return Bytes.owned(bytes);
    }

    /// Decoding, outlining and encoding back end well or with a failure; what decodes unchanged encodes
    /// unchanged.
    private void assertOnlyFailures(Bytes value) {
        try {
            Document document = codec.document(KEY, value);
            assertThat(codec.encode(document, value)).isEqualTo(value);
            codec.encode(document, Encoding.of(value).orElseThrow());
        } catch (Failure expected) {
            assertThat(expected.problem().found()).isNotEmpty();
        } catch (RuntimeException | StackOverflowError bug) {
            throw new AssertionError("the value " + value.toHex(), bug);
        }
        if (Encoding.of(value).filter(e -> e == Encoding.PROTOBUF).isPresent()) {
            assertThat(codec.outline(KEY, value).isEmpty()).isEqualTo(value.length() == 4);
        }
    }

    private static List<Bytes> values() {
        List<Bytes> values = new ArrayList<>();
        try (SnapshotKeyspace keyspace = SnapshotFile.open(DATABASE);
                Entries entries = keyspace.scan(KeyRange.all(), Scan.values())) {
            entries.forEachRemaining(e -> {
                if (Encoding.of(e.value()).isPresent()) {
                    values.add(Bytes.copyOf(e.value().toArray()));
                }
            });
        }
        values.add(
                Cbor.write(Json.read("{\"apiVersion\":\"a/v1\",\"kind\":\"B\",\"spec\":{\"c\":[1,2.5,\"x\",null]}}")));
        return values;
    }

    private interface Fields {
        void write(WireWriter out);
    }

    private static Bytes pod(Fields metadata) {
        WireWriter out = new WireWriter(256);
        metadata.write(out);
        out.message(1, 0);
        return envelope("v1", "Pod", out.toBytes());
    }

    private static Bytes envelope(String apiVersion, String kind, Bytes raw) {
        WireWriter out = new WireWriter(raw.length() + 64);
        out.field(4, Bytes.EMPTY);
        out.field(3, Bytes.EMPTY);
        out.field(2, raw);
        int before = out.length();
        out.field(2, Bytes.utf8(kind));
        out.field(1, Bytes.utf8(apiVersion));
        out.message(1, before);
        out.raw(Bytes.owned(new byte[] {'k', '8', 's', 0}));
        return out.toBytes();
    }
}

package io.etcdmedic.codec.protobuf;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.Codec;
import io.etcdmedic.codec.Encoding;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Mapping;
import io.etcdmedic.document.Document.Sequence;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.Document.Truth;
import io.etcdmedic.document.Document.Whole;
import io.etcdmedic.document.Json;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.schema.Kind;
import io.etcdmedic.schema.Schema;
import io.etcdmedic.schema.Type;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

/// Every kind of the schema with every field filled, there and back.
class EveryKindTest {
    private static final Key KEY = Key.of("/registry/x");
    /// Types that hold themselves are filled so deep.
    private static final int DEPTH_MAX = 6;

    private final Shapes shapes = new Shapes(Schema.builtIn());
    private final Codec codec = Codec.plain();

    @Test
    void comesBackAsItWas() {
        int kinds = 0;
        for (Kind kind : Schema.builtIn().kinds()) {
            SequencedMap<String, Document> fields = new LinkedHashMap<>();
            fields.put("apiVersion", new Text(kind.apiVersion()));
            fields.put("kind", new Text(kind.kind()));
            fill(shapes.kind(kind.apiVersion(), kind.kind()).orElseThrow(), fields, 0);
            Document document = new Mapping(fields);
            Bytes stored = codec.encode(document, Encoding.PROTOBUF);
            Document read = codec.document(KEY, stored);
            assertThat(read.text("kind")).as("%s", kind).contains(kind.kind());
            assertThat(filledIn(document, read)).as("%s", kind).isEqualTo("");
            assertThat(codec.encode(read, Encoding.PROTOBUF)).as("%s", kind).isEqualTo(stored);
            assertThat(codec.encode(read, stored)).as("%s", kind).isEqualTo(stored);
            kinds++;
        }
        assertThat(kinds).isGreaterThan(300);
    }

    /// Where what was filled in does not come back; empty when all of it does. What the marshaller adds may be there.
    private static String filledIn(Document wanted, Document found) {
        if (wanted instanceof Mapping left && found instanceof Mapping right) {
            for (String name : left.fields().keySet()) {
                Document inner = right.fields().get(name);
                String wrong =
                        inner == null ? " is gone" : filledIn(left.fields().get(name), inner);
                if (!wrong.isEmpty()) {
                    return name + "." + wrong;
                }
            }
            return "";
        }
        if (wanted instanceof Sequence left && found instanceof Sequence right) {
            boolean same = left.elements().size() == right.elements().size();
            return same ? filledIn(left.elements().getFirst(), right.elements().getFirst()) : " has another length";
        }
        return wanted.equals(found) ? "" : wanted + " became " + found;
    }

    private void fill(Shape shape, SequencedMap<String, Document> fields, int depth) {
        for (Slot slot : shape.ascending()) {
            if (slot.count == Slot.Count.INLINE) {
                fill(slot.child(), fields, depth + 1);
                continue;
            }
            if (slot.isMessage() && depth >= DEPTH_MAX) {
                continue;
            }
            Document one = value(slot, depth);
            fields.put(
                    slot.jsonName(),
                    switch (slot.count) {
                        case LIST -> Sequence.of(one, one);
                        case MAP -> mapOf(slot, one);
                        case ONE, INLINE -> one;
                    });
        }
    }

    private static Document mapOf(Slot slot, Document one) {
        SequencedMap<String, Document> entries = new LinkedHashMap<>();
        entries.put(slot.keyType() == Type.STRING ? "a" : "1", one);
        entries.put(slot.keyType() == Type.STRING ? "b" : "2", one);
        return new Mapping(entries);
    }

    private Document value(Slot slot, int depth) {
        return switch (slot.content) {
            case TEXT -> new Text("<" + slot.jsonName() + " & \u2028 \"ü\">");
            case BYTES -> new Text("AAEC/w==");
            case TRUTH -> Truth.TRUE;
            case SIGNED_32, FIXED_32, SIGNED_FIXED_32, ZIGZAG -> new Whole(1_234_567);
            case SIGNED_64, SIGNED_FIXED_64 -> new Whole(Long.MIN_VALUE + slot.number);
            case UNSIGNED_32 -> new Whole(0xffff_fffeL);
            case UNSIGNED_64, FIXED_64 -> new Document.Decimal("18446744073709551614");
            case FLOAT, DOUBLE -> new Document.Decimal("-0.25");
            case MESSAGE -> {
                SequencedMap<String, Document> inner = new LinkedHashMap<>();
                fill(slot.child(), inner, depth + 1);
                yield new Mapping(inner);
            }
            case TIME -> new Text("2026-02-28T23:59:59Z");
            case MICRO_TIME -> new Text("1969-12-31T23:59:59.000001Z");
            case DURATION -> new Text("1h0m0.5s");
            case QUANTITY -> new Text("100m");
            case INT_OR_STRING -> slot.number % 2 == 0 ? new Whole(-80) : new Text("80%");
            case RAW_EXTENSION, FIELDS_V1, JSON ->
                Json.read("{\"f:a\":{\".\":{},\"n\":9007199254740993,\"t\":\"<&>\"}}");
            case LIST ->
                depth > DEPTH_MAX
                        ? Document.Nil.NULL
                        : Sequence.of(value(slot.child().required(1), depth + 1));
            case MAP ->
                depth > DEPTH_MAX
                        ? Document.Nil.NULL
                        : mapOf(slot.child().required(1), value(slot.child().required(1), depth + 1));
            case SCHEMA_OR_BOOL, SCHEMA_OR_ARRAY, SCHEMA_OR_STRINGS -> {
                SequencedMap<String, Document> inner = new LinkedHashMap<>();
                fill(slot.child().required(content(slot)).child(), inner, DEPTH_MAX);
                yield new Mapping(inner);
            }
        };
    }

    private static int content(Slot slot) {
        return slot.content == Content.SCHEMA_OR_BOOL ? 2 : 1;
    }
}

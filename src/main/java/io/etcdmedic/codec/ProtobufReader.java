package io.etcdmedic.codec;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Mapping;
import io.etcdmedic.document.Document.Nil;
import io.etcdmedic.document.Document.Sequence;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.Document.Truth;
import io.etcdmedic.document.Document.Whole;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.schema.Field;
import io.etcdmedic.schema.MessageType;
import io.etcdmedic.schema.Omit;
import io.etcdmedic.schema.Schema;
import io.etcdmedic.wire.WireFault;
import io.etcdmedic.wire.WireReader;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Reads a value stored as protobuf.
///
/// Shape: `k8s\0`, then Unknown{1: {1: apiVersion, 2: kind}, 2: the object}. Source: K8S runtime/generated.proto.
final class ProtobufReader {
    static final Bytes ENVELOPE = Bytes.owned(new byte[] {'k', '8', 's', 0});
    private static final int DEPTH_MAX = 100;

    /// Go's zero time, 1 January of the year 1, in seconds since 1970: it is written as null.
    private static final long ZERO_SECONDS = -62_135_596_800L;

    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private final Schema schema;

    ProtobufReader(Schema schema) {
        this.schema = schema;
    }

    Document read(Bytes value, Problem problem) {
        try {
            return object(value.from(ENVELOPE.length()), problem);
        } catch (WireFault broken) {
            throw new Failure.Corrupt(problem.found(broken.found())).because(broken);
        }
    }

    private Document object(Bytes unknown, Problem problem) {
        WireReader in = new WireReader(unknown);
        String apiVersion = "";
        String kind = "";
        Bytes raw = Bytes.EMPTY;
        while (!in.atEnd()) {
            int tag = in.tag();
            switch (tag) {
                case 1 << 3 | WireReader.LENGTH -> {
                    WireReader type = new WireReader(in.bytes());
                    while (!type.atEnd()) {
                        int inner = type.tag();
                        switch (inner) {
                            case 1 << 3 | WireReader.LENGTH ->
                                apiVersion = type.bytes().toUtf8();
                            case 2 << 3 | WireReader.LENGTH ->
                                kind = type.bytes().toUtf8();
                            default -> type.skip(inner);
                        }
                    }
                }
                case 2 << 3 | WireReader.LENGTH -> raw = in.bytes();
                default -> in.skip(tag);
            }
        }
        String named = apiVersion + " " + kind;
        MessageType type = schema.kind(apiVersion, kind)
                .orElseThrow(
                        () -> new Failure.Locked(problem.found("a kind that this version does not know: " + named)));
        SequencedMap<String, Document> fields = new LinkedHashMap<>();
        fields.put("apiVersion", new Text(apiVersion));
        fields.put("kind", new Text(kind));
        message(type, new WireReader(raw), fields, 0);
        return new Mapping(fields);
    }

    private void message(MessageType type, WireReader in, SequencedMap<String, Document> into, int depth) {
        if (depth > DEPTH_MAX) {
            throw new WireFault("messages nested more than " + DEPTH_MAX + " deep", in.offset());
        }
        while (!in.atEnd()) {
            int tag = in.tag();
            Field field = type.field(WireReader.number(tag));
            if (field == null) {
                in.skip(tag);
            } else if (field.inline()) {
                message(field.message(), new WireReader(in.bytes()), into, depth + 1);
            } else if (field.map()) {
                entry(field, new WireReader(in.bytes()), into, depth);
            } else if (field.repeated()) {
                elements(field, tag, in, into, depth);
            } else {
                single(field, tag, in, into, depth);
            }
        }
    }

    private void single(Field field, int tag, WireReader in, SequencedMap<String, Document> into, int depth) {
        Document value = value(field, tag, in, depth);
        boolean left = field.omit() != Omit.NEVER && !field.pointer() && isZero(value);
        if (!left) {
            into.put(field.jsonName(), value);
        }
    }

    private static boolean isZero(Document value) {
        return switch (value) {
            case Text text -> text.text().isEmpty();
            case Whole whole -> whole.number() == 0;
            case Truth truth -> !truth.value();
            case Nil _ -> true;
            case Mapping _, Sequence _, Document.Decimal _, Document.Redacted _ -> false;
        };
    }

    private void elements(Field field, int tag, WireReader in, SequencedMap<String, Document> into, int depth) {
        List<Document> elements = new ArrayList<>(
                into.getOrDefault(field.jsonName(), Sequence.EMPTY) instanceof Sequence before
                        ? before.elements()
                        : List.of());
        if (WireReader.type(tag) == WireReader.LENGTH && field.type().packable()) {
            WireReader packed = new WireReader(in.bytes());
            int each = WireReader.number(tag) << 3 | field.type().wireType();
            while (!packed.atEnd()) {
                elements.add(value(field, each, packed, depth));
            }
        } else {
            elements.add(value(field, tag, in, depth));
        }
        into.put(field.jsonName(), new Sequence(elements));
    }

    private void entry(Field field, WireReader in, SequencedMap<String, Document> into, int depth) {
        String key = "";
        Document value = field.type() == io.etcdmedic.schema.Type.MESSAGE ? Mapping.EMPTY : new Text("");
        while (!in.atEnd()) {
            int tag = in.tag();
            switch (WireReader.number(tag)) {
                case 1 -> key = in.bytes().toUtf8();
                case 2 -> value = value(field, tag, in, depth);
                default -> in.skip(tag);
            }
        }
        SequencedMap<String, Document> map = new LinkedHashMap<>(
                into.getOrDefault(field.jsonName(), Mapping.EMPTY) instanceof Mapping before
                        ? before.fields()
                        : Mapping.EMPTY.fields());
        map.put(key, value);
        into.put(field.jsonName(), new Mapping(map));
    }

    private Document value(Field field, int tag, WireReader in, int depth) {
        if (WireReader.type(tag) != field.type().wireType()) {
            throw new WireFault("wire type " + WireReader.type(tag) + " for " + field.jsonName(), in.offset());
        }
        return switch (field.type()) {
            case MESSAGE -> nested(field.message(), in.bytes(), depth + 1);
            case STRING -> new Text(in.bytes().toUtf8());
            case BYTES -> new Text(Base64.getEncoder().encodeToString(in.bytes().toArray()));
            case BOOL -> Truth.of(in.varint() != 0);
            case INT32 -> new Whole((int) in.varint());
            case UINT32 -> new Whole(in.varint() & 0xffff_ffffL);
            case INT64, ENUM -> new Whole(in.varint());
            case UINT64 -> unsigned(in.varint());
            case SINT32, SINT64 -> {
                long zigzag = in.varint();
                yield new Whole(zigzag >>> 1 ^ -(zigzag & 1));
            }
            case FIXED32 -> new Whole(in.fixed32() & 0xffff_ffffL);
            case SFIXED32 -> new Whole(in.fixed32());
            case FIXED64 -> unsigned(in.fixed64());
            case SFIXED64 -> new Whole(in.fixed64());
            case DOUBLE -> new Document.Decimal(Double.toString(Double.longBitsToDouble(in.fixed64())));
            case FLOAT -> new Document.Decimal(Float.toString(Float.intBitsToFloat(in.fixed32())));
        };
    }

    private static Document unsigned(long number) {
        return number >= 0 ? new Whole(number) : new Document.Decimal(Long.toUnsignedString(number));
    }

    private Document nested(MessageType type, Bytes bytes, int depth) {
        SequencedMap<String, Document> fields = new LinkedHashMap<>();
        return switch (type.form()) {
            case TIME, MICRO_TIME -> time(type, bytes);
            case QUANTITY -> new Text(first(bytes).toUtf8());
            case INT_OR_STRING -> intOrString(bytes);
            case FIELDS_V1, JSON, RAW_EXTENSION -> raw(first(bytes));
            case DURATION, MESSAGE, SCHEMA_OR_BOOL, SCHEMA_OR_ARRAY, SCHEMA_OR_STRINGS -> {
                message(type, new WireReader(bytes), fields, depth);
                yield new Mapping(fields);
            }
            case LIST, MAP -> {
                message(type, new WireReader(bytes), fields, depth);
                yield fields.isEmpty() ? Nil.NULL : fields.firstEntry().getValue();
            }
        };
    }

    private static Document raw(Bytes json) {
        if (json.isEmpty()) {
            return Nil.NULL;
        }
        return json.at(0) == '{' || json.at(0) == '[' ? Json.read(json) : new Text(json.toUtf8());
    }

    /// The bytes of field 1.
    private static Bytes first(Bytes message) {
        WireReader in = new WireReader(message);
        Bytes found = Bytes.EMPTY;
        while (!in.atEnd()) {
            int tag = in.tag();
            if (tag == (1 << 3 | WireReader.LENGTH)) {
                found = in.bytes();
            } else {
                in.skip(tag);
            }
        }
        return found;
    }

    private static Document intOrString(Bytes message) {
        WireReader in = new WireReader(message);
        long kind = 0;
        Document number = new Whole(0);
        Document text = new Text("");
        while (!in.atEnd()) {
            int tag = in.tag();
            switch (tag) {
                case 1 << 3 -> kind = in.varint();
                case 2 << 3 -> number = new Whole((int) in.varint());
                case 3 << 3 | WireReader.LENGTH -> text = new Text(in.bytes().toUtf8());
                default -> in.skip(tag);
            }
        }
        return kind == 0 ? number : text;
    }

    private static Document time(MessageType type, Bytes message) {
        WireReader in = new WireReader(message);
        long seconds = 0;
        long nanos = 0;
        while (!in.atEnd()) {
            int tag = in.tag();
            switch (tag) {
                case 1 << 3 -> seconds = in.varint();
                case 2 << 3 -> nanos = (int) in.varint();
                default -> in.skip(tag);
            }
        }
        if (message.isEmpty() || seconds == ZERO_SECONDS) {
            return Nil.NULL;
        }
        if (seconds < Instant.MIN.getEpochSecond() || seconds > Instant.MAX.getEpochSecond()) {
            throw new WireFault("a time outside the calendar", 0);
        }
        Instant instant = Instant.ofEpochSecond(seconds, nanos);
        return new Text(
                type.form() == io.etcdmedic.schema.Form.MICRO_TIME
                        ? MICROS.format(instant)
                        : Instant.ofEpochSecond(seconds).toString());
    }
}

package io.etcdmedic.codec.protobuf;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Mapping;
import io.etcdmedic.document.Document.Nil;
import io.etcdmedic.document.Document.Sequence;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.wire.WireWriter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// Turns a document into the bytes that Kubernetes' own marshaller writes: every field that is no pointer also
/// when it is zero, in order of the numbers, maps in order of their keys.
///
/// Source: k8s.io/apimachinery pkg/runtime/serializer/protobuf, and the generated.pb.go files of k8s.io/api.
/// For one document; not for several threads.
public final class Encoder {
    private final Shapes shapes;
    private final WireWriter out;
    private final ScalarBytes scalars;
    private final boolean newest;
    private final List<String> dropped = new ArrayList<>();

    private Encoder(Shapes shapes, WireWriter out, boolean newest) {
        this.shapes = shapes;
        this.out = out;
        this.scalars = new ScalarBytes(out);
        this.newest = newest;
    }

    /// What the newest release stores.
    ///
    /// @param dropped what it does not know any more and the document has: `PodSpec.workloadRef`
    public record Newest(Bytes value, List<String> dropped) {
        public Newest {
            dropped = List.copyOf(dropped);
        }
    }

    /// The value that the newest release would make of `document`: without what it has dropped.
    ///
    /// @throws Mismatch when the document does not fit its type
    public static Newest newest(Shapes shapes, Mapping document) {
        Encoder encoder = new Encoder(shapes, new WireWriter(1024), true);
        encoder.envelope(document, Existing.NONE);
        return new Newest(
                encoder.out.toBytes(),
                encoder.dropped.reversed().stream().distinct().toList());
    }

    /// The stored value of `document`.
    ///
    /// @param like a value from `k8s\0` on, whose spelling is kept where the document says the same; empty for
    /// none
    /// @throws Mismatch when the document does not fit its type
    public static Bytes encode(Shapes shapes, Mapping document, Bytes like) {
        WireWriter out = new WireWriter(Math.max(1024, like.length() + like.length() / 4));
        Existing existing = like.isEmpty() ? Existing.NONE : Existing.object(shapes, like);
        new Encoder(shapes, out, false).envelope(document, existing);
        return out.toBytes();
    }

    private void envelope(Mapping document, Existing like) {
        String apiVersion = document.text("apiVersion").orElse("");
        String kind = document.text("kind").orElse("");
        boolean nameless =
                apiVersion.isEmpty() && kind.isEmpty() && document.fields().containsKey("object");
        if ((apiVersion.isEmpty() || kind.isEmpty()) && !nameless) {
            throw new Mismatch("an object without " + (kind.isEmpty() ? "kind" : "apiVersion"), "both");
        }
        Mapping frame = document.at(Reserved.ENVELOPE_NAME).orElse(Nil.NULL) instanceof Mapping m ? m : Mapping.EMPTY;
        out.field(4, Bytes.utf8(frame.text("contentType").orElse("")));
        out.field(3, Bytes.utf8(frame.text("contentEncoding").orElse("")));
        if (frame.text("raw").isPresent()) {
            out.field(2, ScalarBytes.base64(frame.text("raw").get()));
        } else {
            int before = out.length();
            message(nameless ? shapes.nameless() : shape(apiVersion, kind, document), document, like, 0);
            out.message(2, before);
        }
        int before = out.length();
        out.field(2, Bytes.utf8(kind));
        out.field(1, Bytes.utf8(apiVersion));
        out.message(1, before);
        out.raw(StoredEnvelope.MAGIC);
    }

    /// The type of the object; of one that the schema does not know, what can be told of it.
    private Shape shape(String apiVersion, String kind, Mapping document) {
        return shapes.kind(apiVersion, kind).orElseGet(() -> {
            boolean fits = document.fields().keySet().stream()
                    .allMatch(n -> n.startsWith("$")
                            || List.of("apiVersion", "kind", "metadata").contains(n));
            if (!fits) {
                throw new Mismatch(
                        "a kind that the schema does not know: " + apiVersion + " " + kind,
                        "a built-in one, or --schema FILE; custom resources are stored as JSON");
            }
            return document.fields().containsKey("metadata") ? shapes.anyObject() : new Shape();
        });
    }

    /// Writes the fields of one message, the last one first.
    private void message(Shape shape, Mapping document, Existing like, int depth) {
        requireNames(shape, document);
        UnknownBytes unknown = UnknownBytes.of(document);
        Slot[] slots = shape.ascending();
        for (int i = slots.length - 1; i >= 0; i--) {
            unknown.writeAbove(slots[i].number, out);
            try {
                if (newest && slots[i].dropped()) {
                    leaveOut(shape, slots[i], document);
                } else {
                    field(slots[i], document, like, depth);
                }
            } catch (Mismatch mismatch) {
                throw mismatch.within(slots[i].jsonName());
            }
        }
        unknown.writeAbove(0, out);
    }

    private void leaveOut(Shape shape, Slot slot, Mapping document) {
        if (!(document.fields().getOrDefault(slot.jsonName(), Nil.NULL) instanceof Nil)) {
            dropped.add(shape.name().substring(shape.name().lastIndexOf('.') + 1) + "." + slot.jsonName());
        }
    }

    private static void requireNames(Shape shape, Mapping document) {
        for (String name : document.fields().keySet()) {
            boolean typed = name.equals("apiVersion") || name.equals("kind");
            boolean ours = name.equals(Reserved.UNKNOWN_NAME) || name.equals(Reserved.ENVELOPE_NAME);
            if (!shape.hasJsonName(name) && !ours && !(typed && shape.mayNameKind())) {
                throw new Mismatch("a field that " + shape.name() + " does not have", "").within(name);
            }
        }
    }

    private void field(Slot slot, Mapping document, Existing like, int depth) {
        if (slot.count == Slot.Count.INLINE) {
            inline(slot, document, like, depth);
            return;
        }
        Document value = document.fields().getOrDefault(slot.jsonName(), Nil.NULL);
        switch (slot.count) {
            case ONE -> {
                if (!(value instanceof Nil)) {
                    one(slot, value, like, depth);
                } else if (!slot.mayBeAbsent() && (like.isNone() ? !slot.late() : like.has(slot.number))) {
                    value(slot, slot.number, Nil.NULL, like.child(slot, 0), depth);
                }
            }
            case LIST -> list(slot, value, like, depth);
            case MAP -> map(slot, value, depth);
            case INLINE -> {}
        }
    }

    private void one(Slot slot, Document value, Existing like, int depth) {
        if (slot.content != Content.MESSAGE && like.says(slot, value, shapes)) {
            out.raw(like.only(slot.number));
        } else {
            value(slot, slot.number, value, like.child(slot, 0), depth);
        }
    }

    private void inline(Slot slot, Mapping parent, Existing like, int depth) {
        TreeMap<String, Document> own = new TreeMap<>();
        parent.fields().forEach((name, value) -> {
            if (slot.child().hasJsonName(name)) {
                own.put(name, value);
            }
        });
        if (own.isEmpty() && (slot.pointer() || !like.isNone() && !like.has(slot.number))) {
            return;
        }
        int before = out.length();
        message(slot.child(), new Mapping(new java.util.LinkedHashMap<>(own)), like.child(slot, 0), depth + 1);
        out.message(slot.number, before);
    }

    private void list(Slot slot, Document value, Existing like, int depth) {
        if (value instanceof Nil) {
            return;
        }
        if (!(value instanceof Sequence sequence)) {
            throw new Mismatch(ScalarBytes.word(value), "a list");
        }
        List<Document> elements = sequence.elements();
        for (int i = elements.size() - 1; i >= 0; i--) {
            try {
                value(slot, slot.number, elements.get(i), like.child(slot, i), depth);
            } catch (Mismatch mismatch) {
                throw mismatch.within("[" + i + "]");
            }
        }
    }

    private void map(Slot slot, Document value, int depth) {
        if (value instanceof Nil) {
            return;
        }
        if (!(value instanceof Mapping mapping)) {
            throw new Mismatch(ScalarBytes.word(value), "a mapping");
        }
        NavigableMap<Bytes, Document> sorted = new TreeMap<>();
        mapping.fields().forEach((key, entry) -> sorted.put(Bytes.utf8(key), entry));
        for (Map.Entry<Bytes, Document> entry : sorted.descendingMap().entrySet()) {
            int before = out.length();
            try {
                value(slot, 2, entry.getValue(), Existing.NONE, depth);
            } catch (Mismatch mismatch) {
                throw mismatch.within(entry.getKey().toUtf8());
            }
            scalars.mapKey(slot.keyType(), entry.getKey());
            out.message(slot.number, before);
        }
    }

    /// Writes one value with its tag; null stands for zero.
    private void value(Slot slot, int number, Document value, Existing like, int depth) {
        if (!slot.isMessage()) {
            scalars.write(slot, number, value);
            return;
        }
        if (depth > Transcoder.DEPTH_MAX) {
            throw new Mismatch("messages nested more than " + Transcoder.DEPTH_MAX + " deep", "");
        }
        int before = out.length();
        switch (slot.content) {
            case MESSAGE -> message(slot.child(), mapping(value), like, depth + 1);
            case LIST -> list(slot.child().required(1), value, Existing.NONE, depth + 1);
            case MAP -> map(slot.child().required(1), value, depth + 1);
            case RAW_EXTENSION, FIELDS_V1, JSON -> raw(value);
            case SCHEMA_OR_BOOL -> schemaOrBool(slot.child(), value, depth + 1);
            case SCHEMA_OR_ARRAY, SCHEMA_OR_STRINGS -> schemaOrList(slot.child(), value, depth + 1);
            default -> scalars.form(slot.content, value);
        }
        out.message(number, before);
    }

    private static Mapping mapping(Document value) {
        return switch (value) {
            case Mapping mapping -> mapping;
            case Nil _ -> Mapping.EMPTY;
            case Sequence _, Text _, Document.Whole _, Document.Decimal _, Document.Truth _, Document.Redacted _ ->
                throw new Mismatch(ScalarBytes.word(value), "a mapping");
        };
    }

    private void raw(Document value) {
        if (value instanceof Nil) {
            return;
        }
        if (value.text(Reserved.BYTES_NAME).isPresent()) {
            out.field(
                    1,
                    Bytes.owned(Base64.getDecoder()
                            .decode(value.text(Reserved.BYTES_NAME).get())));
        } else if (value instanceof Mapping nested && nested.fields().containsKey(Reserved.ENVELOPE_NAME)) {
            int before = out.length();
            envelope(nested, Existing.NONE);
            out.message(1, before);
        } else {
            out.field(1, GoJson.bytes(value));
        }
    }

    private void schemaOrBool(Shape shape, Document value, int depth) {
        if (value instanceof Mapping) {
            value(shape.required(2), 2, value, Existing.NONE, depth);
        }
        scalars.write(shape.required(1), 1, value instanceof Mapping ? Document.Truth.TRUE : value);
    }

    private void schemaOrList(Shape shape, Document value, int depth) {
        switch (value) {
            case Sequence _ -> list(shape.required(2), value, Existing.NONE, depth);
            case Mapping _ -> value(shape.required(1), 1, value, Existing.NONE, depth);
            case Nil _ -> {}
            case Text _, Document.Whole _, Document.Decimal _, Document.Truth _, Document.Redacted _ ->
                throw new Mismatch(ScalarBytes.word(value), "a mapping or a list");
        }
    }
}

package io.etcdmedic.codec.protobuf;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.JsonOutput;
import io.etcdmedic.document.JsonText;
import io.etcdmedic.schema.Type;
import io.etcdmedic.wire.WireFault;
import io.etcdmedic.wire.WireReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Turns stored protobuf into JSON text in one pass, without a tree in between.
///
/// The JSON is the apiserver's own as far as the wire has it: fields in the order of the wire, what Go's
/// `omitempty` leaves out left out. What the schema does not know stands under [Reserved#UNKNOWN_NAME]. Not
/// for several threads; made once, it can be used for many values.
public final class Transcoder {
    /// How deep messages may nest: protobuf's own limit. Kubernetes' deepest, a CRD's schema, stays under 60.
    static final int DEPTH_MAX = 100;

    private static final byte[] RESOURCE_VERSION = "\"resourceVersion\":".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] CREATION_TIMESTAMP = "\"creationTimestamp\":".getBytes(StandardCharsets.US_ASCII);

    private final JsonOutput out;
    private final ScalarText scalars;
    private final JsonText json = new JsonText();
    private final KnownKinds kinds;
    /// A value's JSON may take an eighth of the heap: hostile bytes can be far smaller than what they stand
    /// for.
    private final int outputBytesMax =
            (int) Math.min(256 << 20, Runtime.getRuntime().maxMemory() / 8);

    private int outputMax;
    private WireReader in = new WireReader(Bytes.EMPTY);
    /// What stands for an empty `metadata.resourceVersion`; 0 for nothing.
    private long resourceVersion;

    private @Nullable Shape versioned;
    /// Whether the metadata at hand has no creation time.
    private boolean timeless;

    public Transcoder(Shapes shapes, JsonOutput out) {
        this.out = out;
        this.scalars = new ScalarText(out);
        this.kinds = new KnownKinds(shapes);
    }

    /// Appends one stored value as JSON, with a comma behind.
    ///
    /// @param value from its magic number `k8s\0` on
    /// @param revision shown as `metadata.resourceVersion` where none is stored, as the apiserver does; 0 for
    /// none
    /// @throws WireFault with the offset and the path of the damage; what was appended until then stays
    public void append(Bytes value, long revision) {
        resourceVersion = revision;
        outputMax = outputMax(out);
        in = new WireReader(value);
        in.skipBytes(StoredEnvelope.MAGIC.length());
        object(0, false);
    }

    private int outputMax(JsonOutput to) {
        return (int) Math.min(Integer.MAX_VALUE - 16L, (long) to.length() + outputBytesMax);
    }

    /// Appends one value of a field, whose tag `reader` has behind it.
    void appendValue(Slot slot, WireReader reader) {
        outputMax = outputMax(out);
        in = reader;
        value(slot, 0);
    }

    /// One envelope and the object in it: the rest of what the reader holds.
    private void object(int depth, boolean nested) {
        StoredEnvelope envelope = StoredEnvelope.read(in);
        KnownKinds.Known kind = kinds.of(envelope, in);
        int mark = out.length();
        in.seek(envelope.rawFrom());
        int outer = in.enter(envelope.rawLength());
        try {
            written(envelope, kind, depth, nested);
        } catch (Disorder _) {
            out.truncate(mark);
            in.seek(envelope.rawFrom());
            WireReader whole = in;
            in = new WireReader(Canonical.of(kind.shape(), in));
            written(envelope, kind, depth, nested);
            in = whole;
        }
        in.leave(outer);
    }

    private void written(StoredEnvelope envelope, KnownKinds.Known kind, int depth, boolean nested) {
        out.beginMapping();
        out.key(kind.names());
        if (!envelope.isOpaque()) {
            versioned = depth == 0 && resourceVersion > 0 && kind.shape().hasObjectMeta() ? kind.shape() : null;
            fields(kind.shape(), depth);
        }
        envelope.writeRest(in.array(), nested, out);
        out.endMapping();
    }

    /// The fields of one message, up to the reader's limit.
    private void fields(Shape shape, int depth) {
        requireDepth(depth);
        if (out.length() > outputMax) {
            throw new WireFault("more than " + outputBytesMax + " bytes of JSON", in.offset());
        }
        int start = in.position();
        long seen = 0;
        int last = 0;
        boolean unknown = false;
        while (!in.atEnd()) {
            int tag = in.tag();
            int number = tag >>> 3;
            if (number <= last) {
                throw Disorder.FOUND;
            }
            Slot slot = shape.slot(number);
            if (slot == null) {
                last = number - 1;
                unknown = true;
                in.skip(tag);
                continue;
            }
            last = number;
            seen |= slot.nullBit;
            try {
                field(shape, slot, tag, depth);
            } catch (WireFault fault) {
                throw fault.within(slot.jsonName());
            }
        }
        if (unknown) {
            UnknownFields.write(shape, in, start, out);
        }
        for (Slot slot : shape.nulls()) {
            if ((seen & slot.nullBit) == 0) {
                out.key(slot.key);
                out.nil();
            }
        }
    }

    private void field(Shape shape, Slot slot, int tag, int depth) {
        switch (slot.count) {
            case ONE -> {
                requireTag(slot, tag);
                if (shape == versioned && slot.number == 1) {
                    metadata(slot, depth);
                } else {
                    one(slot, depth);
                }
            }
            case LIST -> {
                out.key(slot.key);
                list(slot, tag, depth);
            }
            case MAP -> {
                requireTag(slot, tag);
                out.key(slot.key);
                map(slot, depth);
            }
            case INLINE -> {
                requireTag(slot, tag);
                int outer = in.enter(in.length());
                fields(slot.child(), depth + 1);
                in.leave(outer);
            }
        }
    }

    /// The outermost object's metadata, with the revision where its `resourceVersion` is empty.
    private void metadata(Slot slot, int depth) {
        versioned = null;
        out.key(slot.key);
        out.beginMapping();
        int from = in.position();
        int outer = in.enter(in.length());
        if (!hasResourceVersion()) {
            out.key(RESOURCE_VERSION);
            out.quoted(resourceVersion);
        }
        in.leave(outer);
        in.seek(from);
        outer = in.enter(in.length());
        fields(slot.child(), depth + 1);
        in.leave(outer);
        out.endMapping();
    }

    private boolean hasResourceVersion() {
        while (!in.atEnd()) {
            int tag = in.tag();
            if (tag == (6 << 3 | WireReader.LENGTH) && in.length() > 0) {
                return true;
            } else if (tag != (6 << 3 | WireReader.LENGTH)) {
                in.skip(tag);
            }
            if (tag >>> 3 >= 6) {
                return false;
            }
        }
        return false;
    }

    private void one(Slot slot, int depth) {
        if (slot.dropsZero) {
            int mark = out.length();
            out.key(slot.key);
            boolean zero = !value(slot, depth);
            if (zero) {
                out.truncate(mark);
            }
            if (slot.content == Content.TIME) {
                timeless = zero;
            } else if (slot.clusterName && timeless) {
                // The releases that stored clusterName answered what has no creation time with null.
                out.key(CREATION_TIMESTAMP);
                out.nil();
            }
        } else {
            out.key(slot.key);
            value(slot, depth);
        }
    }

    private void list(Slot slot, int tag, int depth) {
        out.beginSequence();
        if (tag != slot.tag && slot.type().packable() && WireReader.type(tag) == WireReader.LENGTH) {
            int outer = in.enter(in.length());
            while (!in.atEnd()) {
                value(slot, depth);
            }
            in.leave(outer);
        } else {
            requireTag(slot, tag);
            int index = 0;
            try {
                do {
                    value(slot, depth);
                    index++;
                } while (in.takes(tag));
            } catch (WireFault fault) {
                throw fault.within("[" + index + "]");
            }
        }
        out.endSequence();
    }

    private void map(Slot slot, int depth) {
        out.beginMapping();
        int keyFrom = -1;
        int keyLength = 0;
        do {
            int outer = in.enter(in.length());
            int from = 0;
            int length = 0;
            int value = -1;
            while (!in.atEnd()) {
                int tag = in.tag();
                if (WireReader.number(tag) == 1) {
                    from = in.position();
                    if (slot.keyType() == Type.STRING) {
                        requireType(tag, WireReader.LENGTH);
                        length = in.length();
                        from = in.position();
                        in.skipBytes(length);
                    } else {
                        in.skip(tag);
                        length = in.position() - from;
                    }
                } else {
                    if (WireReader.number(tag) == 2) {
                        requireType(tag, slot.type().wireType());
                        value = in.position();
                    }
                    in.skip(tag);
                }
            }
            if (keyFrom >= 0 && compare(from, length, keyFrom, keyLength) <= 0) {
                throw Disorder.FOUND;
            }
            keyFrom = from;
            keyLength = length;
            mapKey(slot, from, length);
            if (value < 0) {
                noValue(slot, depth);
            } else {
                in.seek(value);
                value(slot, depth);
            }
            in.leave(outer);
        } while (in.takes(slot.tag));
        out.endMapping();
    }

    private int compare(int from, int length, int other, int otherLength) {
        return Arrays.compareUnsigned(in.array(), from, from + length, in.array(), other, other + otherLength);
    }

    private void mapKey(Slot slot, int from, int length) {
        if (slot.keyType() == Type.STRING) {
            out.key(in.array(), from, length);
        } else {
            out.key(length == 0 ? "0" : MapKeys.text(slot.keyType(), new WireReader(in.array(), from, length)));
        }
    }

    /// What a map's entry without a value has for one.
    private void noValue(Slot slot, int depth) {
        WireReader entry = in;
        in = new WireReader(Bytes.owned(new byte[8]));
        value(slot, depth);
        in = entry;
    }

    /// Writes the value at the reader's position; whether it was anything but zero.
    private boolean value(Slot slot, int depth) {
        return switch (slot.content) {
            case TEXT -> {
                int length = in.length();
                out.text(in.array(), in.position(), length);
                in.skipBytes(length);
                yield length > 0;
            }
            case MESSAGE -> {
                int length = in.length();
                int outer = in.enter(length);
                out.beginMapping();
                if (resourceVersion > 0) {
                    out.key(slot.answeredNames);
                }
                fields(slot.child(), depth + 1);
                out.endMapping();
                in.leave(outer);
                yield length > 0;
            }
            case TRUTH, SIGNED_32, SIGNED_64, UNSIGNED_32, UNSIGNED_64, ZIGZAG ->
                scalars.varint(slot.content, in.varint());
            case BYTES -> {
                int length = in.length();
                out.base64(in.array(), in.position(), length);
                in.skipBytes(length);
                yield length > 0;
            }
            case FIXED_32, SIGNED_FIXED_32, FLOAT -> scalars.fixed32(slot.content, in);
            case FIXED_64, SIGNED_FIXED_64, DOUBLE -> scalars.fixed64(slot.content, in);
            case TIME, MICRO_TIME, DURATION, QUANTITY, INT_OR_STRING -> scalars.form(slot.content, in);
            case RAW_EXTENSION, FIELDS_V1, JSON -> raw(depth);
            case LIST, MAP -> wrapped(slot.child().required(1), depth);
            case SCHEMA_OR_BOOL -> alternative(slot.child(), depth, false);
            case SCHEMA_OR_ARRAY, SCHEMA_OR_STRINGS -> alternative(slot.child(), depth, true);
        };
    }

    /// The JSON in a message's field 1; null when there is none.
    private boolean raw(int depth) {
        int outer = in.enter(in.length());
        int from = 0;
        int length = 0;
        while (!in.atEnd()) {
            int tag = in.tag();
            if (tag == (1 << 3 | WireReader.LENGTH)) {
                length = in.length();
                from = in.position();
                in.skipBytes(length);
            } else {
                in.skip(tag);
            }
        }
        in.leave(outer);
        if (length == 0) {
            out.nil();
            return false;
        }
        rawValue(from, length, depth);
        return true;
    }

    private void rawValue(int from, int length, int depth) {
        byte[] array = in.array();
        Bytes magic = StoredEnvelope.MAGIC;
        if (json.isJson(array, from, length)) {
            json.copy(array, from, length, out);
            out.put((byte) ',');
        } else if (Bytes.owned(array, from, length).startsWith(magic)) {
            int behind = in.position();
            in.seek(from + magic.length());
            int outer = in.enter(length - magic.length());
            object(depth + 1, true);
            in.leave(outer);
            in.seek(behind);
        } else {
            out.beginMapping();
            out.key(Reserved.BYTES);
            out.base64(array, from, length);
            out.endMapping();
        }
    }

    /// A message that is shown as its only field, a list or a map.
    private boolean wrapped(Slot inner, int depth) {
        requireDepth(depth);
        int outer = in.enter(in.length());
        boolean any = false;
        while (!in.atEnd()) {
            int tag = in.tag();
            if (WireReader.number(tag) != 1) {
                in.skip(tag);
            } else if (any) {
                throw Disorder.FOUND;
            } else {
                any = true;
                if (inner.count == Slot.Count.MAP) {
                    requireTag(inner, tag);
                    map(inner, depth + 1);
                } else {
                    list(inner, tag, depth + 1);
                }
            }
        }
        in.leave(outer);
        if (!any) {
            out.nil();
        }
        return any;
    }

    /// A message that is shown as its field 2, or else as its field 1.
    private boolean alternative(Shape shape, int depth, boolean nullable) {
        requireDepth(depth);
        int outer = in.enter(in.length());
        int mark = out.length();
        int last = 0;
        boolean any = false;
        while (!in.atEnd()) {
            int tag = in.tag();
            int number = WireReader.number(tag);
            if (number > 2) {
                in.skip(tag);
                continue;
            }
            if (number <= last) {
                throw Disorder.FOUND;
            }
            last = number;
            out.truncate(mark);
            Slot slot = shape.required(number);
            if (slot.count == Slot.Count.LIST) {
                list(slot, tag, depth + 1);
            } else {
                requireTag(slot, tag);
                value(slot, depth + 1);
            }
            any = true;
        }
        in.leave(outer);
        if (!any && nullable) {
            out.nil();
        } else if (!any) {
            out.truth(false);
        }
        return true;
    }

    private void requireDepth(int depth) {
        if (depth > DEPTH_MAX) {
            throw new WireFault("messages nested more than " + DEPTH_MAX + " deep", in.offset());
        }
    }

    private void requireTag(Slot slot, int tag) {
        if (tag != slot.tag) {
            requireType(tag, WireReader.type(slot.tag));
        }
    }

    private void requireType(int tag, int wanted) {
        if (WireReader.type(tag) != wanted) {
            throw new WireFault("wire type " + WireReader.type(tag) + " where " + wanted + " belongs", in.offset());
        }
    }
}

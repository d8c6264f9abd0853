package io.etcdmedic.codec.protobuf;

import io.etcdmedic.schema.Field;
import io.etcdmedic.schema.Omit;
import io.etcdmedic.schema.Type;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One field, with what a reader on the hot path asks of it as plain fields.
final class Slot {
    /// How often the field may stand in a message, and how.
    enum Count {
        ONE,
        LIST,
        MAP,
        INLINE
    }

    /// Source: k8s.io/kubernetes pkg/apis/apps/v1/conversion.go, which names the kind of a StatefulSet's
    /// claims.
    private static final byte[] CLAIM =
            "\"apiVersion\":\"v1\",\"kind\":\"PersistentVolumeClaim\",".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] NO_NAMES = {};

    final int number;
    /// The tag of one value.
    final int tag;
    final Content content;
    final Count count;
    /// `"name":`
    final byte[] key;
    /// Whether a single zero is left out of the JSON.
    final boolean dropsZero;
    /// Its bit among [Shape#nulls()]; 0 when it is not one of them.
    final long nullBit;
    /// Whether it is ObjectMeta's `clusterName`, which every release up to 1.23 wrote and none after it.
    final boolean clusterName;
    /// What the apiserver adds to each element, which no wire has: `"apiVersion":"v1","kind":"…",`; usually
    /// nothing.
    final byte[] answeredNames;
    private final Shapes shapes;
    private final Field field;
    private @Nullable Shape child;

    /// @param nullsBefore how many of the message's fields with lower numbers are written as null
    Slot(Shapes shapes, Field field, int nullsBefore) {
        this.shapes = shapes;
        this.field = field;
        this.number = field.number();
        this.count =
                field.inline() ? Count.INLINE : field.map() ? Count.MAP : field.repeated() ? Count.LIST : Count.ONE;
        this.content = Content.of(field);
        this.tag = number << 3
                | (count == Count.MAP ? Type.MESSAGE.wireType() : field.type().wireType());
        this.key = field.jsonKey();
        this.dropsZero = count == Count.ONE
                && field.omit() != Omit.NEVER
                && !field.pointer()
                && (field.type() != Type.MESSAGE
                        || field.omit() == Omit.ZERO
                        || content == Content.LIST
                        || content == Content.MAP);
        this.clusterName = field.jsonName().equals("clusterName");
        this.answeredNames = field.jsonName().equals("volumeClaimTemplates") ? CLAIM : NO_NAMES;
        this.nullBit = writtenAsNull() ? 1L << Math.min(nullsBefore, 63) : 0;
    }

    /// Whether JSON shows `null` where the field is not on the wire. Not for a late one: a value without it is
    /// more likely one of a release that did not know it.
    boolean writtenAsNull() {
        boolean hasNone = field.pointer() || field.repeated() || field.map() || field.type() == Type.BYTES;
        return field.omit() == Omit.NEVER && hasNone && !field.inline() && !field.late();
    }

    /// Whether Kubernetes' marshaller may leave the field out; every other single field it writes, also when
    /// zero.
    boolean mayBeAbsent() {
        return field.pointer() || field.type() == Type.BYTES;
    }

    /// Whether releases that stored this type did not know the field: then a zero is not written.
    boolean late() {
        return field.late();
    }

    /// Whether the newest release does not know the field any more.
    boolean dropped() {
        return field.dropped();
    }

    String jsonName() {
        return field.jsonName();
    }

    Type type() {
        return field.type();
    }

    Type keyType() {
        return field.keyType();
    }

    boolean pointer() {
        return field.pointer();
    }

    /// The message's shape, or the shape of one element, or of a map's values.
    Shape child() {
        Shape known = child;
        if (known == null) {
            known = shapes.of(field.message());
            child = known;
        }
        return known;
    }

    boolean isMessage() {
        return field.type() == Type.MESSAGE;
    }
}

package io.etcdmedic.schema;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The shape of the JSON that a schema promises for a stored message: keys, lists and maps, with every value that is
/// not an object replaced by its [Form] or [Type].
final class WireShape {
    private final List<String> unknown = new ArrayList<>();

    /// What the schema had no field for, as `message field`.
    List<String> unknown() {
        return unknown;
    }

    Object of(MessageType type, ByteString bytes) throws InvalidProtocolBufferException {
        return of(type, UnknownFieldSet.parseFrom(bytes));
    }

    private Object of(MessageType type, UnknownFieldSet wire) throws InvalidProtocolBufferException {
        return switch (type.form()) {
            case MESSAGE -> {
                Map<String, Object> object = new TreeMap<>();
                addFields(object, type, wire);
                yield object;
            }
            case LIST, MAP -> ofField(type.fields().getFirst(), wire.getField(1));
            case SCHEMA_OR_BOOL -> wire.hasField(2) ? ofElement(type, 2, wire) : "BOOL";
            case SCHEMA_OR_ARRAY -> wire.hasField(2) ? ofElement(type, 2, wire) : ofElement(type, 1, wire);
            case SCHEMA_OR_STRINGS -> wire.hasField(2) ? ofElement(type, 2, wire) : ofElement(type, 1, wire);
            case TIME, MICRO_TIME, DURATION, QUANTITY, INT_OR_STRING, RAW_EXTENSION, FIELDS_V1, JSON ->
                type.form().name();
        };
    }

    private Object ofElement(MessageType type, int number, UnknownFieldSet wire) throws InvalidProtocolBufferException {
        Field field = type.field(number);
        return field == null ? "" : ofField(field, wire.getField(number));
    }

    private void addFields(Map<String, Object> object, MessageType type, UnknownFieldSet wire)
            throws InvalidProtocolBufferException {
        for (int number : wire.asMap().keySet()) {
            if (type.field(number) == null) {
                unknown.add(type.name() + " " + number);
            }
        }
        for (Field field : type.fields()) {
            UnknownFieldSet.Field values = wire.getField(field.number());
            if (field.inline()) {
                addFields(object, field.message(), merged(values));
            } else if (isWritten(field, values)) {
                object.put(field.jsonName(), ofField(field, values));
            }
        }
    }

    /// Go's rules for `omitempty` and pointers. A value that is no pointer is always on the wire, unless the
    /// release that wrote the object did not know the field: then its JSON did not have it either.
    private static boolean isWritten(Field field, UnknownFieldSet.Field values) throws InvalidProtocolBufferException {
        boolean present = !values.equals(UnknownFieldSet.Field.getDefaultInstance());
        if (field.pointer() || field.repeated() || field.map() || field.type() == Type.BYTES) {
            return present || field.omit() == Omit.NEVER && !field.late();
        }
        if (!present || field.omit() == Omit.NEVER) {
            return present;
        }
        if (field.type() == Type.MESSAGE) {
            return field.omit() == Omit.EMPTY || !merged(values).asMap().isEmpty();
        }
        return values.getVarintList().stream().anyMatch(v -> v != 0)
                || values.getFixed64List().stream().anyMatch(v -> v != 0)
                || values.getLengthDelimitedList().stream().anyMatch(v -> !v.isEmpty());
    }

    private Object ofField(Field field, UnknownFieldSet.Field values) throws InvalidProtocolBufferException {
        if (field.map()) {
            Map<String, Object> map = new TreeMap<>();
            for (ByteString bytes : values.getLengthDelimitedList()) {
                UnknownFieldSet entry = UnknownFieldSet.parseFrom(bytes);
                map.put(
                        entry.getField(1).getLengthDelimitedList().getFirst().toStringUtf8(),
                        ofValue(field, entry.getField(2)));
            }
            return map;
        }
        if (!field.repeated()) {
            return ofValue(field, values);
        }
        List<Object> list = new ArrayList<>();
        for (ByteString element : values.getLengthDelimitedList()) {
            list.add(field.type() == Type.MESSAGE ? of(field.message(), element) : field.type());
        }
        values.getVarintList().forEach(_ -> list.add(field.type()));
        return list;
    }

    private Object ofValue(Field field, UnknownFieldSet.Field values) throws InvalidProtocolBufferException {
        return field.type() == Type.MESSAGE ? of(field.message(), merged(values)) : field.type();
    }

    private static UnknownFieldSet merged(UnknownFieldSet.Field values) throws InvalidProtocolBufferException {
        UnknownFieldSet.Builder merged = UnknownFieldSet.newBuilder();
        for (ByteString bytes : values.getLengthDelimitedList()) {
            merged.mergeFrom(bytes);
        }
        return merged.build();
    }
}

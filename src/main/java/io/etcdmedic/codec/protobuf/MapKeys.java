package io.etcdmedic.codec.protobuf;

import io.etcdmedic.schema.Type;
import io.etcdmedic.wire.WireReader;

/// Keys of maps that are no text; JSON has them as text all the same.
final class MapKeys {
    private MapKeys() {}

    static String text(Type type, WireReader in) {
        return switch (type) {
            case BOOL -> Boolean.toString(in.varint() != 0);
            case INT32 -> Integer.toString((int) in.varint());
            case INT64, ENUM -> Long.toString(in.varint());
            case UINT32 -> Integer.toUnsignedString((int) in.varint());
            case UINT64 -> Long.toUnsignedString(in.varint());
            case SINT32, SINT64 -> Long.toString(unzigzag(in.varint()));
            case FIXED32 -> Integer.toUnsignedString(in.fixed32());
            case SFIXED32 -> Integer.toString(in.fixed32());
            case FIXED64 -> Long.toUnsignedString(in.fixed64());
            case SFIXED64 -> Long.toString(in.fixed64());
            case STRING, BYTES, MESSAGE, DOUBLE, FLOAT -> throw new IllegalArgumentException("keys of type " + type);
        };
    }

    static long unzigzag(long wire) {
        return wire >>> 1 ^ -(wire & 1);
    }
}

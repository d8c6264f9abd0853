package io.etcdmedic.schema;

import java.util.Locale;

/// What a field holds, in protobuf's words, with the wire type that carries one value of it.
public enum Type {
    DOUBLE(1),
    FLOAT(5),
    INT64(0),
    UINT64(0),
    INT32(0),
    FIXED64(1),
    FIXED32(5),
    BOOL(0),
    STRING(2),
    BYTES(2),
    UINT32(0),
    /// A number; Kubernetes itself has none, a user's descriptor set may.
    ENUM(0),
    SFIXED32(5),
    SFIXED64(1),
    SINT32(0),
    SINT64(0),
    MESSAGE(2);

    private final int wireType;

    Type(int wireType) {
        this.wireType = wireType;
    }

    /// 0 a varint, 1 eight bytes, 2 length and bytes, 5 four bytes.
    public int wireType() {
        return wireType;
    }

    /// Whether several values may share one run of bytes (`[packed = true]`); a reader must take
    /// both forms.
    public boolean packable() {
        return wireType != 2;
    }

    /// The word in a `.proto` file: `int32`.
    String keyword() {
        return name().toLowerCase(Locale.ROOT);
    }
}

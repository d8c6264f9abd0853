package io.etcdmedic.codec.protobuf;

import io.etcdmedic.schema.Field;
import io.etcdmedic.schema.Type;

/// What one value is, on the wire and in JSON together.
enum Content {
    TEXT,
    BYTES,
    TRUTH,
    SIGNED_32,
    SIGNED_64,
    UNSIGNED_32,
    UNSIGNED_64,
    ZIGZAG,
    FIXED_32,
    SIGNED_FIXED_32,
    FIXED_64,
    SIGNED_FIXED_64,
    FLOAT,
    DOUBLE,
    MESSAGE,
    TIME,
    MICRO_TIME,
    DURATION,
    QUANTITY,
    INT_OR_STRING,
    RAW_EXTENSION,
    FIELDS_V1,
    JSON,
    LIST,
    MAP,
    SCHEMA_OR_BOOL,
    SCHEMA_OR_ARRAY,
    SCHEMA_OR_STRINGS;

    static Content of(Field field) {
        return field.type() == Type.MESSAGE ? ofMessage(field) : ofScalar(field.type());
    }

    private static Content ofMessage(Field field) {
        return switch (field.message().form()) {
            case MESSAGE -> MESSAGE;
            case TIME -> TIME;
            case MICRO_TIME -> MICRO_TIME;
            case DURATION -> DURATION;
            case QUANTITY -> QUANTITY;
            case INT_OR_STRING -> INT_OR_STRING;
            case RAW_EXTENSION -> RAW_EXTENSION;
            case FIELDS_V1 -> FIELDS_V1;
            case JSON -> JSON;
            case LIST -> LIST;
            case MAP -> MAP;
            case SCHEMA_OR_BOOL -> SCHEMA_OR_BOOL;
            case SCHEMA_OR_ARRAY -> SCHEMA_OR_ARRAY;
            case SCHEMA_OR_STRINGS -> SCHEMA_OR_STRINGS;
        };
    }

    private static Content ofScalar(Type type) {
        return switch (type) {
            case STRING -> TEXT;
            case BYTES -> BYTES;
            case BOOL -> TRUTH;
            case INT32, ENUM -> SIGNED_32;
            case INT64 -> SIGNED_64;
            case UINT32 -> UNSIGNED_32;
            case UINT64 -> UNSIGNED_64;
            case SINT32, SINT64 -> ZIGZAG;
            case FIXED32 -> FIXED_32;
            case SFIXED32 -> SIGNED_FIXED_32;
            case FIXED64 -> FIXED_64;
            case SFIXED64 -> SIGNED_FIXED_64;
            case FLOAT -> FLOAT;
            case DOUBLE -> DOUBLE;
            case MESSAGE -> MESSAGE;
        };
    }
}

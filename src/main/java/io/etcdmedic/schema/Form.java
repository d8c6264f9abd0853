package io.etcdmedic.schema;

/// How a message is written in JSON. What is called empty has no bytes on the wire.
///
/// Source: the Go types' MarshalJSON methods in k8s.io/apimachinery and k8s.io/apiextensions-apiserver.
public enum Form {
    /// An object with the message's fields.
    MESSAGE,
    /// RFC 3339 in whole seconds, UTC; fields `seconds` = 1, `nanos` = 2; null when empty.
    TIME,
    /// RFC 3339 with exactly six digits of a second, UTC; fields as in [#TIME]; null when empty.
    MICRO_TIME,
    /// Go's text of a duration, `1h30m0s`; field 1 holds nanoseconds.
    DURATION,
    /// The string that is field 1, as it stands.
    QUANTITY,
    /// Field 1 is the kind: 0 a number (field 2), 1 a string (field 3).
    INT_OR_STRING,
    /// Field 1 holds JSON (or another encoded object); null when empty.
    RAW_EXTENSION,
    /// Field 1 holds JSON; null when empty.
    FIELDS_V1,
    /// Field 1 holds JSON; null when empty.
    JSON,
    /// The list that is field 1.
    LIST,
    /// The map that is field 1.
    MAP,
    /// Field 2, a schema; without it field 1, a bool.
    SCHEMA_OR_BOOL,
    /// Field 2, a list of schemas; when empty field 1, a schema; null without both.
    SCHEMA_OR_ARRAY,
    /// Field 2, a list of strings; when empty field 1, a schema; null without both.
    SCHEMA_OR_STRINGS
}

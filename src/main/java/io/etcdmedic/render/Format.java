package io.etcdmedic.render;

/// The forms of output that `-o` names.
public enum Format {
    TABLE,
    WIDE,
    YAML,
    JSON,
    JSONL,
    NAME,
    /// The stored bytes, exactly.
    RAW,
    HEX,
    /// The wire structure of a value stored as protobuf, with offsets.
    PROTO,
    /// What etcd knows about a key, without its value.
    META
}

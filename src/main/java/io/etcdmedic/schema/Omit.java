package io.etcdmedic.schema;

/// When a field is left out of the JSON that an apiserver writes.
public enum Omit {
    /// Go's `omitempty`: false, 0, `""`, an unset pointer, no elements. A message by value is
    /// always written.
    EMPTY,
    /// Written even then: 0, `""`, `{}`, and `null` for lists, maps, bytes and pointers without a
    /// value.
    NEVER,
    /// Go's `omitzero`: as [#EMPTY], and a message by value is left out when nothing in it is set.
    ZERO
}

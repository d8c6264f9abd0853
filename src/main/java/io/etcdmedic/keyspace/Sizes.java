package io.etcdmedic.keyspace;

/// Is told the size of each key's value.
@FunctionalInterface
public interface Sizes {
    /// @param valueBytes the length of the stored value, in bytes
    void size(Key key, int valueBytes);
}

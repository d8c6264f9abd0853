package io.etcdmedic.keyspace;

import io.etcdmedic.bytes.Bytes;

/// One write of a transaction.
public sealed interface Write {
    Key key();

    /// @param lease the lease that the key is attached to; [LeaseId#NONE] detaches it, and it never expires
    record Put(Key key, Bytes value, LeaseId lease) implements Write {}

    /// Deletes the one key, never a range.
    record Delete(Key key) implements Write {}
}

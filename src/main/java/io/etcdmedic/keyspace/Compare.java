package io.etcdmedic.keyspace;

import io.etcdmedic.bytes.Bytes;
import java.util.List;

/// One condition of a transaction: what must be equal for its writes to happen.
///
/// An absent key has create and modification revision 0, version 0 and no lease; a comparison with its value fails.
/// Source: etcd api/etcdserverpb/rpc.proto, message Compare; LEASE is there since 3.3.
public sealed interface Compare {
    Key key();

    record Mod(Key key, long revision) implements Compare {}

    record Create(Key key, long revision) implements Compare {}

    record Version(Key key, long version) implements Compare {}

    record Lease(Key key, LeaseId lease) implements Compare {}

    record Value(Key key, Bytes value) implements Compare {}

    /// The key is not there.
    static Compare absent(Key key) {
        return new Mod(key, 0);
    }

    /// Everything that etcd can compare of `entry`, its value included: equal only when it is the very same.
    static List<Compare> same(Entry entry) {
        return List.of(
                new Mod(entry.key(), entry.modRevision().number()),
                new Create(entry.key(), entry.createRevision().number()),
                new Version(entry.key(), entry.version()),
                new Lease(entry.key(), entry.lease()),
                new Value(entry.key(), entry.value()));
    }
}

package io.etcdmedic.keyspace;

import io.etcdmedic.bytes.Bytes;

/// One key as it stood at one revision.
///
/// @param value the stored bytes; empty when only keys were asked for (see [Scan])
/// @param createRevision the revision at which the key came to be, last
/// @param modRevision the revision of the change that this entry shows
/// @param version how many changes since the creation, the creation being 1
/// Source: etcd api/mvccpb/kv.proto.
public record Entry(Key key, Bytes value, Revision createRevision, Revision modRevision, long version, LeaseId lease) {}

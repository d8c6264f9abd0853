package io.etcdmedic.etcd;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Change;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Revision;
import java.util.Optional;

/// What a watch brings.
public sealed interface WatchEvent {
    /// @param before the entry that the change replaced; empty for a new key, and where it was compacted away
    record Changed(Change change, Optional<Entry> before) implements WatchEvent {}

    /// Nothing of the range has changed up to this revision.
    record Progress(Revision upTo) implements WatchEvent {}

    /// The changes before `oldest` were compacted away while the connection was broken: some may have been missed.
    record Missed(Revision oldest) implements WatchEvent {}

    /// The connection broke; the watch goes on from `from`.
    record Reconnecting(Failure why, Revision from) implements WatchEvent {}
}

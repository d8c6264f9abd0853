package io.etcdmedic.keyspace;

import java.util.Iterator;

/// The entries of a range in key order, read piece by piece at one pinned revision: memory stays bounded
/// whatever the size of the keyspace.
///
/// Errors: `hasNext` and `next` throw [io.etcdmedic.failure.Failure.Compacted] when the pinned revision is
/// compacted away meanwhile; entries of two revisions are never mixed.
public interface Entries extends Iterator<Entry>, AutoCloseable {
    /// The revision at which every entry is read.
    Revision revision();

    @Override
    void close();
}

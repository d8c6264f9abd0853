package io.etcdmedic.repair;

import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.WritePermit;

/// The cluster beside its keys, as far as the engine needs it.
///
/// Errors: as [io.etcdmedic.keyspace.Keyspace]; whatever a change answers, it is settled by looking.
public interface ClusterAccess {

    /// Looks now; a member that does not answer is part of the answer, not an error.
    ///
    /// @throws io.etcdmedic.failure.Failure.Unreachable when no member answers at all
    Health health();

    void compact(Revision revision, WritePermit permit);

    void defragment(String memberId, String endpoint, WritePermit permit);

    void disarm(String memberId, String alarm, WritePermit permit);
}

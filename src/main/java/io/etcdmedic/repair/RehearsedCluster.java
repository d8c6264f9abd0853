package io.etcdmedic.repair;

import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.WritePermit;

/// A cluster that is looked at as it is, and on which every change goes through without being made.
public record RehearsedCluster(ClusterAccess real) implements ClusterAccess {

    @Override
    public Health health() {
        return real.health();
    }

    @Override
    public void compact(Revision revision, WritePermit permit) {}

    @Override
    public void defragment(String memberId, String endpoint, WritePermit permit) {}

    @Override
    public void disarm(String memberId, String alarm, WritePermit permit) {}
}

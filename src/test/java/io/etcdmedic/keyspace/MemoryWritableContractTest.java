package io.etcdmedic.keyspace;

class MemoryWritableContractTest extends WritableKeyspaceContract {
    @Override
    protected WritableKeyspace writable() {
        return Memory.after(KeyspaceContract.SCRIPT);
    }
}

package io.etcdmedic.keyspace;

class MemoryContractTest extends KeyspaceContract {
    @Override
    protected Keyspace afterScript() {
        return Memory.after(SCRIPT);
    }
}

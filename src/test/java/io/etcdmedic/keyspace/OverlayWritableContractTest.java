package io.etcdmedic.keyspace;

class OverlayWritableContractTest extends WritableKeyspaceContract {
    @Override
    protected WritableKeyspace writable() {
        return new Overlay(Memory.after(KeyspaceContract.SCRIPT));
    }
}

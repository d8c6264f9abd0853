package io.etcdmedic.etcd;

import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.SnapshotRequest;
import io.etcd.jetcd.api.SnapshotResponse;
import io.etcdmedic.bytes.Bytes;
import io.grpc.Context;
import java.util.Iterator;

/// One member's database, piece by piece; its last 32 bytes are the SHA-256 of all before.
///
/// Errors: `hasNext` and `next` throw `Failure.Unreachable` when the stream breaks off.
/// Source: etcd server/etcdserver/api/v3rpc/maintenance.go, Snapshot.
public final class SnapshotStream implements Iterator<Bytes>, AutoCloseable {
    private static final String OPERATION = "reading the snapshot";

    private final EtcdClient client;
    private final Context.CancellableContext context = Context.current().withCancellation();
    private final Iterator<SnapshotResponse> pieces;

    SnapshotStream(EtcdClient client) {
        this.client = client;
        Context before = context.attach();
        try {
            this.pieces =
                    client.streaming(MaintenanceGrpc::newBlockingStub).snapshot(SnapshotRequest.getDefaultInstance());
        } finally {
            context.detach(before);
        }
    }

    @Override
    public boolean hasNext() {
        return client.call(OPERATION, pieces::hasNext);
    }

    @Override
    public Bytes next() {
        SnapshotResponse piece = client.call(OPERATION, pieces::next);
        return Bytes.owned(piece.getBlob().toByteArray());
    }

    @Override
    public void close() {
        context.cancel(null);
    }
}

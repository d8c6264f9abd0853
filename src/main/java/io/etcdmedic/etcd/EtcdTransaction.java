package io.etcdmedic.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnsafeByteOperations;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.ResponseOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.keyspace.Compare;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Transaction;
import io.etcdmedic.keyspace.Write;
import java.util.List;
import java.util.Optional;

/// A transaction as etcd's protocol writes it, and entries as it writes them.
final class EtcdTransaction {
    /// Source: etcd api/etcdserverpb/rpc.proto, message Compare: `LEASE = 4`, `int64 lease = 8`, which jetcd lacks.
    private static final int TARGET_LEASE = 4;

    private static final int FIELD_LEASE = 8;

    private EtcdTransaction() {}

    static TxnRequest request(Transaction transaction) {
        TxnRequest.Builder request = TxnRequest.newBuilder();
        transaction.compares().forEach(c -> request.addCompare(compare(c)));
        transaction.writes().forEach(w -> request.addSuccess(write(w)));
        transaction
                .otherwise()
                .forEach(k -> request.addFailure(RequestOp.newBuilder()
                        .setRequestRange(RangeRequest.newBuilder().setKey(string(k.bytes())))));
        return request.build();
    }

    static Transaction.Answer answer(TxnResponse response) {
        List<Optional<Entry>> reads = response.getSucceeded()
                ? List.of()
                : response.getResponsesList().stream()
                        .map(ResponseOp::getResponseRange)
                        .map(range -> range.getKvsList().stream().findFirst().map(EtcdTransaction::entry))
                        .toList();
        return new Transaction.Answer(
                response.getSucceeded(), Revision.of(response.getHeader().getRevision()), reads);
    }

    private static io.etcd.jetcd.api.Compare compare(Compare compare) {
        io.etcd.jetcd.api.Compare.Builder built = io.etcd.jetcd.api.Compare.newBuilder()
                .setKey(string(compare.key().bytes()))
                .setResult(io.etcd.jetcd.api.Compare.CompareResult.EQUAL);
        switch (compare) {
            case Compare.Mod(var _, long revision) ->
                built.setTarget(io.etcd.jetcd.api.Compare.CompareTarget.MOD).setModRevision(revision);
            case Compare.Create(var _, long revision) ->
                built.setTarget(io.etcd.jetcd.api.Compare.CompareTarget.CREATE).setCreateRevision(revision);
            case Compare.Version(var _, long version) ->
                built.setTarget(io.etcd.jetcd.api.Compare.CompareTarget.VERSION).setVersion(version);
            case Compare.Value(var _, Bytes value) ->
                built.setTarget(io.etcd.jetcd.api.Compare.CompareTarget.VALUE).setValue(string(value));
            case Compare.Lease(var _, LeaseId lease) ->
                built.setTargetValue(TARGET_LEASE)
                        .setUnknownFields(UnknownFieldSet.newBuilder()
                                .addField(
                                        FIELD_LEASE,
                                        UnknownFieldSet.Field.newBuilder()
                                                .addVarint(lease.id())
                                                .build())
                                .build());
        }
        return built.build();
    }

    private static RequestOp write(Write write) {
        ByteString key = string(write.key().bytes());
        return switch (write) {
            case Write.Put(var _, Bytes value, LeaseId lease) ->
                RequestOp.newBuilder()
                        .setRequestPut(PutRequest.newBuilder()
                                .setKey(key)
                                .setValue(string(value))
                                .setLease(lease.id()))
                        .build();
            case Write.Delete _ ->
                RequestOp.newBuilder()
                        .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(key))
                        .build();
        };
    }

    static Entry entry(KeyValue kv) {
        return new Entry(
                new Key(Bytes.owned(kv.getKey().toByteArray())),
                Bytes.owned(kv.getValue().toByteArray()),
                Revision.of(kv.getCreateRevision()),
                Revision.of(kv.getModRevision()),
                kv.getVersion(),
                new LeaseId(kv.getLease()));
    }

    /// Shares the bytes: a `Bytes` never changes.
    static ByteString string(Bytes bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes.asBuffer());
    }
}

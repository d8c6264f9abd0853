package io.etcdmedic.etcd;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnknownFieldSet;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseTimeToLiveRequest;
import io.etcd.jetcd.api.LeaseTimeToLiveResponse;
import io.etcdmedic.keyspace.LeaseId;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What etcd says of leases; listing them is a call that jetcd lacks, so its two messages are read field by field.
///
/// Source: etcd api/etcdserverpb/rpc.proto, `rpc LeaseLeases`; `LeaseLeasesResponse.leases = 2`, `LeaseStatus.ID = 1`.
final class LeaseCalls {
    private static final int FIELD_LEASES = 2;
    private static final int FIELD_ID = 1;
    private static final MethodDescriptor<UnknownFieldSet, UnknownFieldSet> LEASES =
            MethodDescriptor.<UnknownFieldSet, UnknownFieldSet>newBuilder()
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName("etcdserverpb.Lease/LeaseLeases")
                    .setRequestMarshaller(new Fields())
                    .setResponseMarshaller(new Fields())
                    .build();

    private LeaseCalls() {}

    static List<LeaseId> all(EtcdClient client) {
        UnknownFieldSet answer = client.read("listing the leases", () -> {
            LeaseGrpc.LeaseBlockingStub stub = client.unary(LeaseGrpc::newBlockingStub);
            return ClientCalls.blockingUnaryCall(
                    stub.getChannel(), LEASES, stub.getCallOptions(), UnknownFieldSet.getDefaultInstance());
        });
        return answer.getField(FIELD_LEASES).getLengthDelimitedList().stream()
                .map(bytes -> id(bytes.newCodedInput()))
                .toList();
    }

    private static LeaseId id(CodedInputStream lease) {
        try {
            List<Long> ids = UnknownFieldSet.parseFrom(lease).getField(FIELD_ID).getVarintList();
            return new LeaseId(ids.isEmpty() ? 0 : ids.getLast());
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
    }

    static Optional<LeaseTime> time(EtcdClient client, LeaseId id) {
        LeaseTimeToLiveRequest request =
                LeaseTimeToLiveRequest.newBuilder().setID(id.id()).build();
        LeaseTimeToLiveResponse answer = client.read(
                "asking for the lease " + id,
                () -> client.unary(LeaseGrpc::newBlockingStub).leaseTimeToLive(request));
        // Source: etcd server/etcdserver/api/v3rpc/lease.go: -1 when the lease is gone.
        return answer.getTTL() < 0
                ? Optional.empty()
                : Optional.of(
                        new LeaseTime(Duration.ofSeconds(answer.getGrantedTTL()), Duration.ofSeconds(answer.getTTL())));
    }

    private static final class Fields implements MethodDescriptor.Marshaller<UnknownFieldSet> {
        @Override
        public InputStream stream(UnknownFieldSet value) {
            return value.toByteString().newInput();
        }

        @Override
        public UnknownFieldSet parse(InputStream stream) {
            try {
                return UnknownFieldSet.parseFrom(stream);
            } catch (IOException damaged) {
                throw new UncheckedIOException(damaged);
            }
        }
    }
}

package io.etcdmedic.etcd;

import com.google.protobuf.UnknownFieldSet;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Revision;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One watch on one stream, taken from a queue; etcd is asked for the next answer only when this one was taken.
final class WatchStream implements AutoCloseable {
    /// Source: etcd api/etcdserverpb/rpc.proto, `WatchCreateRequest.fragment` and `WatchResponse.fragment`, which
    /// jetcd lacks. Without it, the past of a busy hour comes in one message.
    private static final int FIELD_FRAGMENT_WANTED = 8;

    private static final int FIELD_FRAGMENT = 7;

    private final EtcdClient client;
    private final String operation;
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private final Receiver receiver = new Receiver();

    private sealed interface Arrival {
        record Answer(WatchResponse response) implements Arrival {}

        record End(Throwable why) implements Arrival {}
    }

    private WatchStream(EtcdClient client, String operation) {
        this.client = client;
        this.operation = operation;
    }

    /// @param from the first revision whose changes are wanted
    /// @param previous whether each event brings the value before
    static WatchStream open(EtcdClient client, KeyRange range, Revision from, boolean previous) {
        WatchStream stream = new WatchStream(client, "watching " + range.from().display());
        WatchCreateRequest.Builder create = WatchCreateRequest.newBuilder()
                .setKey(EtcdTransaction.string(range.from().bytes()))
                .setStartRevision(from.number())
                .setPrevKv(previous)
                .setProgressNotify(true)
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                FIELD_FRAGMENT_WANTED,
                                UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build());
        if (!range.isSingle()) {
            create.setRangeEnd(range.end()
                    .map(end -> EtcdTransaction.string(end.bytes()))
                    .orElse(com.google.protobuf.ByteString.copyFrom(new byte[] {0})));
        }
        stream.receiver.begin(client.streaming(WatchGrpc::newStub).watch(stream.receiver), create);
        return stream;
    }

    /// The next answer; empty when none came within `patience`.
    ///
    /// @throws Failure.Unreachable when the stream broke off
    Optional<WatchResponse> next(Duration patience) {
        try {
            Arrival arrival = arrivals.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            return switch (arrival) {
                case null -> Optional.empty();
                case Arrival.Answer(WatchResponse response) -> {
                    receiver.more();
                    yield Optional.of(response);
                }
                case Arrival.End(Throwable why) -> {
                    arrivals.add(arrival);
                    throw client.failure(operation, why);
                }
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure.Interrupted(
                    ExitCode.INTERRUPTED, Problem.in(operation).found("interrupted"));
        }
    }

    /// Whether more of the same batch follows.
    static boolean isFragment(WatchResponse response) {
        return response.getUnknownFields()
                .getField(FIELD_FRAGMENT)
                .getVarintList()
                .contains(1L);
    }

    /// @throws Failure.Compacted when etcd says that the watch begins too early
    static void requireNotCompacted(WatchResponse response, Key key) {
        if (response.getCompactRevision() > 0) {
            throw new Failure.Compacted(Problem.in("watching " + key.display())
                    .found("everything before revision " + response.getCompactRevision() + " has been compacted away")
                    .hint("begin at revision " + response.getCompactRevision() + " or later"));
        }
    }

    private final class Receiver implements ClientResponseObserver<WatchRequest, WatchResponse> {
        private Optional<ClientCallStreamObserver<WatchRequest>> call = Optional.empty();

        @Override
        public void beforeStart(ClientCallStreamObserver<WatchRequest> stream) {
            call = Optional.of(stream);
            stream.disableAutoRequestWithInitial(2);
        }

        void begin(io.grpc.stub.StreamObserver<WatchRequest> requests, WatchCreateRequest.Builder create) {
            requests.onNext(WatchRequest.newBuilder().setCreateRequest(create).build());
        }

        void more() {
            call.ifPresent(c -> c.request(1));
        }

        void cancel() {
            call.ifPresent(c -> c.cancel("done", null));
        }

        @Override
        public void onNext(WatchResponse response) {
            arrivals.add(new Arrival.Answer(response));
        }

        @Override
        public void onError(@Nullable Throwable why) {
            arrivals.add(new Arrival.End(why == null ? Status.UNKNOWN.asRuntimeException() : why));
        }

        @Override
        public void onCompleted() {
            arrivals.add(new Arrival.End(
                    Status.UNAVAILABLE.withDescription("etcd ended the watch").asRuntimeException()));
        }
    }

    @Override
    public void close() {
        receiver.cancel();
    }
}

package io.etcdmedic.etcd;

import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Sits between jetcd and its channel, which jetcd shows to nobody: puts a deadline on every call that jetcd leaves
/// without one, and hands the channel to those who need a call that jetcd does not offer.
///
/// The very first call is only there to learn the channel; it is ended before it reaches the network.
final class Tap implements ClientInterceptor {
    private final Duration commandMax;
    private volatile Optional<Wired> wired = Optional.empty();

    /// @param credentials what jetcd adds to a call: the token of etcd's own authentication
    record Wired(Channel channel, Optional<CallCredentials> credentials) {}

    Tap(Duration commandMax) {
        this.commandMax = commandMax;
    }

    Optional<Wired> wired() {
        return wired;
    }

    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        if (wired.isEmpty()) {
            wired = Optional.of(new Wired(next, Optional.ofNullable(options.getCredentials())));
            return new Ended<>();
        }
        boolean unbounded = options.getDeadline() == null && method.getType() == MethodDescriptor.MethodType.UNARY;
        return next.newCall(
                method, unbounded ? options.withDeadlineAfter(commandMax.toMillis(), TimeUnit.MILLISECONDS) : options);
    }

    /// A call that is over before it begins.
    private static final class Ended<Q, R> extends ClientCall<Q, R> {
        @Override
        public void start(Listener<R> listener, Metadata headers) {
            listener.onClose(Status.CANCELLED, new Metadata());
        }

        @Override
        public void request(int messages) {
            // Nothing will come.
        }

        @Override
        public void cancel(@Nullable String message, @Nullable Throwable cause) {
            // It is over already.
        }

        @Override
        public void halfClose() {
            // It is over already.
        }

        @Override
        public void sendMessage(Q message) {
            // It is over already.
        }
    }
}

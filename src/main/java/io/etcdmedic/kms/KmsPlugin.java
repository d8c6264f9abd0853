package io.etcdmedic.kms;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.encryption.KeyService;
import io.etcdmedic.codec.encryption.Provider;
import io.etcdmedic.wire.WireFault;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// One plugin's `v2.KeyManagementService` on its Unix socket.
///
/// A plugin that did not answer in time is not asked again for half a minute, so that a listing of a thousand
/// values does not wait a thousand times. Source: k8s.io/kms apis/v2/api.proto; k8s.io/apiserver
/// envelope/kmsv2/grpc_service.go.
final class KmsPlugin implements KeyService, AutoCloseable {
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final MethodDescriptor<Bytes, Bytes> DECRYPT = method("Decrypt");
    private static final MethodDescriptor<Bytes, Bytes> ENCRYPT = method("Encrypt");
    private final Provider.Kms provider;
    private final EventLoopGroup loop;
    private Optional<ManagedChannel> channel = Optional.empty();
    private Optional<Silence> silence = Optional.empty();

    KmsPlugin(Provider.Kms provider, EventLoopGroup loop) {
        this.provider = provider;
        this.loop = loop;
    }

    private record Silence(String found, long sinceNanos) {}

    @Override
    public synchronized Bytes unwrap(WrappedKey wrapped) {
        Bytes answer = call(DECRYPT, KmsMessages.decryptRequest(wrapped, uid()));
        try {
            return KmsMessages.plaintext(answer);
        } catch (WireFault nonsense) {
            throw unreadable(nonsense);
        }
    }

    @Override
    public synchronized WrappedKey wrap(Bytes key) {
        Bytes answer = call(ENCRYPT, KmsMessages.encryptRequest(key, uid()));
        try {
            return KmsMessages.wrapped(answer);
        } catch (WireFault nonsense) {
            throw unreadable(nonsense);
        }
    }

    private static Unavailable unreadable(WireFault nonsense) {
        return new Unavailable("the plugin's answer is not what the protocol says: " + nonsense.found());
    }

    private Bytes call(MethodDescriptor<Bytes, Bytes> method, Bytes request) {
        silence.filter(s -> System.nanoTime() - s.sinceNanos() < REST_NANOS).ifPresent(s -> {
            throw new Unavailable(s.found());
        });
        // Made before the time begins to run: the library's own start is not the plugin's fault.
        ManagedChannel opened = channel();
        CallOptions options =
                CallOptions.DEFAULT.withDeadlineAfter(provider.timeout().toNanos(), TimeUnit.NANOSECONDS);
        try {
            return ClientCalls.blockingUnaryCall(opened, method, options, request);
        } catch (StatusRuntimeException refused) {
            Unavailable failed = new Unavailable(words(refused.getStatus()));
            failed.initCause(refused);
            Status.Code code = refused.getStatus().getCode();
            if (code == Status.Code.UNAVAILABLE || code == Status.Code.DEADLINE_EXCEEDED) {
                silence = Optional.of(new Silence(failed.found(), System.nanoTime()));
            }
            throw failed;
        }
    }

    private String words(Status status) {
        String at = "the plugin at " + provider.endpoint() + " ";
        return switch (status.getCode()) {
            case UNAVAILABLE -> at + (Files.exists(socket()) ? "does not accept connections" : "is not there");
            case DEADLINE_EXCEEDED ->
                at + "did not answer within " + provider.timeout().toMillis() + " ms";
            case UNIMPLEMENTED -> at + "does not speak v2.KeyManagementService";
            default -> at + "refused: " + status.getCode() + detail(status);
        };
    }

    private static String detail(Status status) {
        return status.getDescription() == null ? "" : ", " + status.getDescription();
    }

    private ManagedChannel channel() {
        if (channel.isEmpty()) {
            if (provider.endpoint().startsWith("unix:///@")) {
                throw new Unavailable("its socket " + provider.endpoint()
                        + " has an abstract name, which Java cannot connect to; a plugin can listen on a path as well");
            }
            channel = Optional.of(NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket()))
                    .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                    .eventLoopGroup(loop)
                    .overrideAuthority("localhost")
                    .usePlaintext()
                    .disableRetry()
                    .build());
        }
        return channel.get();
    }

    private Path socket() {
        return Path.of(provider.endpoint().substring("unix://".length()));
    }

    private static String uid() {
        return UUID.randomUUID().toString();
    }

    private static MethodDescriptor<Bytes, Bytes> method(String name) {
        return MethodDescriptor.<Bytes, Bytes>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("v2.KeyManagementService/" + name)
                .setRequestMarshaller(KmsMessages.MARSHALLER)
                .setResponseMarshaller(KmsMessages.MARSHALLER)
                .build();
    }

    @Override
    public synchronized void close() {
        channel.ifPresent(ManagedChannel::shutdownNow);
    }
}

package io.etcdmedic.kms;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.wire.WireReader;
import io.etcdmedic.wire.WireWriter;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A KMS plugin of version 2 on a Unix socket: it "wraps" a key by turning its bits, and says so in an annotation.
public final class PluginForTests implements AutoCloseable {
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Server server;
    public final AtomicInteger calls = new AtomicInteger();
    private volatile Mood mood = Mood.WELL;

    public enum Mood {
        WELL,
        HANGING,
        NONSENSE,
        SHORT_KEY,
        OTHER_KEY,
        REFUSING
    }

    public PluginForTests(Path socket) throws IOException {
        server = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioServerDomainSocketChannel.class)
                .bossEventLoopGroup(loop)
                .workerEventLoopGroup(loop)
                .addService(ServerServiceDefinition.builder("v2.KeyManagementService")
                        .addMethod(method("Decrypt"), ServerCalls.asyncUnaryCall(this::decrypt))
                        .addMethod(method("Encrypt"), ServerCalls.asyncUnaryCall(this::encrypt))
                        .build())
                .build()
                .start();
    }

    public void feel(Mood mood) {
        this.mood = mood;
    }

    /// What the plugin makes of a key.
    public static Bytes turned(Bytes key) {
        byte[] bytes = key.toArray();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ~bytes[i];
        }
        return Bytes.owned(bytes);
    }

    private void decrypt(Bytes request, StreamObserver<Bytes> answer) {
        Bytes ciphertext = Bytes.EMPTY;
        boolean annotated = false;
        boolean named = false;
        WireReader in = new WireReader(request);
        while (!in.atEnd()) {
            int tag = in.tag();
            switch (tag) {
                case 1 << 3 | 2 -> ciphertext = in.bytes();
                case 3 << 3 | 2 -> named = in.bytes().equals(Bytes.utf8("kek-1"));
                case 4 << 3 | 2 -> annotated = in.bytes().toUtf8().contains("turned.example.com");
                default -> in.skip(tag);
            }
        }
        if (!annotated || !named) {
            answer.onError(Status.INVALID_ARGUMENT
                    .withDescription("annotation or key ID is missing")
                    .asRuntimeException());
            return;
        }
        WireWriter out = new WireWriter(64);
        Bytes key = turned(ciphertext);
        out.field(1, mood == Mood.SHORT_KEY ? key.slice(0, 7) : mood == Mood.OTHER_KEY ? turned(key) : key);
        answer(out.toBytes(), answer);
    }

    private void encrypt(Bytes request, StreamObserver<Bytes> answer) {
        WireReader in = new WireReader(request);
        Bytes plaintext = Bytes.EMPTY;
        while (!in.atEnd()) {
            int tag = in.tag();
            if (tag == (1 << 3 | 2)) {
                plaintext = in.bytes();
            } else {
                in.skip(tag);
            }
        }
        WireWriter out = new WireWriter(64);
        out.field(2, Bytes.utf8("yes"));
        out.field(1, Bytes.utf8("turned.example.com"));
        out.message(3, 0);
        out.field(2, Bytes.utf8("kek-1"));
        out.field(1, turned(plaintext));
        answer(out.toBytes(), answer);
    }

    private void answer(Bytes message, StreamObserver<Bytes> answer) {
        calls.incrementAndGet();
        switch (mood) {
            case HANGING -> {}
            case REFUSING ->
                answer.onError(Status.PERMISSION_DENIED
                        .withDescription("the HSM is sealed")
                        .asRuntimeException());
            case NONSENSE -> {
                answer.onNext(Bytes.utf8("Hello, operator"));
                answer.onCompleted();
            }
            case WELL, SHORT_KEY, OTHER_KEY -> {
                answer.onNext(message);
                answer.onCompleted();
            }
        }
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
    public void close() {
        server.shutdownNow();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}

import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.ResponseHeader;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;

/// Answers one key over TLS, so that training the ahead-of-time cache needs no etcd. Nobody else may use it.
///
/// Arguments: a key store made by keytool, its password, and the folder in which it puts `cert.pem`, `key.pem` and,
/// when it listens, `port`. It ends with its standard input.
public final class EtcdStandIn {
    private static final ResponseHeader HEADER =
            ResponseHeader.newBuilder().setClusterId(1).setMemberId(1).setRevision(2).build();

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[2]);
        char[] password = args[1].toCharArray();
        KeyStore store = KeyStore.getInstance(Path.of(args[0]).toFile(), password);
        PrivateKey key = (PrivateKey) store.getKey("etcd", password);
        X509Certificate certificate = (X509Certificate) store.getCertificate("etcd");
        X509Certificate authority = (X509Certificate) store.getCertificate("ca");
        pem(folder.resolve("cert.pem"), "CERTIFICATE", certificate.getEncoded());
        pem(folder.resolve("key.pem"), "PRIVATE KEY", key.getEncoded());
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .sslContext(GrpcSslContexts.configure(SslContextBuilder.forServer(key, certificate), SslProvider.JDK)
                        .trustManager(authority)
                        .clientAuth(ClientAuth.REQUIRE)
                        .build())
                .addService(new Keys())
                .addService(new Maintenance())
                .build()
                .start();
        Files.writeString(folder.resolve("port.new"), Integer.toString(server.getPort()));
        Files.move(folder.resolve("port.new"), folder.resolve("port"));
        System.in.readAllBytes();
        System.exit(0);
    }

    private static void pem(Path file, String label, byte[] der) throws Exception {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(file, "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n");
    }

    private static final class Keys extends KVGrpc.KVImplBase {
        @Override
        public void range(RangeRequest request, StreamObserver<RangeResponse> answer) {
            answer.onNext(RangeResponse.newBuilder()
                    .setHeader(HEADER)
                    .setCount(1)
                    .addKvs(KeyValue.newBuilder()
                            .setKey(request.getKey())
                            .setValue(request.getKey())
                            .setCreateRevision(2)
                            .setModRevision(2)
                            .setVersion(1))
                    .build());
            answer.onCompleted();
        }
    }

    private static final class Maintenance extends MaintenanceGrpc.MaintenanceImplBase {
        @Override
        public void status(StatusRequest request, StreamObserver<StatusResponse> answer) {
            answer.onNext(StatusResponse.newBuilder().setHeader(HEADER).setVersion("3.6.0").build());
            answer.onCompleted();
        }
    }
}

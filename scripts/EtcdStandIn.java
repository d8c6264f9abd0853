import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.etcd.jetcd.api.AlarmRequest;
import io.etcd.jetcd.api.AlarmResponse;
import io.etcd.jetcd.api.ClusterGrpc;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.Member;
import io.etcd.jetcd.api.MemberListRequest;
import io.etcd.jetcd.api.MemberListResponse;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.ResponseHeader;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.etcdmedic.codec.Codec;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.snapshot.SnapshotFile;
import io.etcdmedic.snapshot.SnapshotKeyspace;
import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// Answers reads of the demo's cluster over TLS, as its etcd and as its kube-apiserver, so that training the
/// ahead-of-time cache needs neither. Nobody else may use it.
///
/// Arguments: a key store made by keytool, its password, and the folder in which it puts `cert.pem`, `key.pem`,
/// `kubeconfig` and, when it listens, `port`. It ends with its standard input.
public final class EtcdStandIn {
    private static final String BROKEN = "/io/etcdmedic/snapshot/servicecidr-broken.db";
    private static final NavigableMap<ByteString, KeyValue> KEYS =
            new TreeMap<>(ByteString.unsignedLexicographicalComparator());
    private static ResponseHeader header = ResponseHeader.getDefaultInstance();
    private static String kubeSystem = "";

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[2]);
        char[] password = args[1].toCharArray();
        KeyStore store = KeyStore.getInstance(Path.of(args[0]).toFile(), password);
        PrivateKey key = (PrivateKey) store.getKey("etcd", password);
        X509Certificate certificate = (X509Certificate) store.getCertificate("etcd");
        X509Certificate authority = (X509Certificate) store.getCertificate("ca");
        pem(folder.resolve("cert.pem"), "CERTIFICATE", certificate.getEncoded());
        pem(folder.resolve("key.pem"), "PRIVATE KEY", key.getEncoded());
        load(folder.resolve("demo.db"));
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .sslContext(GrpcSslContexts.configure(SslContextBuilder.forServer(key, certificate), SslProvider.JDK)
                        .trustManager(authority)
                        .clientAuth(ClientAuth.REQUIRE)
                        .build())
                .addService(new Keys())
                .addService(new Maintenance())
                .addService(new Members())
                .build()
                .start();
        Files.writeString(folder.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: training, cluster: {server: "https://127.0.0.1:%d", certificate-authority: ca.pem}}]
                users: [{name: training, user: {client-certificate: cert.pem, client-key: key.pem}}]
                contexts: [{name: training, context: {cluster: training, user: training}}]
                current-context: training
                """.formatted(kubernetes(store, password)));
        Files.writeString(folder.resolve("port.new"), Integer.toString(server.getPort()));
        Files.move(folder.resolve("port.new"), folder.resolve("port"));
        System.in.readAllBytes();
        System.exit(0);
    }

    private static void pem(Path file, String label, byte[] der) throws Exception {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(file, "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n");
    }

    private static void load(Path file) throws IOException {
        try (InputStream demo = Codec.class.getResourceAsStream(BROKEN)) {
            Files.copy(demo, file);
        }
        try (SnapshotKeyspace keyspace = SnapshotFile.open(file);
                Entries entries = keyspace.scan(KeyRange.all(), Scan.values())) {
            header = ResponseHeader.newBuilder()
                    .setClusterId(1)
                    .setMemberId(1)
                    .setRevision(keyspace.revision().number())
                    .build();
            while (entries.hasNext()) {
                Entry entry = entries.next();
                ByteString name = ByteString.copyFrom(entry.key().bytes().toArray());
                KEYS.put(name, KeyValue.newBuilder()
                        .setKey(name)
                        .setValue(ByteString.copyFrom(entry.value().toArray()))
                        .setCreateRevision(entry.createRevision().number())
                        .setModRevision(entry.modRevision().number())
                        .setVersion(entry.version())
                        .build());
                if (entry.key().text().equals("/registry/namespaces/kube-system")) {
                    kubeSystem = Codec.plain().document(entry).text("metadata", "uid").orElseThrow();
                }
            }
        }
    }

    /// @return the port on which the Kubernetes API answers
    private static int kubernetes(KeyStore store, char[] password) throws Exception {
        store.deleteEntry("ca");
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.createContext("/", EtcdStandIn::answer);
        server.start();
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String text = Map.of(
                        "/readyz", "ok",
                        "/version", "{\"major\":\"1\",\"minor\":\"36\",\"gitVersion\":\"v1.36.2\"}",
                        "/apis/networking.k8s.io", "{\"versions\":[{\"version\":\"v1\"}]}",
                        "/apis/networking.k8s.io/v1", "{\"resources\":[{\"name\":\"servicecidrs\"},{\"name\":\"ipaddresses\"}]}",
                        "/api/v1/namespaces/kube-system", "{\"metadata\":{\"uid\":\"" + kubeSystem + "\"}}")
                .getOrDefault(exchange.getRequestURI().getPath(), "");
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(text.isEmpty() ? 404 : 200, text.isEmpty() ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static final class Keys extends KVGrpc.KVImplBase {
        @Override
        public void range(RangeRequest request, StreamObserver<RangeResponse> answer) {
            ByteString from = request.getKey();
            ByteString to = request.getRangeEnd();
            NavigableMap<ByteString, KeyValue> asked = to.isEmpty()
                    ? KEYS.subMap(from, true, from, true)
                    : to.equals(ByteString.copyFrom(new byte[1]))
                            ? KEYS.tailMap(from, true)
                            : KEYS.subMap(from, true, to, false);
            long limit = request.getLimit() == 0 ? Long.MAX_VALUE : request.getLimit();
            RangeResponse.Builder found = RangeResponse.newBuilder()
                    .setHeader(header)
                    .setCount(asked.size())
                    .setMore(asked.size() > limit);
            if (!request.getCountOnly()) {
                asked.values().stream()
                        .limit(limit)
                        .map(kv -> request.getKeysOnly() ? kv.toBuilder().clearValue().build() : kv)
                        .forEach(found::addKvs);
            }
            answer.onNext(found.build());
            answer.onCompleted();
        }
    }

    private static final class Maintenance extends MaintenanceGrpc.MaintenanceImplBase {
        @Override
        public void status(StatusRequest request, StreamObserver<StatusResponse> answer) {
            answer.onNext(StatusResponse.newBuilder()
                    .setHeader(header)
                    .setVersion("3.6.0")
                    .setLeader(1)
                    .build());
            answer.onCompleted();
        }

        @Override
        public void alarm(AlarmRequest request, StreamObserver<AlarmResponse> answer) {
            answer.onNext(AlarmResponse.newBuilder().setHeader(header).build());
            answer.onCompleted();
        }
    }

    private static final class Members extends ClusterGrpc.ClusterImplBase {
        @Override
        public void memberList(MemberListRequest request, StreamObserver<MemberListResponse> answer) {
            answer.onNext(MemberListResponse.newBuilder()
                    .setHeader(header)
                    .addMembers(Member.newBuilder().setID(1).setName("training"))
                    .build());
            answer.onCompleted();
        }
    }
}

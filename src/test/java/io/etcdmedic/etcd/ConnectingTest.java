package io.etcdmedic.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Key;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Each way in which a connection can fail has its own words, on each etcd: started once, with
/// `--client-cert-auth`.
@ParameterizedClass(name = "{0}")
@MethodSource("binaries")
class ConnectingTest {
    private static RealCluster cluster;
    private static Path binary = Path.of("");

    @TempDir
    Path folder = Path.of("");

    static List<Path> binaries() {
        return RealCluster.binaries();
    }

    @BeforeParameterizedClassInvocation
    static void start(Path of, @TempDir Path folder) throws Exception {
        binary = of;
        cluster = RealCluster.start(binary, folder.resolve("cluster"), 1);
        cluster.etcdctl("put", "/registry/a", "1");
    }

    @AfterParameterizedClassInvocation
    static void close() {
        cluster.close();
    }

    /// Only the class's own start needs it.
    ConnectingTest(Path of) {
        assertThat(of).isEqualTo(binary);
    }

    @ParameterizedTest
    @EnumSource(TestPki.KeyKind.class)
    void everyKindOfKeyConnects(TestPki.KeyKind kind) throws Exception {
        TestPki.Pair pair = cluster.pki().issue("client-" + kind, "", kind);
        connectsAs(pair.certificate(), pair.key());
    }

    @ParameterizedTest
    @EnumSource(names = {"RSA_PKCS8", "EC_PKCS8", "ED25519"})
    void everyKindOfMemberKeyIsAccepted(TestPki.KeyKind kind) throws Exception {
        try (RealCluster member = RealCluster.startWith(
                        binary, folder.resolve("member"), pki -> pki.issue("etcd", "IP:127.0.0.1", kind));
                EtcdCluster opened = EtcdCluster.open(member.connection())) {
            assertThat(opened.members()).hasSize(1);
        }
    }

    @Test
    void certificateAndKeyInOneFile() throws Exception {
        Path both = folder.resolve("both.pem");
        Files.writeString(
                both,
                Files.readString(cluster.client().certificate())
                        + Files.readString(cluster.client().key()));
        connects(new TlsFiles(Optional.of(cluster.pki().ca()), Optional.of(both), Optional.empty(), () -> new char[0]));
    }

    @ParameterizedTest
    @EnumSource(names = {"RSA_PKCS8", "EC_PKCS8"})
    void anEncryptedKeyAsksForItsPassphrase(TestPki.KeyKind kind) throws Exception {
        TestPki.Pair pair = cluster.pki().issue("secret-" + kind, "", kind);
        Path locked = folder.resolve("locked-" + kind + ".pem");
        TestPki.openssl(
                "pkcs8", "-topk8", "-in", pair.key().toString(), "-out", locked.toString(), "-passout", "pass:secret");
        TlsFiles right = new TlsFiles(
                Optional.of(cluster.pki().ca()),
                Optional.of(pair.certificate()),
                Optional.of(locked),
                "secret"::toCharArray);
        connects(right);
        TlsFiles wrong = new TlsFiles(right.ca(), right.certificate(), right.key(), "not it"::toCharArray);
        assertThatThrownBy(() -> EtcdCluster.open(with(wrong)))
                .isInstanceOf(Failure.Locked.class)
                .hasMessageContaining("the passphrase is wrong");
    }

    private static void connectsAs(Path certificate, Path key) {
        connects(new TlsFiles(
                Optional.of(cluster.pki().ca()), Optional.of(certificate), Optional.of(key), () -> new char[0]));
    }

    private static void connects(TlsFiles files) {
        try (EtcdCluster opened = EtcdCluster.open(with(files))) {
            assertThat(opened.keyspace().get(Key.of("/registry/a"))).isPresent();
        }
    }

    private static Connection with(TlsFiles files) {
        Connection own = cluster.connection();
        return new Connection(
                own.endpoints(), files, own.login(), own.serverName(), own.dialMax(), own.commandMax(), own.origin());
    }

    private static Failure failure(Connection connection) {
        return catchThrowableOfType(
                Failure.class, () -> EtcdCluster.open(connection).close());
    }

    private static void fails(Connection connection, ExitCode code, String... words) {
        Failure failure = failure(connection);
        assertThat(failure.problem().message()).contains(words);
        assertThat(failure.problem().hint()).isNotEmpty();
        assertThat(failure.exitCode()).isEqualTo(code);
    }

    @Test
    void aUnixSocketSaysHowToReachIt() {
        assertThatThrownBy(() -> to("unixs:///run/etcd.sock"))
                .isInstanceOf(Failure.Usage.class)
                .hasMessageContaining("a Unix socket")
                .satisfies(thrown -> assertThat(((Failure) thrown).problem().hint())
                        .contains("UNIX-CONNECT:/run/etcd.sock", "https://127.0.0.1:"));
    }

    @Test
    void refused() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        fails(to("https://127.0.0.1:" + port), ExitCode.UNREACHABLE, "refused");
    }

    @Test
    void silentServer() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            fails(to("https://127.0.0.1:" + socket.getLocalPort()), ExitCode.UNREACHABLE, "timed out");
        }
    }

    @Test
    void unknownName() {
        fails(to("https://etcd.invalid:2379"), ExitCode.UNREACHABLE, "etcd.invalid", "resolve");
    }

    @Test
    void unknownAuthority() throws Exception {
        TestPki other = new TestPki(folder.resolve("other"), "other-ca");
        fails(
                Connections.tls(cluster.endpoints(), other.ca(), Optional.of(cluster.client())),
                ExitCode.UNREACHABLE,
                "signed by CN=kube-ca",
                "other-ca");
    }

    @Test
    void noClientCertificate() {
        fails(
                Connections.tls(cluster.endpoints(), cluster.pki().ca(), Optional.empty()),
                ExitCode.LOCKED,
                "wants a client certificate");
    }

    @Test
    void clientCertificateOfAnotherAuthority() throws Exception {
        TestPki other = new TestPki(folder.resolve("stranger"), "stranger-ca");
        TestPki.Pair stranger = other.issue("stranger", "", TestPki.KeyKind.EC_SEC1);
        fails(
                Connections.tls(cluster.endpoints(), cluster.pki().ca(), Optional.of(stranger)),
                ExitCode.LOCKED,
                "rejects our client certificate",
                "CN=stranger",
                "issued by CN=stranger-ca");
    }

    @Test
    void clientCertificateOutOfDate() throws Exception {
        TestPki.Pair expired = cluster.pki()
                .issue("late", "", TestPki.KeyKind.EC_SEC1, "200101000000Z", "210101000000Z", "clientAuth");
        fails(
                Connections.tls(cluster.endpoints(), cluster.pki().ca(), Optional.of(expired)),
                ExitCode.LOCKED,
                "rejects our client certificate",
                "expired on 2021-01-01");
    }

    @Test
    void keyOfAnotherCertificate() throws Exception {
        TestPki.Pair rsa = cluster.pki().issue("other-rsa", "", TestPki.KeyKind.RSA_PKCS1);
        fails(
                Connections.tls(
                        cluster.endpoints(),
                        cluster.pki().ca(),
                        Optional.of(new TestPki.Pair(cluster.client().certificate(), rsa.key()))),
                ExitCode.REFUSED,
                "does not belong to the client certificate");
        TestPki.Pair one = cluster.pki().issue("one-ec", "", TestPki.KeyKind.EC_SEC1);
        TestPki.Pair two = cluster.pki().issue("two-ec", "", TestPki.KeyKind.EC_PKCS8);
        fails(
                Connections.tls(
                        cluster.endpoints(),
                        cluster.pki().ca(),
                        Optional.of(new TestPki.Pair(one.certificate(), two.key()))),
                ExitCode.REFUSED,
                "does not belong to the client certificate");
    }

    @Test
    void aNameThatTheCertificateDoesNotCarry() {
        Connection own = cluster.connection();
        Connection elsewhere = new Connection(
                own.endpoints(),
                own.tls(),
                own.login(),
                Optional.of("etcd.example.org"),
                own.dialMax(),
                own.commandMax(),
                own.origin());
        fails(elsewhere, ExitCode.UNREACHABLE, "not for etcd.example.org", "IP:127.0.0.1", "DNS:localhost");
    }

    @Test
    void theNameCanBeGiven() {
        Connection own = cluster.connection();
        Connection named = new Connection(
                own.endpoints(),
                own.tls(),
                own.login(),
                Optional.of("etcd"),
                own.dialMax(),
                own.commandMax(),
                own.origin());
        try (EtcdCluster opened = EtcdCluster.open(named)) {
            assertThat(opened.clusterId()).isNotEmpty();
        }
    }

    @Test
    void plaintextToTls() {
        fails(
                Connections.plain(cluster.endpoint(0).replace("https", "http")),
                ExitCode.UNREACHABLE,
                "TLS is spoken there");
    }

    @Test
    void tlsToPlaintext() throws Exception {
        try (var plain = io.etcdmedic.snapshot.RealEtcd.start(binary, folder.resolve("plain"), List.of())) {
            fails(to(plain.endpoint().replace("http", "https")), ExitCode.UNREACHABLE, "plaintext is spoken there");
        }
    }

    @Test
    void memberCertificateOutOfDate() throws Exception {
        try (RealCluster late = RealCluster.startWith(
                binary,
                folder.resolve("late"),
                pki -> pki.issue(
                        "kube-etcd",
                        "IP:127.0.0.1",
                        TestPki.KeyKind.EC_SEC1,
                        "200101000000Z",
                        "210101000000Z",
                        "serverAuth,clientAuth"))) {
            fails(late.connection(), ExitCode.UNREACHABLE, "out of date", "expired on 2021-01-01");
        }
    }

    @Test
    void memberCertificateNotYetValid() throws Exception {
        try (RealCluster early = RealCluster.startWith(
                binary,
                folder.resolve("early"),
                pki -> pki.issue(
                        "kube-etcd",
                        "IP:127.0.0.1",
                        TestPki.KeyKind.EC_SEC1,
                        "350101000000Z",
                        "360101000000Z",
                        "serverAuth,clientAuth"))) {
            fails(early.connection(), ExitCode.UNREACHABLE, "not valid before 2035-01-01");
        }
    }

    private static Connection to(String endpoint) {
        return Connections.tls(List.of(endpoint), cluster.pki().ca(), Optional.of(cluster.client()));
    }
}

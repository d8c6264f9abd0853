package io.etcdmedic.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.snapshot.RealEtcd;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A member behind a TLS end that knows only NIST's curve P-256, as a FIPS build does: we offer another one first.
class OneCurveTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void whoKnowsOnlyP256IsAskedAgain() throws Exception {
        TestPki pki = new TestPki(folder.resolve("ssl"), "fips-ca");
        TestPki.Pair pair = pki.issue("fips", "IP:127.0.0.1", TestPki.KeyKind.EC_PKCS8);
        Path store = folder.resolve("store.p12");
        TestPki.openssl(
                "pkcs12",
                "-export",
                "-in",
                pair.certificate().toString(),
                "-inkey",
                pair.key().toString(),
                "-out",
                store.toString(),
                "-passout",
                "pass:secret");
        try (RealEtcd etcd = RealEtcd.start(RealEtcd.binaries().getFirst(), folder.resolve("etcd"), List.of());
                SSLServerSocket front = front(store)) {
            int port =
                    Integer.parseInt(etcd.endpoint().substring(etcd.endpoint().lastIndexOf(':') + 1));
            Thread.ofVirtual().start(() -> serve(front, port));
            Connection connection =
                    Connections.tls(List.of("https://127.0.0.1:" + front.getLocalPort()), pki.ca(), Optional.empty());
            try (EtcdCluster cluster = EtcdCluster.open(connection)) {
                assertThat(cluster.keyspace().revision().number()).isEqualTo(1);
            }
        }
    }

    private static SSLServerSocket front(Path store) throws Exception {
        char[] password = "secret".toCharArray();
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(store.toFile(), password), password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        SSLServerSocket socket = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 10, InetAddress.getLoopbackAddress());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setNamedGroups(new String[] {"secp256r1"});
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static void serve(SSLServerSocket front, int port) {
        while (!front.isClosed()) {
            try {
                Socket client = front.accept();
                Socket etcd = new Socket(InetAddress.getLoopbackAddress(), port);
                pump(client, etcd);
                pump(etcd, client);
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void pump(Socket from, Socket to) {
        Thread.ofPlatform().daemon().start(() -> {
            try (InputStream in = from.getInputStream();
                    OutputStream out = to.getOutputStream()) {
                in.transferTo(out);
            } catch (IOException over) {
                // The other direction ends too.
            }
        });
    }
}

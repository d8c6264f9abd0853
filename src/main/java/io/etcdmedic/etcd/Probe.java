package io.etcdmedic.etcd;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// One connection made only to look: who answers, in which language, with which certificate, and whether it likes ours.
///
/// It takes any certificate, so nothing but the beginning of HTTP/2 is ever sent on it, and nothing read is believed.
final class Probe {
    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int SETTINGS_FRAME = 4;
    private static final int FRAME_HEADER_BYTES = 9;

    private final Endpoint endpoint;
    private final Duration max;

    Probe(Endpoint endpoint, Duration max) {
        this.endpoint = endpoint;
        this.max = max;
    }

    /// @param certificate the member's; empty when the handshake did not get that far
    /// @param trouble what ended the handshake, or the first words after it; empty when all went well
    record Seen(Optional<ServerCertificate> certificate, Optional<IOException> trouble) {}

    /// @throws IOException when not even the connection came about
    Socket connect() throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(endpoint.host(), endpoint.port()), (int) max.toMillis());
            socket.setSoTimeout((int) max.toMillis());
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    Seen tls(Optional<ClientTls.Identity> identity, String name) throws IOException {
        Recorder recorder = new Recorder();
        try (Socket tcp = connect();
                SSLSocket socket = wrap(tcp, identity, recorder, name)) {
            socket.startHandshake();
            socket.getOutputStream().write(PREFACE);
            socket.getOutputStream().flush();
            // In TLS 1.3 a server says only now whether it likes our certificate.
            int first = socket.getInputStream().read();
            return new Seen(
                    recorder.seen(),
                    first < 0 ? Optional.of(new IOException("the connection was closed")) : Optional.empty());
        } catch (IOException trouble) {
            return new Seen(recorder.seen(), Optional.of(trouble));
        }
    }

    private static SSLSocket wrap(Socket tcp, Optional<ClientTls.Identity> identity, Recorder recorder, String name)
            throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManager[] keys = identity.map(own -> new KeyManager[] {new OneKey(own.key(), own.chain())})
                    .orElseGet(() -> new KeyManager[0]);
            context.init(keys, new TrustManager[] {recorder}, null);
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(tcp, name, tcp.getPort(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            return socket;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /// Whether HTTP/2 in plaintext is spoken there.
    boolean speaksPlaintext() {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(PREFACE);
            socket.getOutputStream().flush();
            InputStream in = socket.getInputStream();
            byte[] header = in.readNBytes(FRAME_HEADER_BYTES);
            return header.length == FRAME_HEADER_BYTES && header[3] == SETTINGS_FRAME;
        } catch (IOException otherLanguage) {
            return false;
        }
    }

    private static final class Recorder extends X509ExtendedTrustManager {
        private volatile Optional<ServerCertificate> seen = Optional.empty();

        Optional<ServerCertificate> seen() {
            return seen;
        }

        private void record(X509Certificate[] chain) {
            seen = Optional.of(new ServerCertificate(List.of(chain)));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            record(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket) {
            record(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, javax.net.ssl.@Nullable SSLEngine engine) {
            record(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, javax.net.ssl.@Nullable SSLEngine engine) {
            throw new UnsupportedOperationException();
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}

package io.etcdmedic.etcd;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;

/// A client's certificate and key as PEM, for another server's TLS: read with the JDK alone, in every form that
/// Kubernetes distributions write.
public final class PemIdentity {
    private PemIdentity() {}

    /// @param from where both stand, for failures: a kubeconfig
    /// @throws Failure.Usage when they are no certificate and no key
    public static KeyManager keyManager(String from, byte[] certificate, byte[] key) {
        List<X509Certificate> chain = ClientTls.certificates(
                PemBlock.parse(text(certificate), "reading the client certificate in " + from),
                "the client certificate in " + from);
        List<PemBlock> blocks = PemBlock.parse(text(key), "reading the client key in " + from);
        return new OneKey(
                PemKey.of("in " + from, blocks, () -> {
                    throw new Failure.Usage(Problem.in("reading the client key in " + from)
                            .found("it is encrypted")
                            .hint("convert it: openssl pkcs8 -topk8 -nocrypt -in KEY -out NEW"));
                }),
                chain);
    }

    private static String text(byte[] pem) {
        return new String(pem, StandardCharsets.ISO_8859_1);
    }
}

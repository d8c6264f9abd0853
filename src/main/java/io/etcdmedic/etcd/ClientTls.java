package io.etcdmedic.etcd;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

/// What the files for TLS hold: whom we trust and who we are.
///
/// @param trusted empty: the certificate authorities of the Java runtime
/// @param identity our certificate, its chain and its key
record ClientTls(List<X509Certificate> trusted, Optional<Identity> identity) {
    ClientTls {
        trusted = List.copyOf(trusted);
    }

    record Identity(PrivateKey key, List<X509Certificate> chain) {
        Identity {
            chain = List.copyOf(chain);
        }
    }

    /// @throws Failure.Usage when a file holds something else than it should, or certificate and key do not belong
    /// together
    static ClientTls read(TlsFiles files) {
        List<X509Certificate> trusted =
                files.ca().map(file -> certificates(file, "the CA")).orElse(List.of());
        if (files.certificate().isEmpty()) {
            if (files.key().isPresent()) {
                throw new Failure.Usage(Problem.in("preparing TLS")
                        .found("a key (--key) without a certificate")
                        .expected("--cert FILE with it"));
            }
            return new ClientTls(trusted, Optional.empty());
        }
        Path certificate = files.certificate().get();
        List<X509Certificate> chain = certificates(certificate, "the client certificate");
        PrivateKey key = PemKey.read(files.key().orElse(certificate), files.passphrase());
        return new ClientTls(trusted, Optional.of(new Identity(key, chain)));
    }

    private static List<X509Certificate> certificates(Path file, String what) {
        List<X509Certificate> found = new ArrayList<>();
        for (PemBlock block : PemBlock.read(file, what)) {
            if (block.label().equals("CERTIFICATE") || block.label().equals("TRUSTED CERTIFICATE")) {
                try {
                    found.add((X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(
                                    new ByteArrayInputStream(block.der().toArray())));
                } catch (CertificateException e) {
                    throw new Failure.Usage(Problem.in("reading " + what + " " + file)
                                    .found("a damaged certificate: " + e.getMessage()))
                            .because(e);
                }
            }
        }
        if (found.isEmpty()) {
            throw new Failure.Usage(Problem.in("reading " + what + " " + file).found("no certificate in it"));
        }
        return found;
    }

    SslContext context() {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient();
            if (!trusted.isEmpty()) {
                builder.trustManager(trusted);
            }
            identity.ifPresent(own -> builder.keyManager(new OneKey(own.key(), own.chain())));
            return GrpcSslContexts.configure(builder, SslProvider.JDK).build();
        } catch (SSLException e) {
            throw new Failure.Unreachable(Problem.in("preparing TLS").found(String.valueOf(e.getMessage()))).because(e);
        }
    }
}

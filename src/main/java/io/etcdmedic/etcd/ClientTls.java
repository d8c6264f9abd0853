package io.etcdmedic.etcd;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/// What the files for TLS hold: whom we trust and who we are.
///
/// @param trusted empty: the certificate authorities of the Java runtime
/// @param identity our certificate, its chain and its key
record ClientTls(List<X509Certificate> trusted, Optional<Identity> identity) {
    private static final byte[] PROOF = {1, 2, 3};

    ClientTls {
        trusted = List.copyOf(trusted);
    }

    record Identity(PrivateKey key, List<X509Certificate> chain) {
        Identity {
            chain = List.copyOf(chain);
        }

        /// Whether the key is the certificate's: what it signs, the certificate verifies.
        boolean belongsTogether() {
            PublicKey publicKey = chain.getFirst().getPublicKey();
            if (key instanceof RSAKey ours && publicKey instanceof RSAKey theirs) {
                return ours.getModulus().equals(theirs.getModulus());
            }
            String algorithm = key.getAlgorithm().startsWith("Ed") ? key.getAlgorithm() : "SHA256withECDSA";
            try {
                Signature signer = Signature.getInstance(algorithm);
                signer.initSign(key);
                signer.update(PROOF);
                byte[] signature = signer.sign();
                Signature verifier = Signature.getInstance(algorithm);
                verifier.initVerify(publicKey);
                verifier.update(PROOF);
                return verifier.verify(signature);
            } catch (GeneralSecurityException otherKinds) {
                return false;
            }
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
                        .found("a key (--key " + files.key().get() + ") without its certificate")
                        .expected("--cert FILE with it"));
            }
            return new ClientTls(trusted, Optional.empty());
        }
        Path certificate = files.certificate().get();
        List<X509Certificate> chain = certificates(certificate, "the client certificate");
        if (files.key().isEmpty() && chainOnly(certificate)) {
            throw new Failure.Usage(Problem.in("preparing TLS")
                    .found("a client certificate (--cert " + certificate + ") without its key")
                    .expected("--key FILE with it, or the key in the same file"));
        }
        PrivateKey key = PemKey.read(files.key().orElse(certificate), files.passphrase());
        Identity identity = new Identity(key, chain);
        // Cheap for RSA; the others are looked at when the member has complained.
        if (key instanceof RSAKey && !identity.belongsTogether()) {
            throw new Failure.Usage(Problem.in("preparing TLS")
                    .found("the key " + files.key().orElse(certificate) + " does not belong to the client certificate "
                            + certificate)
                    .hint("--key must name the key that --cert was issued for"));
        }
        return new ClientTls(trusted, Optional.of(identity));
    }

    private static boolean chainOnly(Path certificate) {
        return PemBlock.read(certificate, "the client certificate").stream()
                .allMatch(block -> block.label().endsWith("CERTIFICATE"));
    }

    private static List<X509Certificate> certificates(Path file, String what) {
        return certificates(PemBlock.read(file, what), what + " " + file);
    }

    /// @param what for failures: "the client certificate FILE"
    static List<X509Certificate> certificates(List<PemBlock> blocks, String what) {
        List<X509Certificate> found = new ArrayList<>();
        for (PemBlock block : blocks) {
            if (block.label().equals("CERTIFICATE") || block.label().equals("TRUSTED CERTIFICATE")) {
                try {
                    found.add((X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(
                                    new ByteArrayInputStream(block.der().toArray())));
                } catch (CertificateException e) {
                    throw new Failure.Usage(
                                    Problem.in("reading " + what).found("a damaged certificate: " + e.getMessage()))
                            .because(e);
                }
            }
        }
        if (found.isEmpty()) {
            throw new Failure.Usage(Problem.in("reading " + what).found("no certificate in it"));
        }
        return found;
    }

    /// @param firstTry take what is quickest: BoringSSL, with which a long listing needs a third of the processor
    ///     time that it needs with the JDK's TLS under the quick compiler; where there is none for this system, the
    ///     JDK's with one key share. A member that does not agree with that is asked again by the JDK with all that
    ///     it knows
    SslContext context(boolean firstTry) {
        if (!firstTry) {
            return context(SslProvider.JDK);
        }
        return keyIsCommon() && OpenSsl.isAvailable()
                ? context(SslProvider.OPENSSL)
                : new OneGroup(context(SslProvider.JDK));
    }

    /// BoringSSL does not sign with Ed25519 for netty: the member would miss our signature.
    private boolean keyIsCommon() {
        return identity.map(own -> own.key() instanceof RSAKey || own.key() instanceof ECKey)
                .orElse(true);
    }

    private static final class OneGroup extends DelegatingSslContext {
        OneGroup(SslContext all) {
            super(all);
        }

        @Override
        protected void initEngine(SSLEngine engine) {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setNamedGroups(new String[] {"x25519"});
            engine.setSSLParameters(parameters);
        }
    }

    private SslContext context(SslProvider provider) {
        try {
            SslContextBuilder builder = SslContextBuilder.forClient();
            if (!trusted.isEmpty()) {
                builder.trustManager(trusted);
            }
            identity.ifPresent(own -> builder.keyManager(new OneKey(own.key(), own.chain())));
            return GrpcSslContexts.configure(builder, provider).build();
        } catch (SSLException e) {
            throw new Failure.Unreachable(Problem.in("preparing TLS").found(String.valueOf(e.getMessage()))).because(e);
        }
    }
}

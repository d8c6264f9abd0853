package io.etcdmedic.node.certs;

import io.etcdmedic.finding.Finding;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Whether peers believe who signed a certificate, as Go's crypto/x509 judges it.
///
/// Source: Go crypto/x509 verify.go and x509.go (`CheckSignatureFrom`, `checkSignature`), crypto/tls
/// handshake_client.go (`checkKeySize`), crypto/rsa (`checkKeySize`, since Go 1.24).
final class SignatureCheck {
    private static final String RULE = "certs/chain";
    private static final int RSA_BITS_MIN = 1024;
    private static final int RSA_BITS_MAX = 8192;

    /// Position of `keyCertSign` in the key usage extension, RFC 5280.
    private static final int CERT_SIGN = 5;

    /// How Java calls the algorithm of a key on a curve, also on one that it does not know either.
    private static final Set<String> EC = Set.of("EC", "1.2.840.10045.2.1");

    private static final Set<String> CURVES = Set.of("secp224r1", "secp256r1", "secp384r1", "secp521r1");

    private static final Set<String> WEAK = Set.of("SHA1WITHRSA", "SHA1WITHECDSA", "MD5WITHRSA", "MD2WITHRSA");
    private final CertPair pair;
    private final X509Certificate leaf;
    private final List<Finding> findings = new ArrayList<>();

    private SignatureCheck(CertPair pair, X509Certificate leaf) {
        this.pair = pair;
        this.leaf = leaf;
    }

    static List<Finding> of(CertPair pair, X509Certificate leaf, Collection<CertPair> all) {
        SignatureCheck check = new SignatureCheck(pair, leaf);
        check.strength();
        if (!pair.role().isOutside()) {
            check.signer(all);
        }
        if (pair.role().isAuthority()) {
            check.authority();
        }
        return check.findings;
    }

    private void signer(Collection<CertPair> all) {
        String signer = pair.role().signer();
        List<X509Certificate> authorities = signer.isEmpty()
                ? pair.cert().certificates()
                : all.stream()
                        .filter(p -> p.cert().fileName().equals(signer))
                        .flatMap(p -> p.cert().certificates().stream())
                        .toList();
        if (authorities.isEmpty()) {
            findings.add(Finding.unknown(RULE, pair.cert().path())
                    .evidence(signer + ", which should sign it, is not there or cannot be read")
                    .consequence("Whether its peers will believe it is not known."));
        } else if (!isBelieved(pair.cert(), leaf, authorities, List.of())) {
            findings.add(Finding.error(RULE, pair.cert().path())
                    .evidence("it is not signed by %s; it names as issuer %s"
                            .formatted(signer.isEmpty() ? "itself" : signer, leaf.getIssuerX500Principal()))
                    .consequence("Every peer refuses it: \"x509: certificate signed by unknown authority\".")
                    .cure("take it from the copy in etcd: medic node certs extract --from SNAPSHOT --out DIR"));
        }
    }

    /// By one of the authorities, or by a certificate that the file brings along and that is itself believed.
    private static boolean isBelieved(
            PemFile file, X509Certificate certificate, List<X509Certificate> authorities, List<X509Certificate> below) {
        if (authorities.stream().anyMatch(ca -> isSignedBy(certificate, ca))) {
            return true;
        }
        List<X509Certificate> chain = new ArrayList<>(below);
        chain.add(certificate);
        return file.certificates().stream()
                .filter(next -> !chain.contains(next) && isSignedBy(certificate, next) && maySign(next))
                .anyMatch(next -> isBelieved(file, next, authorities, chain));
    }

    /// Whether who knows `authorities` believes the first certificate of `file`.
    static boolean isBelieved(PemFile file, List<X509Certificate> authorities) {
        return file.leaf()
                .filter(leaf -> isBelieved(file, leaf, authorities, List.of()))
                .isPresent();
    }

    /// A signature counts only with the name: that is how the signer is found.
    private static boolean isSignedBy(X509Certificate certificate, X509Certificate ca) {
        if (!ca.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
            return false;
        }
        try {
            certificate.verify(ca.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private void authority() {
        List<X509Certificate> unfit =
                pair.cert().certificates().stream().filter(ca -> !maySign(ca)).toList();
        if (!unfit.isEmpty()) {
            findings.add(Finding.error("certs/usage", pair.cert().path())
                    .evidence("%s may sign nothing: its basic constraints or its key usage do not allow it"
                            .formatted(unfit.getFirst().getSubjectX500Principal()))
                    .consequence("Peers refuse everything that it signed: \"x509: invalid signature: parent certificate"
                            + " cannot sign this kind of certificate\".")
                    .cure("make it anew from the same key, with basicConstraints=critical,CA:true"));
        }
    }

    private static boolean maySign(X509Certificate ca) {
        boolean[] usage = ca.getKeyUsage();
        return ca.getBasicConstraints() >= 0 && (usage == null || usage[CERT_SIGN]);
    }

    private void strength() {
        String algorithm = leaf.getSigAlgName().toUpperCase(Locale.ROOT);
        boolean selfSigned = leaf.getSubjectX500Principal().equals(leaf.getIssuerX500Principal());
        if (WEAK.contains(algorithm) && !selfSigned) {
            weak("it is signed by " + leaf.getSigAlgName(), "x509: cannot verify signature: insecure algorithm …");
        }
        if (leaf.getPublicKey() instanceof RSAPublicKey rsa) {
            int bits = rsa.getModulus().bitLength();
            if (bits < RSA_BITS_MIN) {
                weak("its key has %d bits".formatted(bits), "crypto/rsa: %d-bit keys are insecure".formatted(bits));
            } else if (bits > RSA_BITS_MAX) {
                weak(
                        "its key has %d bits".formatted(bits),
                        "tls: … certificate containing RSA key larger than %d bits".formatted(RSA_BITS_MAX));
            }
        } else if (isOnOddCurve()) {
            weak("its key is on a curve other than P-224, P-256, P-384 and P-521", "x509: unsupported elliptic curve");
        }
    }

    private boolean isOnOddCurve() {
        if (leaf.getPublicKey() instanceof ECPublicKey key) {
            String curve = key.getParams().toString();
            return CURVES.stream().noneMatch(curve::startsWith);
        }
        return EC.contains(leaf.getPublicKey().getAlgorithm());
    }

    private void weak(String evidence, String message) {
        findings.add(Finding.error("certs/algorithm", pair.cert().path())
                .evidence(evidence)
                .consequence("The services are written in Go, which refuses it: \"%s\".".formatted(message))
                .cure("issue it again: RSA with 2048 bits or P-256, signed with SHA-256"));
    }
}

package io.etcdmedic.node.certs;

import io.etcdmedic.finding.Finding;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What a certificate says of itself: whether it fits its key, its CA, its use, its names, and the clock.
final class CertificateCheck {
    private static final Duration SOON = Duration.ofDays(30);
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_USAGE = "2.5.29.37.0";
    private final CertPair pair;
    private final Instant now;
    private final List<Finding> findings = new ArrayList<>();

    private CertificateCheck(CertPair pair, Instant now) {
        this.pair = pair;
        this.now = now;
    }

    /// @param namesWanted addresses and names under which clients reach this server; empty when it serves none
    static List<Finding> of(CertPair pair, Collection<CertPair> all, Set<String> namesWanted, Instant now) {
        CertificateCheck check = new CertificateCheck(pair, now);
        check.format();
        check.missing();
        pair.cert().leaf().ifPresent(leaf -> {
            check.clock(leaf);
            check.key(leaf);
            check.findings.addAll(SignatureCheck.of(pair, leaf, all));
            check.usage(leaf);
            check.names(leaf, namesWanted);
        });
        return check.findings;
    }

    private void format() {
        for (PemFile file : List.of(pair.cert(), pair.key())) {
            if (file.isDenied()) {
                findings.add(Finding.unknown("certs/format", file.path())
                        .evidence(file.trouble())
                        .consequence("What it holds is not known.")
                        .cure("run it as root"));
            } else if (file.exists() && !file.trouble().isEmpty()) {
                findings.add(Finding.error("certs/format", file.path())
                        .evidence(file.trouble())
                        .consequence("The service that reads it ends at start.")
                        .cure("take it from the copy in etcd: medic node certs extract --from SNAPSHOT --out DIR"));
            }
        }
        if (pair.cert().certificates().size() > 1 && !pair.role().isAuthority()) {
            findings.add(Finding.warning("certs/format", pair.cert().path())
                    .evidence("it holds %d certificates; the first is used: %s"
                            .formatted(
                                    pair.cert().certificates().size(),
                                    pair.cert().certificates().getFirst().getSubjectX500Principal()))
                    .consequence("A service shows the first one and sends the others along as its chain."));
        }
        if (pair.cert().exists() && pair.cert().key().isPresent()) {
            findings.add(Finding.warning("certs/format", pair.cert().path())
                    .evidence("it holds a private key, too")
                    .consequence("Whoever may read the certificate has the key.")
                    .cure("take the key out of it: its place is " + pair.key().fileName()));
        }
    }

    private void missing() {
        if (!pair.cert().exists()) {
            absent(pair.cert());
        }
        if (!pair.key().exists() && !pair.role().isAuthority()) {
            absent(pair.key());
        }
    }

    private void absent(PemFile file) {
        findings.add(Finding.error("certs/missing", file.path())
                .evidence(file.trouble())
                .consequence("The service that reads it ends at start.")
                .cure("take it from the copy in etcd: medic node certs extract --from SNAPSHOT --out DIR"));
    }

    private void clock(X509Certificate leaf) {
        Instant end = leaf.getNotAfter().toInstant();
        Instant begin = leaf.getNotBefore().toInstant();
        if (end.isBefore(now)) {
            findings.add(Finding.error("certs/expiry", pair.cert().path())
                    .evidence("it ended at %s, %d days ago"
                            .formatted(end, Duration.between(end, now).toDays()))
                    .consequence("Every peer refuses it: \"x509: certificate has expired or is not yet valid\".")
                    .cure(
                            pair.role().isAuthority()
                                    ? "make it anew (rke cert rotate --rotate-ca), and everything that it signed"
                                    : "rotate it with the cluster's CA key (rke cert rotate, or openssl with kube-ca-key.pem)")
                    .cause(
                            pair.role().isAuthority()
                                    ? "RKE1's authorities live ten years"
                                    : "RKE1's leaves live one year, and nobody rotates them after its end of life"));
        } else if (end.isBefore(now.plus(SOON))) {
            findings.add(Finding.warning("certs/expiry", pair.cert().path())
                    .evidence("it ends at %s, in %d days"
                            .formatted(end, Duration.between(now, end).toDays()))
                    .consequence("From then on every peer refuses it.")
                    .cure("rotate it before the rebuild: afterwards nothing does it for you"));
        }
        if (begin.isAfter(now)) {
            findings.add(Finding.error("certs/expiry", pair.cert().path())
                    .evidence("it is valid only from %s, and the clock says %s".formatted(begin, now))
                    .consequence("Every peer refuses it until then.")
                    .cure("check the clock of this machine (timedatectl)"));
        }
    }

    private void key(X509Certificate leaf) {
        Optional<KeyFact> key = pair.key().key();
        if (key.isEmpty() || !key.get().trouble().isEmpty()) {
            return;
        }
        String print = key.get().publicPrint();
        if (print.isEmpty()) {
            findings.add(Finding.unknown("certs/key", pair.key().path())
                    .evidence("its public half cannot be told from the file (%s)"
                            .formatted(key.get().format()))
                    .consequence("Whether it fits %s is not known."
                            .formatted(pair.cert().fileName())));
        } else if (ofThisKey(leaf).noneMatch(certificate -> print.equals(KeyFact.print(certificate.getPublicKey())))) {
            findings.add(Finding.error("certs/key", pair.key().path())
                    .evidence("it is not the key of " + pair.cert().fileName())
                    .consequence(otherKey())
                    .cure("take it from the copy in etcd: medic node certs extract --from SNAPSHOT --out DIR"));
        }
    }

    /// An authority that was replaced keeps the old certificate beside the new one, in any order.
    private Stream<X509Certificate> ofThisKey(X509Certificate leaf) {
        return pair.role().isAuthority() ? pair.cert().certificates().stream() : Stream.of(leaf);
    }

    private String otherKey() {
        if (pair.role().isAuthority()) {
            return "What it signs nobody believes: \"x509: certificate signed by unknown authority\".";
        }
        return pair.role() == CertRole.SERVICE_ACCOUNT
                ? "RKE1 made the two together, so the key was replaced: tokens that the old one signed get 401."
                : "The service ends at start: \"tls: private key does not match public key\".";
    }

    private void usage(X509Certificate leaf) {
        if (pair.role().serves() && !allows(leaf, SERVER_AUTH)) {
            findings.add(usage("serve", "server"));
        }
        if (pair.role().isClient() && !allows(leaf, CLIENT_AUTH)) {
            findings.add(usage("be shown by a client", "client"));
        }
    }

    private Finding usage(String purpose, String kind) {
        return Finding.error("certs/usage", pair.cert().path())
                .evidence("its extended key usage does not let it " + purpose)
                .consequence(
                        "Peers refuse it as a %s certificate: \"x509: certificate specifies an incompatible key usage\"."
                                .formatted(kind))
                .cure("issue it again with " + kind + "Auth");
    }

    private void names(X509Certificate leaf, Set<String> wanted) {
        Set<String> missing = new TreeSet<>(wanted);
        missing.removeAll(CertificateNames.of(leaf));
        if (!missing.isEmpty()) {
            Set<String> has = CertificateNames.of(leaf);
            findings.add(Finding.error("certs/san", pair.cert().path())
                    .evidence("its names lack %s; it has %s"
                            .formatted(String.join(", ", missing), has.isEmpty() ? "none" : String.join(", ", has)))
                    .consequence(
                            "Clients that come by that name refuse it: \"x509: certificate is valid for …, not %s\"."
                                    .formatted(missing.iterator().next()))
                    .cure("issue it again with these names, or keep the addresses and ranges it was made for"));
        }
    }

    /// Whether the certificate may be used so: also when it does not say what it is for.
    static boolean allows(X509Certificate certificate, String usage) {
        try {
            List<String> usages = certificate.getExtendedKeyUsage();
            return usages == null || usages.contains(usage) || usages.contains(ANY_USAGE);
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    static boolean canBeAClients(X509Certificate certificate) {
        return allows(certificate, CLIENT_AUTH);
    }

    static boolean canServe(X509Certificate certificate) {
        return allows(certificate, SERVER_AUTH);
    }
}

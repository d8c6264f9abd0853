package io.etcdmedic.etcd;

import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// A member's certificate with its chain, and what is wrong with it.
///
/// @param chain the member's own first
public record ServerCertificate(List<X509Certificate> chain) {
    /// Source: RFC 5280 4.2.1.6, GeneralName.
    private static final int DNS_NAME = 2;

    private static final int IP_ADDRESS = 7;

    public ServerCertificate {
        chain = List.copyOf(chain);
    }

    X509Certificate own() {
        return chain.getFirst();
    }

    String subject() {
        return own().getSubjectX500Principal().getName();
    }

    public Instant notAfter() {
        return own().getNotAfter().toInstant();
    }

    /// What is wrong with the dates of one of `certificates` at `now`.
    static Optional<String> outOfDate(List<X509Certificate> certificates, Instant now) {
        for (X509Certificate certificate : certificates) {
            String name = certificate.getSubjectX500Principal().getName();
            if (now.isAfter(certificate.getNotAfter().toInstant())) {
                return Optional.of("%s expired on %s (now: %s)"
                        .formatted(name, certificate.getNotAfter().toInstant(), seconds(now)));
            }
            if (now.isBefore(certificate.getNotBefore().toInstant())) {
                return Optional.of("%s is not valid before %s (now: %s)"
                        .formatted(name, certificate.getNotBefore().toInstant(), seconds(now)));
            }
        }
        return Optional.empty();
    }

    private static Instant seconds(Instant now) {
        return now.truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
    }

    /// Whether a path leads to one of `trusted` (empty: the Java runtime's authorities), whatever the dates.
    boolean isSignedBy(List<X509Certificate> trusted) {
        try {
            manager(trusted).checkServerTrusted(chain.toArray(X509Certificate[]::new), "UNKNOWN");
            return true;
        } catch (CertificateException notTrusted) {
            return false;
        }
    }

    private static X509TrustManager manager(List<X509Certificate> trusted) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            if (trusted.isEmpty()) {
                factory.init((KeyStore) null);
            } else {
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(null, null);
                for (int i = 0; i < trusted.size(); i++) {
                    store.setCertificateEntry("ca" + i, trusted.get(i));
                }
                factory.init(store);
            }
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager x509) {
                    return x509;
                }
            }
            throw new IllegalStateException("this Java runtime verifies no certificates");
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The names and addresses that the certificate is for, as openssl writes them.
    List<String> names() {
        List<String> names = new ArrayList<>();
        for (List<?> name : alternatives()) {
            switch (name.get(0)) {
                case Integer kind when kind == DNS_NAME -> names.add("DNS:" + name.get(1));
                case Integer kind when kind == IP_ADDRESS -> names.add("IP:" + name.get(1));
                default -> {}
            }
        }
        return names;
    }

    private Collection<List<?>> alternatives() {
        try {
            Collection<List<?>> all = own().getSubjectAlternativeNames();
            return all == null ? List.of() : all;
        } catch (CertificateParsingException damaged) {
            return List.of();
        }
    }

    /// Whether the certificate is for `host`. Source: RFC 6125, as far as etcd's certificates go.
    boolean isFor(String host) {
        boolean address = host.contains(":") || host.matches("[0-9.]+");
        return names().stream().anyMatch(name -> {
            String value = name.substring(name.indexOf(':') + 1);
            if (name.startsWith("IP:")) {
                return address && sameAddress(value, host);
            }
            return !address && sameName(value.toLowerCase(Locale.ROOT), host.toLowerCase(Locale.ROOT));
        });
    }

    private static boolean sameAddress(String one, String other) {
        try {
            return InetAddress.ofLiteral(one).equals(InetAddress.ofLiteral(other));
        } catch (IllegalArgumentException noLiteral) {
            return false;
        }
    }

    private static boolean sameName(String pattern, String host) {
        if (!pattern.startsWith("*.")) {
            return pattern.equals(host);
        }
        int dot = host.indexOf('.');
        return dot > 0 && host.substring(dot).equals(pattern.substring(1));
    }
}

package io.etcdmedic.node.certs;

import io.etcdmedic.kubernetes.network.Address;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The DNS names and addresses that a certificate is for.
public final class CertificateNames {
    private CertificateNames() {}

    /// As text, addresses in one spelling; none when the certificate says none, or what cannot be read.
    public static Set<String> of(X509Certificate certificate) {
        Set<String> names = new TreeSet<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                alternatives.forEach(name -> names.add(canonical(String.valueOf(name.get(1)))));
            }
        } catch (CertificateParsingException malformed) {
            return names;
        }
        return names;
    }

    /// One spelling for each address; names unchanged.
    public static String canonical(String text) {
        return Address.parse(text).map(Address::toString).orElse(text);
    }
}

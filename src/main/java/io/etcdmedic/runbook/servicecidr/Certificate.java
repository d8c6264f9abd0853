package io.etcdmedic.runbook.servicecidr;

import io.etcdmedic.apiserver.ApiReading;
import io.etcdmedic.host.FileContent;
import io.etcdmedic.installation.Part;
import io.etcdmedic.runbook.Scene;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The addresses and names that one kube-apiserver's certificate is good for.
///
/// @param from who says so
record Certificate(String from, List<String> names) {

    /// What the API shows in the TLS handshake, and what the kube-apiservers of this machine have in their files.
    static List<Certificate> all(Scene scene, Optional<ApiReading> api) {
        List<Certificate> found = new ArrayList<>();
        api.map(ready -> new Certificate("the API at " + ready.address(), ready.certificateNames()))
                .filter(shown -> !shown.names().isEmpty())
                .ifPresent(found::add);
        for (Part part : ApiServers.apiServerParts(scene)) {
            part.flags()
                    .get("tls-cert-file")
                    .flatMap(path -> inFile(scene, path))
                    .filter(file -> !found.contains(file))
                    .ifPresent(found::add);
        }
        return found;
    }

    private static Optional<Certificate> inFile(Scene scene, String path) {
        if (!(scene.machine().read(path) instanceof FileContent.Present file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Certificate(path, names((X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(file.bytes().toArray())))));
        } catch (CertificateException unreadable) {
            return Optional.empty();
        }
    }

    private static List<String> names(X509Certificate certificate) throws CertificateException {
        return certificate.getSubjectAlternativeNames() == null
                ? List.of()
                : certificate.getSubjectAlternativeNames().stream()
                        .map(name -> String.valueOf(name.get(1)))
                        .toList();
    }
}

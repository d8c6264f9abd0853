package io.etcdmedic.node.certs;

import io.etcdmedic.host.Machine;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/// The certificates in the folders where distributions keep them.
public final class CertificateList {
    private static final List<String> FOLDERS = List.of(
            "/etc/kubernetes/ssl",
            "/etc/kubernetes/pki",
            "/etc/kubernetes/pki/etcd",
            "/var/lib/kubernetes/secrets",
            "/var/lib/rancher/k3s/server/tls",
            "/var/lib/rancher/k3s/server/tls/etcd",
            "/var/lib/rancher/rke2/server/tls",
            "/var/lib/rancher/rke2/server/tls/etcd");

    private CertificateList() {}

    /// @param subject of the first certificate; or why there is none
    /// @param ends its last instant, RFC 3339; empty when it cannot be read
    public record Row(String path, String subject, String issuer, String ends, String names) {}

    public static List<Row> of(Machine machine) {
        List<Row> rows = new ArrayList<>();
        for (String folder : FOLDERS) {
            for (String name : machine.list(folder)) {
                boolean key = name.endsWith("-key.pem") || name.endsWith(".key");
                if (!key && (name.endsWith(".pem") || name.endsWith(".crt"))) {
                    rows.add(row(PemFile.read(machine, folder + "/" + name)));
                }
            }
        }
        return rows;
    }

    private static Row row(PemFile file) {
        if (file.leaf().isEmpty()) {
            return new Row(file.path(), file.trouble(), "", "", "");
        }
        X509Certificate leaf = file.leaf().get();
        return new Row(
                file.path(),
                leaf.getSubjectX500Principal().getName(),
                leaf.getIssuerX500Principal().getName(),
                leaf.getNotAfter().toInstant().toString(),
                String.join(",", CertificateNames.of(leaf)));
    }
}

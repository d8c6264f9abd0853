package io.etcdmedic.installation;

import io.etcdmedic.host.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The places where distributions keep their etcd certificates and state.
///
/// Source: RKE pki/constants.go; kubeadm app/phases/certs; k3s pkg/daemons/control/deps; nixpkgs kubernetes/pki.nix.
final class Layouts {
    private static final String LOCAL = "https://127.0.0.1:2379";
    private static final Pattern RKE_ETCD = Pattern.compile("kube-etcd-(\\d{1,3}-\\d{1,3}-\\d{1,3}-\\d{1,3})\\.pem");
    private final Machine machine;
    private final Set<Distribution> distributions;
    private final List<String> notes;

    Layouts(Machine machine, Set<Distribution> distributions, List<String> notes) {
        this.machine = machine;
        this.distributions = distributions;
        this.notes = notes;
    }

    void recognise() {
        mark(Distribution.RKE1, "/etc/kubernetes/ssl/kube-ca.pem", "/opt/rke/etcd-snapshots");
        mark(Distribution.KUBEADM, "/etc/kubernetes/pki/ca.crt", "/etc/kubernetes/manifests/kube-apiserver.yaml");
        mark(Distribution.RKE2, "/var/lib/rancher/rke2", "/etc/rancher/rke2");
        mark(Distribution.K3S, "/var/lib/rancher/k3s", "/etc/rancher/k3s");
        mark(Distribution.NIXOS, "/etc/NIXOS", "/run/current-system/nixos-version");
        if (machine.exists("/var/lib/rancher/k3s/server/db/state.db")
                && !machine.exists("/var/lib/rancher/k3s/server/db/etcd")) {
            notes.add("k3s keeps its data in SQLite (/var/lib/rancher/k3s/server/db/state.db): kine, not etcd");
        }
    }

    List<EtcdAccess> etcdAccess() {
        List<EtcdAccess> found = new ArrayList<>();
        rke1().ifPresent(found::add);
        kubeadm(found);
        rancher("RKE2", "/var/lib/rancher/rke2").ifPresent(found::add);
        rancher("k3s", "/var/lib/rancher/k3s").ifPresent(found::add);
        String secrets = "/var/lib/kubernetes/secrets";
        files(
                        "NixOS",
                        LOCAL,
                        secrets + "/ca.pem",
                        secrets + "/kube-apiserver-etcd-client.pem",
                        secrets + "/kube-apiserver-etcd-client-key.pem")
                .ifPresent(found::add);
        return found;
    }

    private void mark(Distribution distribution, String... anyOf) {
        for (String path : anyOf) {
            if (machine.exists(path)) {
                distributions.add(distribution);
            }
        }
    }

    /// etcd listens on all addresses, but its certificate names the node's: the one in the certificate's file name.
    private Optional<EtcdAccess> rke1() {
        String ssl = "/etc/kubernetes/ssl/";
        return machine.list(ssl).stream()
                .map(RKE_ETCD::matcher)
                .filter(Matcher::matches)
                .map(m -> files(
                        "RKE1",
                        "https://" + m.group(1).replace('-', '.') + ":2379",
                        ssl + "kube-ca.pem",
                        ssl + m.group().replace(".pem", "") + ".pem",
                        ssl + m.group().replace(".pem", "") + "-key.pem"))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private void kubeadm(List<EtcdAccess> found) {
        String pki = "/etc/kubernetes/pki/";
        files(
                        "kubeadm",
                        LOCAL,
                        pki + "etcd/ca.crt",
                        pki + "apiserver-etcd-client.crt",
                        pki + "apiserver-etcd-client.key")
                .or(() -> files(
                        "kubeadm",
                        LOCAL,
                        pki + "etcd/ca.crt",
                        pki + "etcd/healthcheck-client.crt",
                        pki + "etcd/healthcheck-client.key"))
                .ifPresent(found::add);
    }

    private Optional<EtcdAccess> rancher(String name, String data) {
        String tls = data + "/server/tls/etcd/";
        return files(name, LOCAL, tls + "server-ca.crt", tls + "client.crt", tls + "client.key");
    }

    private Optional<EtcdAccess> files(String name, String endpoint, String ca, String cert, String key) {
        return machine.exists(ca) && machine.exists(cert) && machine.exists(key)
                ? Optional.of(new EtcdAccess(List.of(endpoint), ca, cert, key, name + " files, " + cert))
                : Optional.empty();
    }
}

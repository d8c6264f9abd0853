package io.etcdmedic.node.nix;

import static io.etcdmedic.installation.Component.APISERVER;
import static io.etcdmedic.installation.Component.CONTROLLER_MANAGER;
import static io.etcdmedic.installation.Component.ETCD;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.host.Machine;
import io.etcdmedic.installation.Component;
import io.etcdmedic.kubernetes.network.Cidr;
import io.etcdmedic.node.certs.AuditLog;
import io.etcdmedic.node.certs.CertificateNames;
import io.etcdmedic.node.certs.FlaggedFiles;
import io.etcdmedic.node.certs.KeyFact;
import io.etcdmedic.node.certs.PemFile;
import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.facts.SavedFacts;
import java.net.URI;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The files that the flags name: there, for the names that are asked, and one key where one is needed.
final class CertificateCheck {
    private final Judged judged;
    private final List<Finding> findings = new ArrayList<>();

    private CertificateCheck(Judged judged) {
        this.judged = judged;
    }

    static List<Finding> of(Judged judged) {
        CertificateCheck check = new CertificateCheck(judged);
        if (judged.hasFiles()) {
            for (Component component : Component.values()) {
                check.files(component);
            }
            check.serviceAddress();
            check.etcdAddresses();
            check.accountKeys();
            check.auditLog();
            check.findings.addAll(PairCheck.of(judged));
        } else {
            check.findings.add(Finding.unknown(
                            "nix/files", judged.facts().machine().name())
                    .evidence("it has no /etc/kubernetes/ssl: the files that the module names cannot be looked at")
                    .consequence("Whether certificates fit names and keys is not known.")
                    .cure("judge on the node, or with --facts DIR (medic node inspect --save DIR)"));
        }
        check.tokens();
        return check.findings;
    }

    private void files(Component component) {
        judged.planned().flags(component).values().forEach((flag, values) -> {
            String path = values.getLast();
            if (FlaggedFiles.areReadBy(flag)
                    && path.startsWith("/")
                    && !path.startsWith("/nix/store/")
                    && isMissing(path)) {
                findings.add(judged.error("nix/missing-file", component, flag)
                        .evidence(path + " is not there on "
                                + judged.facts().machine().name())
                        .consequence(component.program() + " ends at start.")
                        .cure(instead(component, path)));
            }
        });
    }

    private String instead(Component component, String path) {
        String host = judged.facts().onHost(component, path);
        return host.equals(path)
                ? "name a file that exists, or take it from the copy in etcd: medic node certs extract"
                : "name it as the host does, " + host + ": only RKE1's container knows it as " + path;
    }

    /// Facts that were saved know only what was asked then: a file that nobody asked for is not missing.
    private boolean isMissing(String path) {
        Machine machine = judged.facts().machine();
        if (machine.exists(path)) {
            return false;
        }
        boolean unasked =
                machine instanceof SavedFacts saved && saved.gaps().stream().anyMatch(path::startsWith);
        List<String> beside = machine.list(path.substring(0, path.lastIndexOf('/')));
        return !unasked || !beside.isEmpty() && !beside.contains(path.substring(path.lastIndexOf('/') + 1));
    }

    private void serviceAddress() {
        Optional<X509Certificate> leaf = certificate(APISERVER, "tls-cert-file");
        String range =
                judged.planned().flag(APISERVER, "service-cluster-ip-range").orElse(RangeCheck.DEFAULT_SERVICES);
        Optional<String> first =
                Cidr.parse(range.split(",")[0]).map(c -> c.first().toString());
        if (!judged.planned().has(APISERVER) || leaf.isEmpty() || first.isEmpty()) {
            return;
        }
        Set<String> names = CertificateNames.of(leaf.get());
        if (!names.contains(CertificateNames.canonical(first.get()))) {
            findings.add(judged.error("nix/service-address", APISERVER, "tls-cert-file")
                    .evidence("the first address of %s, %s, is not among its names: %s"
                            .formatted(range, first.get(), String.join(", ", names)))
                    .consequence("Every pod that asks the apiserver by the Service kubernetes refuses its certificate.")
                    .cure("keep the range that the certificate was made for, or issue it anew"));
        }
    }

    private void etcdAddresses() {
        Optional<X509Certificate> leaf = certificate(ETCD, "cert-file");
        if (leaf.isEmpty()) {
            return;
        }
        Set<String> names = CertificateNames.of(leaf.get());
        for (String flag : List.of("advertise-client-urls", "initial-advertise-peer-urls")) {
            for (String url : judged.planned().flags(ETCD).list(flag)) {
                host(url)
                        .filter(host -> !names.contains(CertificateNames.canonical(host)))
                        .ifPresent(host -> findings.add(judged.error("nix/etcd-certificate", ETCD, flag)
                                .evidence("%s is not among the names of %s: %s"
                                        .formatted(
                                                host,
                                                judged.planned()
                                                        .flag(ETCD, "cert-file")
                                                        .orElse(""),
                                                String.join(", ", names)))
                                .consequence("Whoever comes by that address refuses the certificate.")
                                .cure("use an address that the certificate names, or issue it anew")));
            }
        }
    }

    /// As the module's rules for files leave it at the switch.
    private void auditLog() {
        judged.planned()
                .flag(APISERVER, "audit-log-path")
                .flatMap(path -> AuditLog.at(SwitchedMachine.after(judged.facts(), judged.planned()), path))
                .ifPresent(log -> findings.addAll(log.check()));
    }

    /// The controller manager signs legacy tokens; the apiserver checks all of them.
    private void accountKeys() {
        Optional<String> signs = judged.planned().flag(CONTROLLER_MANAGER, "service-account-private-key-file");
        List<String> checks = judged.planned().flags(APISERVER).all("service-account-key-file");
        Optional<KeyFact> key = signs.flatMap(
                path -> PemFile.read(judged.facts().machine(), path).key());
        if (key.isEmpty() || checks.isEmpty() || key.get().publicPrint().isEmpty()) {
            return;
        }
        boolean known =
                checks.stream().anyMatch(path -> prints(path).contains(key.get().publicPrint()));
        if (!known) {
            findings.add(judged.error("nix/service-account", CONTROLLER_MANAGER, "service-account-private-key-file")
                    .evidence("the controller manager signs with %s, the apiserver checks with %s"
                            .formatted(signs.get(), String.join(", ", checks)))
                    .consequence("Every token that the controller manager writes is refused with 401.")
                    .cure("give both the same key"));
        }
    }

    private Set<String> prints(String path) {
        PemFile file = PemFile.read(judged.facts().machine(), path);
        Set<String> prints = new TreeSet<>();
        file.key().map(KeyFact::publicPrint).ifPresent(prints::add);
        file.certificates().forEach(c -> prints.add(KeyFact.print(c.getPublicKey())));
        return prints;
    }

    /// Tokens in etcd, against the key that the apiserver is to check them with.
    private void tokens() {
        List<String> tokens = judged.cluster().map(ClusterFacts::tokens).orElse(List.of());
        Optional<String> path = judged.planned().flag(APISERVER, "service-account-key-file");
        if (tokens.isEmpty() || path.isEmpty()) {
            return;
        }
        Optional<PublicKey> key = publicKey(path.get());
        if (key.isEmpty()) {
            findings.add(Finding.unknown("nix/token", path.get())
                    .evidence("the public half of the key is not to be had here; %d tokens in etcd could be compared"
                            .formatted(tokens.size()))
                    .consequence("Whether the apiserver will believe the cluster's tokens is not known.")
                    .cure("judge on the node, where kube-service-account-token.pem lies beside the key"));
            return;
        }
        long signed =
                tokens.stream().filter(t -> TokenSignature.fits(t, key.get())).count();
        if (signed < tokens.size()) {
            findings.add(judged.error("nix/token", APISERVER, "service-account-key-file")
                    .evidence("%d of %d service account tokens in etcd are not signed by the key of %s"
                            .formatted(tokens.size() - signed, tokens.size(), path.get()))
                    .consequence("Pods and controllers with these tokens are refused with 401.")
                    .cure("give the key that signed them as a second --service-account-key-file"));
        }
    }

    /// A certificate of the same name holds the public half, as RKE1 makes it; its key must be that of the file.
    private Optional<PublicKey> publicKey(String path) {
        PemFile file = PemFile.read(judged.facts().machine(), path);
        PemFile beside = PemFile.read(judged.facts().machine(), path.replace("-key.pem", ".pem"));
        return file.leaf()
                .or(beside::leaf)
                .map(X509Certificate::getPublicKey)
                .filter(key -> file.key()
                        .map(fact -> fact.publicPrint().equals(KeyFact.print(key)))
                        .orElse(true));
    }

    private Optional<X509Certificate> certificate(Component component, String flag) {
        return judged.planned()
                .flag(component, flag)
                .flatMap(path -> PemFile.read(judged.facts().machine(), path).leaf());
    }

    private static Optional<String> host(String url) {
        try {
            return Optional.ofNullable(URI.create(url).getHost())
                    .map(h -> h.startsWith("[") ? h.substring(1, h.length() - 1) : h);
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}

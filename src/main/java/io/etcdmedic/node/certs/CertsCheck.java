package io.etcdmedic.node.certs;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Flags;
import io.etcdmedic.kubernetes.network.Address;
import io.etcdmedic.kubernetes.network.Cidr;
import io.etcdmedic.node.facts.NodeFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// `node certs check`: every certificate and key of RKE1's folder, for every user that needs it.
public final class CertsCheck {
    private CertsCheck() {}

    /// @param now the clock to judge expiry by
    public static List<Finding> of(NodeFacts facts, Instant now) {
        List<CertPair> pairs = CertPair.all(facts.machine());
        if (pairs.isEmpty()) {
            List<Finding> findings = new ArrayList<>(EtcdDataCheck.of(facts));
            String moved = facts.onHost(Component.KUBELET, NodeFacts.SSL);
            findings.add(Finding.unknown("certs", NodeFacts.SSL)
                    .evidence("%s has no certificates of RKE1 in %s that could be seen"
                            .formatted(facts.machine().name(), NodeFacts.SSL))
                    .consequence("There is nothing to judge.")
                    .cure(
                            moved.equals(NodeFacts.SSL)
                                    ? "take it from the copy in etcd: medic node certs extract --from SNAPSHOT --out DIR"
                                    : "RKE1 keeps them in %s (prefix_path): cp -a %s /etc/kubernetes, and check again"
                                            .formatted(moved, moved.replaceFirst("/ssl$", "/."))));
            return findings;
        }
        List<Finding> findings = new ArrayList<>(AccessCheck.of(facts, FileNeeds.of(facts, pairs)));
        for (CertPair pair : pairs) {
            findings.addAll(CertificateCheck.of(pair, pairs, namesWanted(facts, pair), now));
        }
        findings.addAll(FlaggedFiles.of(facts, now));
        findings.addAll(kubeletServing(facts));
        findings.addAll(serviceAccountKey(facts, pairs));
        findings.addAll(EtcdDataCheck.of(facts));
        AuditLog.of(facts).ifPresent(log -> findings.addAll(log.check()));
        if (findings.stream().noneMatch(f -> f.severity() != io.etcdmedic.finding.Severity.OK)) {
            findings.add(Finding.ok("certs", NodeFacts.SSL)
                    .evidence("%d certificates: readable by their services, by nobody else, and fit for their use"
                            .formatted(pairs.size())));
        }
        return findings;
    }

    private static Set<String> namesWanted(NodeFacts facts, CertPair pair) {
        Set<String> names = new TreeSet<>();
        switch (pair.role()) {
            case APISERVER -> {
                facts.address().ifPresent(names::add);
                names.add("127.0.0.1");
                names.add("kubernetes.default.svc");
                facts.serviceRange()
                        .flatMap(range -> Cidr.parse(range.split(",")[0]))
                        .ifPresent(range -> names.add(range.first().toString()));
            }
            case ETCD, KUBELET_SERVING -> {
                String address = pair.stem()
                        .substring(pair.role() == CertRole.ETCD ? 10 : 13)
                        .replace('-', '.');
                Address.parse(address).ifPresent(_ -> names.add(address));
            }
            case CA,
                    REQUESTHEADER_CA,
                    PROXY_CLIENT,
                    CONTROLLER_MANAGER,
                    SCHEDULER,
                    NODE,
                    SERVICE_ACCOUNT,
                    PROXY,
                    ADMIN,
                    ETCD_CLIENT,
                    ETCD_CLIENT_CA -> {}
        }
        names.removeIf(name -> name.equals("0.0.0.0"));
        return names.stream()
                .map(CertificateNames::canonical)
                .collect(java.util.stream.Collectors.toCollection(TreeSet::new));
    }

    /// RKE1's kube-node.pem is a client certificate without names: the kubelet cannot serve with it.
    private static List<Finding> kubeletServing(NodeFacts facts) {
        List<Finding> findings = new ArrayList<>();
        List<Flags> kubelets =
                facts.unit(Component.KUBELET).stream().map(part -> part.flags()).toList();
        for (Flags flags : kubelets) {
            Optional<String> file = flags.get("tls-cert-file");
            if (file.isPresent()) {
                findings.addAll(servingProblem(PemFile.read(facts.machine(), file.get())));
            }
        }
        return findings;
    }

    /// Why the kubelet cannot serve with this certificate; empty when it can.
    public static List<Finding> servingProblem(PemFile file) {
        if (file.leaf().isEmpty() && file.isDenied()) {
            return List.of(Finding.unknown("certs/kubelet-serving", file.path())
                    .evidence(file.trouble())
                    .consequence("Whether the kubelet can serve with it is not known.")
                    .cure("run it as root"));
        }
        if (file.leaf().isEmpty()) {
            return List.of(Finding.error("certs/kubelet-serving", file.path())
                    .evidence("the kubelet is to serve with it, and " + file.trouble())
                    .consequence("The kubelet ends at start."));
        }
        boolean serves = CertificateCheck.canServe(file.leaf().get());
        boolean named = !CertificateNames.of(file.leaf().get()).isEmpty();
        if (serves && named) {
            return List.of();
        }
        return List.of(Finding.error("certs/kubelet-serving", file.path())
                .evidence("the kubelet is to serve with it, but %s%s%s"
                        .formatted(
                                serves ? "" : "its extended key usage is for clients only",
                                serves || named ? "" : " and ",
                                named ? "" : "it has no names or addresses"))
                .consequence("`kubectl logs`, `exec` and `port-forward` to this node fail with a TLS error when the"
                        + " apiserver checks the kubelet's certificate, as the NixOS module makes it do.")
                .cure(
                        "leave services.kubernetes.kubelet.tlsCertFile and tlsKeyFile out, or issue a serving certificate;"
                                + " or set services.kubernetes.apiserver.kubeletClientCaFile = null")
                .cause("RKE1 issues kube-node.pem for client authentication only (pki/services.go)"));
    }

    /// The key that signs tokens and the key that the apiserver checks them with must be one.
    private static List<Finding> serviceAccountKey(NodeFacts facts, List<CertPair> pairs) {
        Optional<String> signing = facts.flags(Component.CONTROLLER_MANAGER).get("service-account-private-key-file");
        List<String> verify = facts.flags(Component.APISERVER).all("service-account-key-file");
        if (signing.isEmpty() || verify.isEmpty() || verify.contains(signing.get()) || pairs.isEmpty()) {
            return List.of();
        }
        Optional<String> print =
                PemFile.read(facts.machine(), signing.get()).key().map(KeyFact::publicPrint);
        boolean known = print.isPresent()
                && verify.stream()
                        .map(path -> PemFile.read(facts.machine(), path).key())
                        .anyMatch(key -> key.map(KeyFact::publicPrint).equals(print));
        return known
                ? List.of()
                : List.of(Finding.error("certs/service-account", signing.get())
                        .evidence("the controller manager signs with it, and the apiserver checks with "
                                + String.join(", ", verify))
                        .consequence("Every service account token is refused with 401.")
                        .cure("give both the same key: kube-service-account-token-key.pem"));
    }
}

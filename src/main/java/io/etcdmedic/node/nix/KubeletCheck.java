package io.etcdmedic.node.nix;

import static io.etcdmedic.installation.Component.APISERVER;
import static io.etcdmedic.installation.Component.KUBELET;
import static io.etcdmedic.installation.Component.PROXY;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.finding.Severity;
import io.etcdmedic.node.certs.CertsCheck;
import io.etcdmedic.node.certs.PemFile;
import io.etcdmedic.node.cluster.NodeObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The kubelet and kube-proxy: their Node, their folder, their certificate.
final class KubeletCheck {
    private final Judged judged;
    private final List<Finding> findings = new ArrayList<>();

    private KubeletCheck(Judged judged) {
        this.judged = judged;
    }

    static List<Finding> of(Judged judged) {
        KubeletCheck check = new KubeletCheck(judged);
        if (judged.planned().has(KUBELET)) {
            check.name();
            check.folder();
            check.serving();
        }
        if (judged.planned().has(KUBELET) && judged.planned().has(PROXY)) {
            check.proxyName();
        }
        return check.findings;
    }

    private String planned() {
        return judged.planned().flag(KUBELET, "hostname-override").orElse("");
    }

    private void name() {
        Optional<String> today = judged.reference().flag(KUBELET, "hostname-override");
        Optional<String> byAddress = judged.planned()
                .flag(KUBELET, "node-ip")
                .map(ip -> ip.split(",")[0])
                .or(() -> judged.planned().flag(APISERVER, "advertise-address"))
                .or(() -> judged.facts().address())
                .flatMap(address -> judged.cluster().flatMap(c -> c.nodeAt(address)))
                .map(NodeObject::name);
        Optional<String> right = byAddress.or(() -> today);
        if (right.isPresent() && !right.get().equals(planned())) {
            findings.add(judged.error("nix/node-name", KUBELET, "hostname-override")
                    .evidence("it is %s; the cluster knows this node as %s%s"
                            .formatted(
                                    planned(),
                                    right.get(),
                                    byAddress.isPresent() ? "" : " (today's --hostname-override)"))
                    .consequence(
                            "A second Node appears, and the old one keeps the pods, the volumes bound to it and its labels,"
                                    + " NotReady for ever.")
                    .cure(judged.planned().assignment(KUBELET, "hostname-override", right.get()) + " and the same for "
                            + judged.planned().subject(PROXY, "hostname-override"))
                    .cause("RKE1's hostname_override is by default the node's address, in small letters"));
        } else if (right.isEmpty()
                && judged.cluster().isPresent()
                && judged.cluster().get().node(planned()).isEmpty()) {
            findings.add(judged.error("nix/node-name", KUBELET, "hostname-override")
                    .evidence("it is %s, and etcd has no Node of this name: it has %s".formatted(planned(), names()))
                    .consequence("A new Node appears, and the old one keeps its pods and volumes, NotReady for ever.")
                    .cure("set it to the Node's name: " + judged.planned().subject(KUBELET, "hostname-override")));
        } else if (right.isEmpty() && judged.cluster().isEmpty()) {
            findings.add(judged.warning("nix/node-name", KUBELET, "hostname-override")
                    .evidence("it is %s; what the cluster calls this node is not known here".formatted(planned()))
                    .consequence(
                            "If the Node has another name (RKE1 often uses the address), a second Node appears and the old"
                                    + " one keeps the pods and volumes.")
                    .cure("compare with the Node: --snapshot FILE, or --facts DIR"));
        }
        if (!planned().equals(planned().toLowerCase(Locale.ROOT))) {
            findings.add(judged.error("nix/node-name", KUBELET, "hostname-override")
                    .evidence(planned() + " has capital letters")
                    .consequence("A Node's name is in small letters: the kubelet's and its Node's differ.")
                    .cure(judged.planned()
                            .assignment(KUBELET, "hostname-override", planned().toLowerCase(Locale.ROOT))));
        }
    }

    private String names() {
        return String.join(
                ", ",
                judged.cluster().orElseThrow().nodes().stream()
                        .map(NodeObject::name)
                        .toList());
    }

    private void proxyName() {
        String proxy = judged.planned().flag(PROXY, "hostname-override").orElse("");
        if (!proxy.isEmpty() && !proxy.equals(planned())) {
            findings.add(judged.error("nix/proxy-name", PROXY, "hostname-override")
                    .evidence("kube-proxy says %s, the kubelet %s".formatted(proxy, planned()))
                    .consequence("kube-proxy does not know which endpoints are local: Services with"
                            + " externalTrafficPolicy Local lose their traffic.")
                    .cure(judged.planned().assignment(PROXY, "hostname-override", planned())));
        }
    }

    private void folder() {
        String today = judged.reference().flag(KUBELET, "root-dir").orElse("/var/lib/kubelet");
        String planned = judged.planned().flag(KUBELET, "root-dir").orElse("/var/lib/kubelet");
        if (!planned.equals(today)) {
            findings.add(judged.error("nix/root-dir", KUBELET, "root-dir")
                    .evidence("it is %s; pods and volumes lie below %s".formatted(planned, today))
                    .consequence(
                            "The volumes that are mounted below the old folder are orphaned, and CSI drivers look in the"
                                    + " wrong place.")
                    .cure(judged.planned().assignment(KUBELET, "root-dir", today)));
        }
    }

    /// The module gives the apiserver the cluster's CA for kubelets, unless kubeletClientCaFile is null.
    private void serving() {
        Optional<String> certificate = judged.planned().flag(KUBELET, "tls-cert-file");
        boolean isChecked = !judged.planned().has(APISERVER)
                || judged.planned()
                        .flag(APISERVER, "kubelet-certificate-authority")
                        .isPresent();
        if (certificate.isEmpty()) {
            if (judged.planned().has(APISERVER) && isChecked) {
                findings.add(judged.error("nix/kubelet-serving", KUBELET, "tls-cert-file")
                        .evidence(
                                "the kubelet makes a certificate for itself, and the apiserver checks kubelets' against "
                                        + judged.planned()
                                                .flag(APISERVER, "kubelet-certificate-authority")
                                                .orElse(""))
                        .consequence(
                                "kubectl logs, exec and port-forward fail: \"x509: certificate signed by unknown authority\".")
                        .cure("services.kubernetes.apiserver.kubeletClientCaFile = lib.mkForce null; or issue a serving"
                                + " certificate for the kubelet"));
            }
            return;
        }
        if (!isChecked) {
            return;
        }
        PemFile file = PemFile.read(judged.facts().machine(), certificate.get());
        if (file.leaf().isPresent()) {
            CertsCheck.servingProblem(file).stream()
                    .filter(f -> f.severity() == Severity.ERROR)
                    .map(f -> judged.error("nix/kubelet-serving", KUBELET, "tls-cert-file")
                            .evidence(certificate.get() + ": " + f.evidence())
                            .consequence(f.consequence())
                            .cure(f.cure())
                            .cause(f.cause()))
                    .forEach(findings::add);
        } else if (certificate.get().endsWith("/kube-node.pem")) {
            findings.add(judged.error("nix/kubelet-serving", KUBELET, "tls-cert-file")
                    .evidence("the kubelet is to serve with " + certificate.get()
                            + ", which RKE1 issues for clients only, without any name")
                    .consequence(
                            "kubectl logs, exec and port-forward fail with a TLS error, because the module makes the"
                                    + " apiserver check kubelets' certificates.")
                    .cure("leave tlsCertFile and tlsKeyFile out and set"
                            + " services.kubernetes.apiserver.kubeletClientCaFile = lib.mkForce null; or issue a serving"
                            + " certificate")
                    .cause("RKE pki/services.go: kube-node is made with serverCrt=false and no names"));
        }
    }
}

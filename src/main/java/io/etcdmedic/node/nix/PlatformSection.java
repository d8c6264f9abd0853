package io.etcdmedic.node.nix;

import static io.etcdmedic.installation.Component.APISERVER;
import static io.etcdmedic.installation.Component.ETCD;
import static io.etcdmedic.installation.Component.KUBELET;

import io.etcdmedic.node.facts.NodeFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What surrounds Kubernetes on the node: the runtime and its pause image, the CNI's plugins, files, the firewall.
record PlatformSection(NodeFacts facts, NixPage page) {
    /// Who reads what, and nothing for the keys of the authorities. Source: users of the NixOS modules, DOMAIN D.2.
    private static final Map<String, String> KUBERNETES_FILES = Map.of(
            "kube-apiserver", "kubernetes",
            "kube-apiserver-proxy-client", "kubernetes",
            "kube-controller-manager", "kubernetes",
            "kube-scheduler", "kubernetes",
            "kube-node", "kubernetes",
            "kube-service-account-token", "kubernetes");

    void write() {
        if (FlagCarrier.has(facts, KUBELET)) {
            runtime();
            startScript();
        }
        files();
        firewall();
    }

    private void runtime() {
        page.comment("containerd compares the image as text: registry/repository:tag, or it is never pinned.");
        page.open("virtualisation.containerd.settings.plugins.\"io.containerd.grpc.v1.cri\"");
        page.set(
                "sandbox_image",
                "\"docker.io/library/pause:latest\"",
                "built by NixOS' kubelet module, and seeded below");
        page.set("cni.bin_dir", "\"/opt/cni/bin\"", "where RKE1's CNI puts its plugins");
        page.set("cni.max_conf_num", "1", "the first configuration by name, as RKE1's kubelet took it");
        page.close();
        page.comment("DECIDE: pods lived in Docker; it is off, so that no container of RKE1 comes back.");
        page.set("virtualisation.docker.enable", "lib.mkForce false", "");
    }

    /// The module's own script wipes /opt/cni/bin. This one does not, seeds and pins the pause image, and links only
    /// the plugins that are missing.
    private void startScript() {
        page.script(
                "systemd.services.kubelet.preStart",
                List.of(
                        "set -e",
                        "mkdir -p /opt/cni/bin",
                        "${lib.concatMapStrings (image: ''",
                        "  ${pkgs.containerd}/bin/ctr -n k8s.io image import ${image}",
                        "'') config.services.kubernetes.kubelet.seedDockerImages}",
                        "${pkgs.containerd}/bin/ctr -n k8s.io image label docker.io/library/pause:latest"
                                + " io.cri-containerd.pinned=pinned",
                        "for plugin in ${pkgs.cni-plugins}/bin/*; do",
                        "  link=/opt/cni/bin/$(basename \"$plugin\")",
                        "  [ -e \"$link\" ] || ln -sfn \"$plugin\" \"$link\"",
                        "done"));
    }

    private void files() {
        List<String> rules = new ArrayList<>();
        rules.add("d /etc/kubernetes 0755 root root -");
        rules.add("z " + NodeFacts.SSL + " 0755 root root -");
        rules.add("z " + NodeFacts.SSL + "/kube-ca.pem 0644 root root -");
        if (FlagCarrier.isControlPlane(facts)) {
            rules.add("z " + NodeFacts.SSL + "/kube-apiserver-requestheader-ca.pem 0444 kubernetes kubernetes -");
            KUBERNETES_FILES.forEach((stem, user) -> {
                rules.add("z %s/%s.pem 0400 %s %s -".formatted(NodeFacts.SSL, stem, user, user));
                rules.add("z %s/%s-key.pem 0400 %s %s -".formatted(NodeFacts.SSL, stem, user, user));
            });
            for (String flag : List.of(
                    "encryption-provider-config",
                    "admission-control-config-file",
                    "audit-policy-file",
                    "authentication-token-webhook-config-file")) {
                facts.flags(APISERVER)
                        .get(flag)
                        .filter(path -> path.matches("/[A-Za-z0-9/._-]+"))
                        .ifPresent(path -> rules.add("z %s 0400 kubernetes kubernetes -".formatted(path)));
            }
        }
        if (FlagCarrier.has(facts, ETCD)) {
            facts.flags(ETCD)
                    .get("cert-file")
                    .filter(path -> path.matches("/[A-Za-z0-9/._-]+\\.pem"))
                    .ifPresent(path -> {
                        rules.add("z " + path + " 0400 etcd etcd -");
                        rules.add("z " + path.replace(".pem", "-key.pem") + " 0400 etcd etcd -");
                    });
            rules.add("Z /var/lib/etcd - etcd etcd -");
        }
        page.comment("Each service's user reads its own files; the keys of the authorities stay root's alone.");
        page.list(
                "systemd.tmpfiles.rules =",
                rules.stream().sorted().map(NixText::string).toList());
    }

    private void firewall() {
        List<String> ports = new ArrayList<>();
        if (FlagCarrier.isControlPlane(facts)) {
            ports.add(facts.flags(APISERVER)
                    .get("secure-port")
                    .filter(p -> p.matches("\\d{1,5}"))
                    .orElse("6443"));
        }
        if (FlagCarrier.has(facts, ETCD)) {
            ports.addAll(List.of("2379", "2380"));
        }
        ports.add("10250");
        page.comment(
                "DECIDE: NixOS' firewall is on by default. Open what your CNI needs, too (canal: UDP 8472), and NodePorts.");
        page.set(
                "networking.firewall.allowedTCPPorts",
                "[ " + String.join(" ", ports) + " ]",
                "etcd, apiserver, kubelet");
        page.set("networking.firewall.allowedUDPPorts", "[ 8472 ]", "VXLAN of canal, RKE1's default CNI");
    }
}

package io.etcdmedic.node.nix;

import static io.etcdmedic.installation.Component.APISERVER;
import static io.etcdmedic.installation.Component.ETCD;
import static io.etcdmedic.installation.Component.KUBELET;

import io.etcdmedic.installation.Component;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What surrounds Kubernetes on the node: the runtime and its pause image, the CNI's plugins, files, the firewall.
record PlatformSection(NodeFacts facts, List<Carried> carried, NixPage page) {
    void write() {
        if (FlagCarrier.has(facts, KUBELET)) {
            runtime();
            startScript();
        }
        environment();
        ipvs();
        files();
        firewall();
    }

    /// etcd's variables are its flags, and stand among these.
    private void environment() {
        for (Component component : Component.values()) {
            Map<String, String> variables =
                    component == Component.ETCD ? Map.of() : ContainerEnvironment.of(facts, component);
            variables.forEach((name, value) -> {
                boolean isSecret = name.matches("(?i).*(secret|token|passw|credential|_key).*");
                String option = "systemd.services." + component.program() + ".environment." + NixText.string(name);
                if (isSecret) {
                    page.comment("DECIDE: RKE1's " + component.program() + " has the variable " + name
                            + ", which may be a secret: nothing secret belongs into NixOS' store.");
                } else {
                    // systemd expands specifiers in Environment=, and NixOS leaves them to it.
                    page.set(option, NixText.string(value.replace("%", "%%")), "environment of RKE1's container");
                }
            });
        }
        if (ContainerEnvironment.hasRegistries(facts)) {
            page.comment(
                    "DECIDE: RKE1 gave the kubelet the passwords of private registries; containerd's are in its own"
                            + " configuration, or in imagePullSecrets.");
        }
    }

    /// The module's unit has iptables and conntrack on its path, and loads no module for IPVS.
    private void ipvs() {
        if (facts.flags(Component.PROXY)
                .get("proxy-mode")
                .filter("ipvs"::equals)
                .isPresent()) {
            page.set("systemd.services.kube-proxy.path", "[ pkgs.ipset pkgs.kmod ]", "--proxy-mode=ipvs");
            page.set(
                    "boot.kernelModules",
                    NixText.list(List.of("ip_vs", "ip_vs_rr", "ip_vs_wrr", "ip_vs_sh", "nf_conntrack")),
                    "--proxy-mode=ipvs");
        }
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
        page.comment("The module links /etc/cni/net.d into its store, where the cluster's CNI could not write.");
        page.set("environment.etc.\"cni/net.d\".enable", "lib.mkForce false", "the CNI writes its own configuration");
        page.comment("DECIDE: pods lived in Docker; it is off, so that no container of RKE1 comes back.");
        page.set("virtualisation.docker.enable", "lib.mkForce false", "");
    }

    /// The module's own script wipes /opt/cni/bin. This one does not, seeds and pins the pause image, and links
    /// only the plugins that are missing.
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
        page.comment("Each service's user reads its own files; the keys of the authorities stay root's alone.");
        page.list(
                "systemd.tmpfiles.rules =",
                new FileRules(facts, carried)
                        .lines().stream().map(NixText::string).toList());
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

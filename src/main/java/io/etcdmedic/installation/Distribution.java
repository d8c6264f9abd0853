package io.etcdmedic.installation;

/// Who set Kubernetes up on a machine.
public enum Distribution {
    RKE1("RKE1"),
    KUBEADM("kubeadm"),
    RKE2("RKE2"),
    K3S("k3s"),
    NIXOS("NixOS");

    private final String words;

    Distribution(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }
}

package io.etcdmedic.installation;

import java.util.Arrays;
import java.util.Optional;

/// The parts of a Kubernetes node, by the name of their program.
public enum Component {
    ETCD("etcd", "etcd"),
    APISERVER("kube-apiserver", "kubernetes"),
    CONTROLLER_MANAGER("kube-controller-manager", "kubernetes"),
    SCHEDULER("kube-scheduler", "kubernetes"),
    KUBELET("kubelet", "root"),
    PROXY("kube-proxy", "root");

    private final String program;
    private final String nixosUser;

    Component(String program, String nixosUser) {
        this.program = program;
        this.nixosUser = nixosUser;
    }

    public String program() {
        return program;
    }

    /// The user that the NixOS module runs it as. Source: nixpkgs nixos/modules/services/cluster/kubernetes.
    public String nixosUser() {
        return nixosUser;
    }

    public static Optional<Component> ofProgram(String program) {
        return Arrays.stream(values()).filter(c -> c.program.equals(program)).findFirst();
    }
}

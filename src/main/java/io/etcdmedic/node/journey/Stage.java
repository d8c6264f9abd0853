package io.etcdmedic.node.journey;

/// One step of the rebuild.
public enum Stage {
    INVENTORY("inventory", "what RKE1 runs here is known and kept", "nothing has changed yet"),
    VERSIONS("version gate", "Kubernetes moves by one minor at most, etcd too", "nothing has changed yet"),
    SNAPSHOT("snapshot", "an etcd snapshot is saved and verified", "nothing has changed yet"),
    KEYS("keys", "certificates and keys are copied", "nothing has changed yet"),
    ARCHIVE("folders", "the folders of Kubernetes and the CNI are copied", "nothing has changed yet"),
    CERTIFICATES("certificates", "each service can read its files, and they are valid", "medic undo of node certs fix"),
    PAUSE("pause image", "the sandbox image will be there, and stay", "medic undo of node pause pin"),
    CNI("CNI", "the plugins are there, and the kubelet's start leaves them", "medic undo of node cni restore"),
    MODULE("module", "the NixOS module fits the node and the cluster", "nothing has changed yet"),
    MEMBER_DATA("member data", "etcd's data folder holds the member", "nothing has changed yet"),
    DRAINED("drained", "the node takes no pods", "kubectl uncordon"),
    STOPPED(
            "RKE1 stopped",
            "RKE1's containers are stopped for good",
            "docker update --restart=always …; docker start …; uncordon"),
    SWITCHED(
            "switched",
            "NixOS runs the parts",
            "boot the old system, chown -R root /var/lib/etcd, start RKE1's containers; while etcd's minor is the same and no"
                    + " newer storage version was written"),
    MEMBER("etcd member", "the member is back under its name and peer URLs", ""),
    APISERVER("apiserver", "this node's apiserver serves", ""),
    SERVICE_CIDR("service range", "etcd's ServiceCIDR is the range of the flags", "medic undo of fix servicecidr"),
    NODE_READY("node", "the Node is Ready under its old name", ""),
    NETWORK("network", "the CNI's plugins and the pause image are there, and stay", ""),
    DNS("DNS", "the name server has ready addresses", ""),
    WORKLOADS("workloads", "the node takes pods again, and they run", "cordon and drain again");

    private final String title;
    private final String goal;
    private final String rollback;

    Stage(String title, String goal, String rollback) {
        this.title = title;
        this.goal = goal;
        this.rollback = rollback;
    }

    public String title() {
        return title;
    }

    public String goal() {
        return goal;
    }

    /// What takes it back; after the switch, where nothing is said, what takes the switch back.
    public String rollback() {
        return rollback.isEmpty() ? SWITCHED.rollback : rollback;
    }
}

package io.etcdmedic.node;

import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.node.facts.NodeFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// The tree of a node after its switch to NixOS, as the post had it: units, start scripts, containerd's
/// configuration.
final class NixosTree {
    /// An ELF header: 64 bits, little endian; the machine's number stands at offset 18.
    private static final byte[] ELF = {
        0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0x3e, 0, 1, 0, 0, 0
    };

    static final String CONTAINERD_TOML = """
            oom_score = 0
            root = "/var/lib/containerd"
            state = "/run/containerd"
            version = 2
            [grpc]
            address = "/run/containerd/containerd.sock"
            [plugins."io.containerd.grpc.v1.cri"]
            sandbox_image = "pause:latest"
            [plugins."io.containerd.grpc.v1.cri".cni]
            bin_dir = "/opt/cni/bin"
            max_conf_num = 0
            [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
            runtime_type = "io.containerd.runc.v2"
            """;

    /// nixpkgs kubernetes/kubelet.nix.
    static final String MODULE_START = """
            #!/bin/sh
            set -e
            echo "Seeding container image: /nix/store/p-docker-image-pause.tar.gz"
            gzip -dc "/nix/store/p-docker-image-pause.tar.gz" | /nix/store/c-containerd-1.7.24/bin/ctr -n k8s.io image import -
            rm /opt/cni/bin/* || true
            echo "Linking cni package: /nix/store/n-cni-plugins-1.6.2"
            ln -fs /nix/store/n-cni-plugins-1.6.2/bin/* /opt/cni/bin
            """;

    static final String CALICO = """
            {"name": "k8s-pod-network", "cniVersion": "0.3.1", "plugins": [
             {"type": "calico", "ipam": {"type": "calico-ipam"}}, {"type": "portmap"}, {"type": "bandwidth"}]}
            """;

    private final Path root;

    private NixosTree(Path root) {
        this.root = root;
    }

    /// The files of NixOS in a tree of another kind.
    static NixosTree in(Path root) {
        return new NixosTree(root);
    }

    static NixosTree make(Path root) throws IOException {
        return new NixosTree(root)
                .file("etc/NIXOS", "")
                .program("bin/sh")
                .file("nix/store/t-containerd-config-checked.toml", CONTAINERD_TOML)
                .file("etc/systemd/system/containerd.service", """
                        [Service]
                        ExecStart=/nix/store/c-containerd-1.7.24/bin/containerd --config /nix/store/t-containerd-config-checked.toml
                        """)
                .kubelet("1.34.2", "")
                .start(MODULE_START)
                .file("etc/cni/net.d/10-canal.conflist", CALICO);
    }

    NixosTree kubelet(String version, String flags) throws IOException {
        return file("etc/systemd/system/kubelet.service", """
                [Service]
                ExecStartPre=/nix/store/s-unit-script-kubelet-pre-start/bin/kubelet-pre-start
                ExecStart=/nix/store/0k19qdzb5vygrg8s6d0rvjghl1p0qjqa-kubernetes-%s/bin/kubelet --hostname-override=srv5 %s
                """.formatted(version, flags));
    }

    NixosTree start(String script) throws IOException {
        return file("nix/store/s-unit-script-kubelet-pre-start/bin/kubelet-pre-start", script);
    }

    /// The plugins that the configuration needs, as the CNI's installer leaves them.
    NixosTree plugins() throws IOException {
        for (String name : new String[] {"calico", "calico-ipam", "portmap", "bandwidth", "loopback"}) {
            program("opt/cni/bin/" + name);
        }
        return this;
    }

    NixosTree program(String name) throws IOException {
        return program(name, 0x3e);
    }

    NixosTree program(String name, int machine) throws IOException {
        byte[] elf = ELF.clone();
        elf[18] = (byte) machine;
        Path file = root.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.write(file, elf);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return this;
    }

    NixosTree file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
        return this;
    }

    NodeFacts facts() {
        return NodeFacts.of(LiveMachine.at(root));
    }

    Path root() {
        return root;
    }
}

package io.etcdmedic.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The tree of a k3s server with an etcd of its own, as its installer and it leave it.
record K3sTree(Path root) {
    static K3sTree make(Path root) throws IOException {
        return new K3sTree(root)
                .file("etc/hostname", "SRV9\n")
                .file("etc/systemd/system/k3s.service", """
                        [Service]
                        Type=notify
                        EnvironmentFile=-/etc/default/%N
                        EnvironmentFile=-/etc/systemd/system/k3s.service.env
                        ExecStart=/usr/local/bin/k3s \\
                            server \\
                                '--cluster-init' \\
                                '--token' \\
                                'SECRET1' \\
                                '--kube-apiserver-arg=audit-log-path=/var/log/line.log' \\

                        """)
                .file("etc/systemd/system/k3s.service.env", """
                        K3S_TOKEN='SECRET2'
                        K3S_NODE_NAME=srv9-env
                        """)
                .file("etc/rancher/k3s/config.yaml", """
                        token: SECRET3
                        service-cidr: 10.53.0.0/16
                        cluster-cidr: [10.52.0.0/16, "fd00:52::/56"]
                        cluster-domain: k3s.example
                        node-label: [a=b]
                        kube-apiserver-arg:
                          - audit-log-maxage=7
                          - api-audiences+=rke
                        vpn-auth: name=tailscale,joinKey=SECRET4
                        """)
                .file("etc/rancher/k3s/config.yaml.d/10-first.yaml", """
                        cluster-domain: first.example
                        node-label+: [c=d]
                        """)
                .file("etc/rancher/k3s/config.yaml.d/20-last.yml", """
                        cluster-domain: last.example
                        kubelet-arg: max-pods=200
                        disable-kube-proxy: true
                        """)
                .file("etc/rancher/k3s/config.yaml.d/30-not.txt", "cluster-domain: not.example\n")
                .file("var/lib/rancher/k3s/server/db/etcd/config", """
                        data-dir: /var/lib/rancher/k3s/server/db/etcd
                        name: srv9-env-1234
                        """);
    }

    K3sTree file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
        return this;
    }
}

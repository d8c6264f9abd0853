package io.etcdmedic.installation;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.host.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationTest {
    @TempDir
    Path root = Path.of("");

    @Test
    void rke1IsReachedAtTheAddressInItsCertificatesName() throws IOException {
        file("etc/kubernetes/ssl/kube-ca.pem", "");
        file("etc/kubernetes/ssl/kube-etcd-51-81-64-31.pem", "");
        file("etc/kubernetes/ssl/kube-etcd-51-81-64-31-key.pem", "");

        Installation found = Installation.below(root);

        assertThat(found.distributions()).containsExactly(Distribution.RKE1);
        assertThat(found.etcdAccess())
                .containsExactly(new EtcdAccess(
                        List.of("https://51.81.64.31:2379"),
                        "/etc/kubernetes/ssl/kube-ca.pem",
                        "/etc/kubernetes/ssl/kube-etcd-51-81-64-31.pem",
                        "/etc/kubernetes/ssl/kube-etcd-51-81-64-31-key.pem",
                        "RKE1 files, /etc/kubernetes/ssl/kube-etcd-51-81-64-31.pem"));
    }

    @Test
    void kubeadmManifestsGiveFlagsAndImage() throws IOException {
        file("etc/kubernetes/pki/ca.crt", "");
        file("etc/kubernetes/manifests/kube-apiserver.yaml", """
                apiVersion: v1
                kind: Pod
                spec:
                  containers:
                  - command:
                    - kube-apiserver
                    - --etcd-cafile=/etc/kubernetes/pki/etcd/ca.crt
                    - --etcd-certfile=/etc/kubernetes/pki/apiserver-etcd-client.crt
                    - --etcd-keyfile=/etc/kubernetes/pki/apiserver-etcd-client.key
                    - "--etcd-servers=https://10.0.0.5:2379,https://10.0.0.6:2379"
                    image: registry.k8s.io/kube-apiserver:v1.31.4
                    livenessProbe:
                      failureThreshold: 8
                """);

        Installation found = Installation.below(root);

        assertThat(found.is(Distribution.KUBEADM)).isTrue();
        assertThat(found.etcdAccess().getFirst().endpoints())
                .containsExactly("https://10.0.0.5:2379", "https://10.0.0.6:2379");
        assertThat(found.etcdAccess().getFirst().certFile()).endsWith("apiserver-etcd-client.crt");
        assertThat(found.part(Component.APISERVER).flatMap(Part::version)).hasValue("1.31.4");
    }

    @Test
    void nixosUnitsAreReadThroughTheirStartScripts() throws IOException {
        file("etc/NIXOS", "");
        file("etc/systemd/system/kube-apiserver.service", """
                [Service]
                User=kubernetes
                ExecStart=/nix/store/0k19qdzb5vygrg8s6d0rvjghl1p0qjqa-kubernetes-1.34.2/bin/kube-apiserver \\
                --service-cluster-ip-range=10.0.0.0/24 --anonymous-auth=false --etcd-servers=https://127.0.0.1:2379
                """);
        file("etc/systemd/system/kubelet.service", """
                [Service]
                ExecStart=/nix/store/script
                ExecStartPre=/nix/store/pre
                """);
        file("nix/store/script", "#!/bin/sh\nexec /nix/store/x/bin/kubelet --hostname-override=srv5 \\\n --v=2\n");
        file("nix/store/pre", "#!/bin/sh\nrm /opt/cni/bin/* || true\n");
        file("etc/systemd/system/etcd.service", """
                [Service]
                Environment="ETCD_NAME=etcd-srv5" "ETCD_ADVERTISE_CLIENT_URLS=https://10.0.0.5:2379"
                Environment=ETCD_CERT_FILE=/c.pem
                ExecStart=/nix/store/x/bin/etcd
                """);

        Installation found = Installation.below(root);

        Part apiserver = found.part(Component.APISERVER).orElseThrow();
        assertThat(apiserver.flags().get("service-cluster-ip-range")).hasValue("10.0.0.0/24");
        assertThat(apiserver.user()).isEqualTo("kubernetes");
        assertThat(apiserver.version()).hasValue("1.34.2");
        assertThat(found.part(Component.KUBELET).orElseThrow().flags().get("hostname-override"))
                .hasValue("srv5");
        assertThat(found.part(Component.ETCD).orElseThrow().flags().get("name")).hasValue("etcd-srv5");
        assertThat(found.etcdAccess()).hasSize(2);
        Machine machine = LiveMachine.at(root);
        UnitFile kubelet =
                UnitFile.of(machine, UnitFile.services(machine).named("kubelet").orElseThrow());
        assertThat(kubelet.preStart()).contains("rm /opt/cni/bin/*");
    }

    @Test
    void kubeadmsKubeletIsReadThroughItsDropInAndItsVariables() throws IOException {
        file(
                "usr/lib/systemd/system/kubelet.service",
                "[Service]\nExecStart=/usr/bin/kubelet --old\nExecStartPre=/a\n");
        file("usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf", """
                [Service]
                Environment="KUBELET_KUBECONFIG_ARGS=--kubeconfig=/etc/kubernetes/kubelet.conf --config=/c.yaml"
                EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
                EnvironmentFile=-/etc/default/absent
                ExecStartPre=
                ExecStart=
                ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_KUBEADM_ARGS $NOT_SET
                """);
        file(
                "var/lib/kubelet/kubeadm-flags.env",
                "KUBELET_KUBEADM_ARGS=\"--container-runtime-endpoint=unix:///run/containerd/containerd.sock --node-ip=10.0.0.5\"\n");

        Part kubelet = Installation.below(root).part(Component.KUBELET).orElseThrow();

        assertThat(kubelet.flags().get("kubeconfig")).hasValue("/etc/kubernetes/kubelet.conf");
        assertThat(kubelet.flags().get("node-ip")).hasValue("10.0.0.5");
        assertThat(kubelet.flags().has("old")).isFalse();
        assertThat(kubelet.argv()).doesNotContain("$NOT_SET");
    }

    @Test
    void k3sOnSqliteIsSaidNotToBeEtcd() throws IOException {
        file("var/lib/rancher/k3s/server/db/state.db", "");

        Installation found = Installation.below(root);

        assertThat(found.etcdAccess()).isEmpty();
        assertThat(found.notes()).anySatisfy(note -> assertThat(note).contains("kine, not etcd"));
    }

    @Test
    void anEmptyMachineHasNothing() {
        Installation found = Installation.below(root);

        assertThat(found.distributions()).isEmpty();
        assertThat(found.parts()).isEmpty();
        assertThat(found.etcdAccess()).isEmpty();
    }

    @Test
    void flagsAreReadInEveryForm() {
        Flags flags = Flags.parse(
                List.of("kube-apiserver", "--a=1", "-b", "2", "--switch", "--list=x, y", "--a=3", "--under_score=u"));

        assertThat(flags.get("a")).hasValue("3");
        assertThat(flags.all("a")).containsExactly("1", "3");
        assertThat(flags.get("b")).hasValue("2");
        assertThat(flags.get("switch")).hasValue("true");
        assertThat(flags.list("list")).containsExactly("x", "y");
        assertThat(flags.get("under-score")).hasValue("u");
    }

    private void file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
    }
}

package io.etcdmedic.installation;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.host.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Configuration files as the flags that they stand for.
class ConfigFilesTest {
    private static final String CONFIG = """
            apiVersion: kubelet.config.k8s.io/v1beta1
            kind: KubeletConfiguration
            authentication:
              anonymous: {enabled: false}
              webhook: {enabled: true, cacheTTL: 0s}
              x509: {clientCAFile: /etc/kubernetes/pki/ca.crt}
            authorization: {mode: Webhook}
            cgroupDriver: systemd
            clusterDNS: [10.96.0.10, 10.96.0.11]
            clusterDomain: cluster.local
            containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
            evictionHard: {memory.available: 200Mi, nodefs.available: 10%}
            featureGates: {A: true, B: false}
            kubeReserved: {cpu: 500m, memory: 1Gi}
            maxPods: 110
            podCIDR: 10.42.0.0/24
            registerWithTaints: [{key: node, value: new, effect: NoSchedule}]
            shutdownGracePeriod: 30s
            tlsCertFile: /etc/kubernetes/kubelet.crt
            tlsPrivateKeyFile: /etc/kubernetes/kubelet.key
            """;

    @TempDir
    Path root = Path.of("");

    @Test
    void theKubeletsFileIsReadAndItsFlagsWin() throws IOException {
        file("var/lib/kubelet/config.yaml", CONFIG);

        ConfigFiles config = kubelet(
                "--config=/var/lib/kubelet/config.yaml",
                "--cluster-dns=10.43.0.10",
                "--root-dir=/var/lib/kubelet",
                "--feature-gates=B=true,C=true");

        Flags flags = config.flags();
        assertThat(flags.get("cluster-dns")).as("the command line wins").hasValue("10.43.0.10");
        assertThat(flags.get("feature-gates")).as("but not for gates").hasValue("B=false,C=true,A=true");
        assertThat(flags.get("root-dir")).hasValue("/var/lib/kubelet");
        assertThat(flags.get("cluster-domain")).hasValue("cluster.local");
        assertThat(flags.get("client-ca-file")).hasValue("/etc/kubernetes/pki/ca.crt");
        assertThat(flags.get("anonymous-auth")).hasValue("false");
        assertThat(flags.get("authorization-mode")).hasValue("Webhook");
        assertThat(flags.get("cgroup-driver")).hasValue("systemd");
        assertThat(flags.get("container-runtime-endpoint")).hasValue("unix:///run/containerd/containerd.sock");
        assertThat(flags.get("eviction-hard")).hasValue("memory.available<200Mi,nodefs.available<10%");
        assertThat(flags.get("kube-reserved")).hasValue("cpu=500m,memory=1Gi");
        assertThat(flags.get("max-pods")).hasValue("110");
        assertThat(flags.get("pod-cidr")).hasValue("10.42.0.0/24");
        assertThat(flags.get("register-with-taints")).hasValue("node=new:NoSchedule");
        assertThat(flags.get("tls-cert-file")).hasValue("/etc/kubernetes/kubelet.crt");
        assertThat(flags.get("tls-private-key-file")).hasValue("/etc/kubernetes/kubelet.key");
        assertThat(flags.has("authentication-token-webhook-cache-ttl"))
                .as("0s is the default")
                .isFalse();
        assertThat(config.notes())
                .singleElement()
                .satisfies(note -> assertThat(note).contains("shutdownGracePeriod"));
        assertThat(config.troubles()).isEmpty();
    }

    /// As `mergeKubeletConfigurations` of kubelet 1.28 and later does it.
    @Test
    void theFilesOfTheFolderAreMergedByName() throws IOException {
        file("var/lib/kubelet/config.yaml", CONFIG);
        file("etc/kubelet.conf.d/20-last.conf", dropIn("clusterDNS: [10.43.0.10]\nmaxPods: 250\n"));
        file("etc/kubelet.conf.d/10-first.conf", dropIn("""
                maxPods: 200
                authentication: {x509: {clientCAFile: /etc/kubernetes/ssl/kube-ca.pem}}
                featureGates: {B: true}
                clusterDomain: null
                """));
        file("etc/kubelet.conf.d/15/in.conf", dropIn("podCIDR: 10.42.9.0/24\n"));
        file("etc/kubelet.conf.d/99-not.yaml", dropIn("maxPods: 1\n"));

        ConfigFiles config = kubelet("--config=/var/lib/kubelet/config.yaml", "--config-dir=/etc/kubelet.conf.d");

        Flags flags = config.flags();
        assertThat(flags.get("max-pods")).hasValue("250");
        assertThat(flags.get("cluster-dns")).as("lists are replaced").hasValue("10.43.0.10");
        assertThat(flags.get("client-ca-file")).hasValue("/etc/kubernetes/ssl/kube-ca.pem");
        assertThat(flags.get("anonymous-auth")).as("fields are merged").hasValue("false");
        assertThat(flags.get("feature-gates")).hasValue("A=true,B=true");
        assertThat(flags.get("pod-cidr")).hasValue("10.42.9.0/24");
        assertThat(flags.has("cluster-domain")).as("null takes away").isFalse();
        assertThat(config.files())
                .containsExactly(
                        "/var/lib/kubelet/config.yaml",
                        "/etc/kubelet.conf.d/10-first.conf",
                        "/etc/kubelet.conf.d/15/in.conf",
                        "/etc/kubelet.conf.d/20-last.conf");
        assertThat(kubelet("--config-dir=/etc/kubelet.conf.d").flags().get("max-pods"))
                .as("without a file")
                .hasValue("250");
    }

    @Test
    void whatKeepsTheKubeletFromStartingIsSaid() throws IOException {
        file("etc/d/10.conf", "maxPods: 3\n");
        file("etc/d/20.conf", "kind: [broken\n");
        file("etc/d/30.conf", "text");
        file("etc/d/40.conf", "kind: KubeletConfiguration\nmaxPods: 4\nmaxPods: 5\n");
        Files.createSymbolicLink(root.resolve("etc/d/50.conf"), Path.of("/nowhere"));
        Files.createSymbolicLink(root.resolve("etc/d/60.conf"), Path.of("60.conf"));

        ConfigFiles config = kubelet("--config=/absent.yaml", "--config-dir=/etc/d", "--max-pods=7");

        assertThat(config.troubles().stream().map(t -> t.path() + ": " + t.why()))
                .hasSize(7)
                .anyMatch(t -> t.equals("/absent.yaml: it is not there"))
                .anyMatch(t -> t.startsWith("/etc/d/10.conf: it names no apiVersion and kind"))
                .anyMatch(t -> t.startsWith("/etc/d/20.conf: reading /etc/d/20.conf"))
                .anyMatch(t -> t.startsWith("/etc/d/30.conf: it holds no fields"))
                .anyMatch(t -> t.startsWith("/etc/d/40.conf: ") && t.contains("maxPods"))
                .anyMatch(t -> t.startsWith("/etc/d/50.conf: a symbolic link leads to"))
                .anyMatch(t -> t.startsWith("/etc/d/60.conf: a loop of symbolic links"));
        assertThat(config.flags().get("max-pods")).hasValue("7");
        assertThat(kubelet("--config-dir=/no/folder").troubles()).hasSize(1);
        assertThat(kubelet("--config=relative.yaml").notes()).hasSize(1);
    }

    /// As kube-proxy's `Complete` does it: its flags do not count beside its file, but for the host name.
    @Test
    void theProxysFileReplacesItsFlags() throws IOException {
        file("var/lib/kube-proxy/config.conf", """
                apiVersion: kubeproxy.config.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                clientConnection: {kubeconfig: /var/lib/kube-proxy/kubeconfig.conf}
                clusterCIDR: 10.42.0.0/16
                hostnameOverride: file
                iptables: {masqueradeAll: true}
                mode: ipvs
                """);

        ConfigFiles config = of(
                Component.PROXY,
                "--config=/var/lib/kube-proxy/config.conf",
                "--cluster-cidr=10.244.0.0/16",
                "--hostname-override=srv5");

        assertThat(config.flags().get("cluster-cidr")).hasValue("10.42.0.0/16");
        assertThat(config.flags().get("hostname-override")).hasValue("srv5");
        assertThat(config.flags().get("kubeconfig")).hasValue("/var/lib/kube-proxy/kubeconfig.conf");
        assertThat(config.flags().get("proxy-mode")).hasValue("ipvs");
        assertThat(config.flags().get("masquerade-all")).hasValue("true");
        assertThat(config.notes())
                .singleElement()
                .satisfies(note -> assertThat(note).contains("--cluster-cidr, which does not count"));
    }

    @Test
    void theSchedulersFileNamesItsKubeconfig() throws IOException {
        file("s.yaml", """
                kind: KubeSchedulerConfiguration
                clientConnection: {kubeconfig: /etc/kubernetes/scheduler.conf}
                leaderElection: {leaderElect: false}
                """);

        Flags flags = of(
                        Component.SCHEDULER,
                        "--config=/s.yaml",
                        "--kubeconfig=/other",
                        "--leader-elect=true",
                        "--tls-cert-file=/t.pem")
                .flags();

        assertThat(flags.get("kubeconfig")).hasValue("/etc/kubernetes/scheduler.conf");
        assertThat(flags.get("leader-elect")).hasValue("true");
        assertThat(flags.get("tls-cert-file")).hasValue("/t.pem");
    }

    @Test
    void etcdsFileReplacesItsFlags() throws IOException {
        file("var/lib/rancher/rke2/server/db/etcd/config", """
                advertise-client-urls: https://10.0.0.5:2379
                client-transport-security:
                  cert-file: /var/lib/rancher/rke2/server/tls/etcd/server-client.crt
                  client-cert-auth: true
                data-dir: /var/lib/rancher/rke2/server/db/etcd
                name: srv5-1234
                """);

        Flags flags = of(
                        Component.ETCD,
                        "--config-file=/var/lib/rancher/rke2/server/db/etcd/config",
                        "--data-dir=/does/not/count")
                .flags();

        assertThat(flags.get("data-dir")).hasValue("/var/lib/rancher/rke2/server/db/etcd");
        assertThat(flags.get("name")).hasValue("srv5-1234");
        assertThat(flags.get("cert-file")).hasValue("/var/lib/rancher/rke2/server/tls/etcd/server-client.crt");
        assertThat(flags.get("client-cert-auth")).hasValue("true");
    }

    @Test
    void otherPartsHaveNoSuchFile() {
        assertThat(of(Component.APISERVER, "--config=/x").flags().get("config")).hasValue("/x");
        assertThat(of(Component.CONTROLLER_MANAGER, "--config=/x").troubles()).isEmpty();
    }

    private static String dropIn(String text) {
        return "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n" + text;
    }

    private ConfigFiles kubelet(String... flags) {
        return of(Component.KUBELET, flags);
    }

    private ConfigFiles of(Component component, String... flags) {
        List<String> argv = new ArrayList<>(List.of("/bin/" + component.program()));
        argv.addAll(List.of(flags));
        Machine machine = LiveMachine.at(root);
        Part part = new Part(component, Part.Origin.UNIT, "x.service", argv, Flags.parse(argv), "", "");
        return ConfigFiles.of(machine, part, path -> path);
    }

    private void file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
    }
}

package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.command.Ran;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Flags;
import io.etcdmedic.installation.Installation;
import io.etcdmedic.installation.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The parts of k3s and RKE2, by what those are told.
class RancherNodeTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void theSettingsOfK3sAreTheFlagsOfItsParts() throws IOException {
        K3sTree.make(folder);

        Flags apiserver = flags(Component.APISERVER);
        assertThat(apiserver.get("service-cluster-ip-range")).hasValue("10.53.0.0/16");
        assertThat(apiserver.get("service-account-issuer")).hasValue("https://kubernetes.default.svc.last.example");
        assertThat(apiserver.all("api-audiences"))
                .as("a flag with += comes after k3s's own")
                .containsExactly("https://kubernetes.default.svc.last.example,k3s", "rke");
        assertThat(apiserver.get("audit-log-maxage")).hasValue("7");
        assertThat(apiserver.get("audit-log-path"))
                .as("lists of the unit and the file add up")
                .hasValue("/var/log/line.log");
        assertThat(apiserver.get("etcd-servers")).hasValue("https://127.0.0.1:2379");
        assertThat(flags(Component.CONTROLLER_MANAGER).get("cluster-cidr")).hasValue("10.52.0.0/16,fd00:52::/56");
        Flags kubelet = flags(Component.KUBELET);
        assertThat(kubelet.get("cluster-dns")).as("the tenth of the range").hasValue("10.53.0.10");
        assertThat(kubelet.get("cluster-domain")).hasValue("last.example");
        assertThat(kubelet.get("hostname-override")).hasValue("srv9-env");
        assertThat(kubelet.get("node-labels")).hasValue("a=b,c=d");
        assertThat(kubelet.get("max-pods")).hasValue("200");
        assertThat(flags(Component.ETCD).get("name")).hasValue("srv9-env-1234");
        assertThat(Installation.below(folder).part(Component.PROXY))
                .as("disable-kube-proxy")
                .isEmpty();
    }

    @Test
    void inspectShowsThemAndKeepsNoSecret() throws IOException {
        Path root = Files.createDirectory(folder.resolve("root"));
        K3sTree.make(root).file("etc/systemd/system/k3s.service.env", """
                        K3S_TOKEN='SECRET2'
                        K3S_DATASTORE_ENDPOINT='mysql://user:SECRET5@tcp(db:3306)/k3s'
                        """);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        Path facts = folder.resolve("facts");

        Ran inspect = Ran.of("node", "inspect", "--flags", "--root", root.toString(), "--save", facts.toString());

        assertThat(inspect.status()).as(inspect.stderr()).isLessThan(2);
        assertThat(inspect.text())
                .contains(
                        "k3s",
                        "--service-cluster-ip-range=10.53.0.0/16",
                        "/etc/rancher/k3s/config.yaml.d/20-last.yml",
                        "service range",
                        "keeps its data in mysql: kine, not etcd")
                .doesNotContain("SECRET");
        try (Stream<Path> files = Files.walk(facts)) {
            assertThat(files.filter(Files::isRegularFile))
                    .allSatisfy(file -> assertThat(Files.readString(file)).doesNotContain("SECRET"));
        }
    }

    @Test
    void nothingSetIsTheDefaultOfAServerAndUnknownToAnAgent() throws IOException {
        new K3sTree(folder)
                .file("etc/systemd/system/k3s-agent.service", "[Service]\nExecStart=/usr/local/bin/k3s agent\n")
                .file("etc/rancher/k3s/config.yaml", "server: https://server:6443\nnode-name: agent-7\n")
                .file("etc/hostname", "host7\n");
        Installation agent = Installation.below(folder);
        assertThat(agent.parts().stream().map(Part::component)).containsExactly(Component.KUBELET, Component.PROXY);
        assertThat(flags(Component.KUBELET).get("hostname-override")).hasValue("agent-7");
        assertThat(flags(Component.KUBELET).has("cluster-dns")).isFalse();
        assertThat(flags(Component.PROXY).has("cluster-cidr")).isFalse();
        assertThat(agent.notes()).anyMatch(note -> note.contains("its server tells it"));

        Files.delete(folder.resolve("etc/systemd/system/k3s-agent.service"));
        new K3sTree(folder)
                .file("etc/systemd/system/k3s.service", "[Service]\nExecStart=/usr/local/bin/k3s server\n")
                .file("etc/rancher/k3s/config.yaml", "");
        assertThat(flags(Component.APISERVER).get("service-cluster-ip-range")).hasValue("10.43.0.0/16");
        assertThat(flags(Component.KUBELET).get("cluster-dns")).hasValue("10.43.0.10");
        assertThat(flags(Component.PROXY).get("cluster-cidr")).hasValue("10.42.0.0/16");
    }

    @Test
    void aFileThatDoesNotParseIsSaid() throws IOException {
        new K3sTree(folder).file("etc/rancher/k3s/config.yaml", "service-cidr: [broken\n");

        assertThat(Installation.below(folder).notes())
                .anyMatch(note -> note.startsWith("/etc/rancher/k3s/config.yaml: "));
    }

    @Test
    void theManifestsOfRke2ComeBeforeItsSettings() throws IOException {
        new K3sTree(folder)
                .file(
                        "usr/local/lib/systemd/system/rke2-server.service",
                        "[Service]\nExecStart=/usr/local/bin/rke2 server --data-dir=/data/rke2\n")
                .file("etc/rancher/rke2/config.yaml", """
                        service-cidr: 10.53.0.0/16
                        kube-controller-manager-arg: ["node-monitor-period=3s"]
                        """)
                .file("data/rke2/agent/pod-manifests/kube-apiserver.yaml", """
                        spec:
                          containers:
                          - command:
                            - kube-apiserver
                            - --service-cluster-ip-range=10.99.0.0/16
                            image: index.docker.io/rancher/hardened-kubernetes:v1.31.4-rke2r1-build20241212
                        """);

        Installation found = Installation.below(folder);

        assertThat(found.parts(Component.APISERVER)).singleElement().satisfies(part -> {
            assertThat(part.origin()).isEqualTo(Part.Origin.STATIC_POD);
            assertThat(part.flags().get("service-cluster-ip-range")).hasValue("10.99.0.0/16");
        });
        Flags manager = flags(Component.CONTROLLER_MANAGER);
        assertThat(manager.get("service-cluster-ip-range")).hasValue("10.53.0.0/16");
        assertThat(manager.get("node-monitor-period")).hasValue("3s");
        assertThat(manager.get("root-ca-file")).hasValue("/data/rke2/server/tls/server-ca.crt");
    }

    private Flags flags(Component component) {
        return Installation.below(folder).part(component).orElseThrow().flags();
    }
}

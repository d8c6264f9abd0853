package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.command.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whom the parts of a module trust, show and ask: each mistake beside the module that is right.
class ModuleConnectionsTest {
    @TempDir
    Path dir = Path.of("");

    private RkeTree tree = RkeTree.at(Path.of(""));
    private String right = "";

    @BeforeEach
    void rightModule() throws IOException {
        tree = RkeContainers.standard().in(RkeTree.make(dir.resolve("root")));
        Path file = dir.resolve("right.nix");
        assertThat(Ran.of("node", "nix", "generate", "--root", tree.root().toString(), "--out", file.toString())
                        .status())
                .isZero();
        right = Files.readString(file);
    }

    @Test
    void theGeneratedModuleHasNoneOfThem() throws IOException {
        assertThat(check(right)).isEmpty();
    }

    @Test
    void keysOfOtherCertificatesAndWrongUsesAndAuthorities() throws IOException {
        String module = right.replace(
                        "keyFile = \"/etc/kubernetes/ssl/kube-etcd-51-81-64-31-key.pem\"",
                        "keyFile = \"/etc/kubernetes/ssl/kube-node-key.pem\"")
                .replaceAll(
                        "etcd.(cert|key)File = \"/etc/kubernetes/ssl/kube-node",
                        "etcd.$1File = \"/etc/kubernetes/ssl/kube-apiserver-proxy-client")
                .replaceAll(
                        "tls(Cert|Key)File = \"/etc/kubernetes/ssl/kube-apiserver",
                        "tls$1File = \"/etc/kubernetes/ssl/kube-scheduler");

        assertThat(check(module))
                .anySatisfy(line -> assertThat(line).contains("nix/pair", "services.etcd.keyFile"))
                .anySatisfy(line -> assertThat(line).contains("nix/pair", "apiserver.etcd.certFile"))
                .anySatisfy(line -> assertThat(line).contains("nix/pair", "apiserver.tlsCertFile"));
    }

    @Test
    void noAuthorityAnotherPortAndAClosedFirewall() throws IOException {
        String module = right.replaceAll("(?m)^    caFile = .*$", "")
                .replace("securePort = 6443", "securePort = 6444")
                .replaceAll("(?m)^.*networking.firewall.allowedTCPPorts = .*$", "");

        assertThat(check(module))
                .anySatisfy(line -> assertThat(line).contains("nix/authority", "services.kubernetes.caFile"))
                .anySatisfy(line -> assertThat(line).contains("nix/apiserver-address"))
                .anySatisfy(line -> assertThat(line).contains("nix/flag", "securePort"))
                .anySatisfy(line -> assertThat(line).contains("nix/firewall"));
    }

    @Test
    void theCureForTheControllerManagersRangeIsTheClustersRangeWhenTheApiserversIsWrong() throws IOException {
        String module = right.replace(
                        "serviceClusterIpRange = \"10.43.0.0/16\"", "serviceClusterIpRange = \"10.0.0.0/24\"")
                .replace("${config.services.kubernetes.apiserver.serviceClusterIpRange}", "10.43.0.0/17");

        assertThat(text(module))
                .contains("add --service-cluster-ip-range=10.43.0.0/16 to")
                .doesNotContain("add --service-cluster-ip-range=10.0.0.0/24");
    }

    private List<String> check(String module) throws IOException {
        try (Stream<String> lines = text(module).lines()) {
            return lines.filter(line -> line.matches("(error|warning) .*"))
                    .filter(line -> line.matches(".*nix/(pair|authority|apiserver-address|flag|firewall) .*"))
                    .toList();
        }
    }

    private String text(String module) throws IOException {
        Path file = Files.writeString(dir.resolve("module.nix"), module);
        return Ran.of(
                        "node",
                        "nix",
                        "check",
                        file.toString(),
                        "--root",
                        tree.root().toString())
                .text();
    }
}

package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.command.Ran;
import io.etcdmedic.finding.Finding;
import io.etcdmedic.node.certs.CertsCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a kubelet's configuration files say is judged as its flags are.
class ConfigCheckTest {
    private static final String KUBELET = "etc/systemd/system/kubelet.service";
    private static final String CONFIG = "etc/kubelet.yaml";

    @TempDir
    Path root = Path.of("");

    @BeforeEach
    void tree() throws IOException {
        root = root.toRealPath();
        RkeTree.make(root);
    }

    @Test
    void theNameServiceOfAFileIsComparedWithTheServiceRange() throws IOException {
        unit("--config=/etc/kubelet.yaml --config-dir=/etc/kubelet.d", "").file(CONFIG, "clusterDNS: [10.43.0.10]\n");
        RkeTree.at(root).file("etc/systemd/system/kube-apiserver.service", """
                [Service]
                User=kubernetes
                ExecStart=/nix/store/x/bin/kube-apiserver --service-cluster-ip-range=10.43.0.0/16
                """);
        assertThat(nixFindings()).doesNotContain("nix/cluster-dns");

        RkeTree.at(root).file("etc/kubelet.d/9.conf", "kind: KubeletConfiguration\nclusterDNS: [10.0.0.254]\n");
        assertThat(nixFindings()).contains("nix/cluster-dns", "10.0.0.254");
    }

    @Test
    void theServingCertificateOfAFileIsJudged() throws IOException {
        RkeTree tree =
                unit("--config=/etc/kubelet.yaml", "").file(CONFIG, "tlsCertFile: /etc/kubernetes/ssl/kube-node.pem\n");

        assertThat(CertsCheck.of(tree.facts(), Instant.now()))
                .extracting(Finding::check)
                .contains("certs/kubelet-serving");
    }

    @Test
    void aFileThatIsBrokenOrAbsentKeepsTheKubeletFromStarting() throws IOException {
        RkeTree tree =
                unit("--config=/etc/kubelet.yaml --config-dir=/etc/d", "").file(CONFIG, "a: [b\n");

        assertThat(InspectCheck.of(tree.facts()))
                .filteredOn(Finding::breaks)
                .extracting(Finding::subject)
                .containsExactly("/etc/kubelet.yaml", "/etc/d");
        tree.file(CONFIG, "maxPods: 3\n").file("etc/d/a.conf", "kind: KubeletConfiguration\n");
        assertThat(InspectCheck.of(tree.facts())).isEmpty();
    }

    @Test
    void theFolderIsAnAlphaFeatureBefore130() throws IOException {
        RkeTree tree = unit("--config-dir=/etc/d", "").file("etc/d/a.conf", "kind: KubeletConfiguration\n");
        assertThat(InspectCheck.of(tree.facts())).isEmpty();

        version(tree, "1.29.3", "");
        assertThat(InspectCheck.of(tree.facts()))
                .singleElement()
                .satisfies(f -> assertThat(f.evidence()).contains("without the variable"));
        version(tree, "1.29.3", "Environment=KUBELET_CONFIG_DROPIN_DIR_ALPHA=\n");
        assertThat(InspectCheck.of(tree.facts())).isEmpty();
        version(tree, "1.30.0", "");
        assertThat(InspectCheck.of(tree.facts())).isEmpty();
    }

    private String nixFindings() {
        return Ran.of("node", "nix", "check", "--units", "--root", root.toString(), "-o", "json")
                .text();
    }

    private RkeTree unit(String flags, String more) throws IOException {
        return RkeTree.at(root).file(KUBELET, "[Service]\n%sExecStart=/usr/bin/kubelet %s\n".formatted(more, flags));
    }

    private static void version(RkeTree tree, String version, String more) throws IOException {
        tree.file(KUBELET, """
                [Service]
                %sExecStart=/nix/store/0k19qdzb5vygrg8s6d0rvjghl1p0qjqa-kubernetes-%s/bin/kubelet --config-dir=/etc/d
                """.formatted(more, version));
    }
}

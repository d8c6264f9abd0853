package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.finding.Finding;
import io.etcdmedic.finding.Severity;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Flags;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.cluster.Member;
import io.etcdmedic.node.version.EtcdSteps;
import io.etcdmedic.node.version.KubernetesVersion;
import io.etcdmedic.node.version.PinSnippet;
import io.etcdmedic.node.version.RunningVersion;
import io.etcdmedic.node.version.SkewCheck;
import io.etcdmedic.node.version.StoredVersion;
import io.etcdmedic.node.version.StoredVersions;
import io.etcdmedic.node.version.UpgradePath;
import io.etcdmedic.snapshot.SnapshotFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionsTest {

    @ParameterizedTest
    @CsvSource({
        // apiservers, kubelets; a check that must speak, or none
        "1.33.3, 1.33.3, none",
        "1.33.3, 1.30.0, none",
        "1.33.3, 1.29.9, version/skew",
        "1.33.3, 1.34.0, version/skew",
        "1.26.8, 1.24.1, none",
        "1.27.1, 1.24.1, version/skew",
        "1.33.3+1.34.0, 1.33.1, none",
        "1.33.3+1.34.0, 1.34.0, version/skew",
        "1.33.3+1.34.0, 1.30.0, version/skew",
        "1.32.3+1.34.0, 1.32.0, version/apiservers",
    })
    void theSkewThatKubernetesSupports(String apiservers, String kubelet, String check) {
        List<RunningVersion> running = new ArrayList<>();
        Arrays.stream(apiservers.split("\\+")).forEach(v -> running.add(part("cp-" + v, Component.APISERVER, v)));
        running.add(part("worker", Component.KUBELET, kubelet));

        List<String> checks =
                SkewCheck.of(running).stream().map(Finding::check).distinct().toList();

        assertThat(checks).isEqualTo(check.equals("none") ? List.of() : List.of(check));
    }

    @Test
    void controllersFollowEveryApiserverAndProxiesTheirKubelet() {
        assertThat(SkewCheck.of(List.of(
                        part("a", Component.APISERVER, "1.33.0"),
                        part("b", Component.APISERVER, "1.34.0"),
                        part("b", Component.SCHEDULER, "1.34.0"))))
                .singleElement()
                .satisfies(f -> assertThat(f.subject()).isEqualTo("kube-scheduler on b"));
        assertThat(SkewCheck.of(List.of(
                        part("a", Component.APISERVER, "1.34.0"), part("a", Component.CONTROLLER_MANAGER, "1.32.0"))))
                .hasSize(1);
        assertThat(SkewCheck.of(List.of(
                        part("a", Component.APISERVER, "1.27.0"),
                        part("a", Component.KUBELET, "1.27.0"),
                        part("a", Component.PROXY, "1.24.0"))))
                .extracting(Finding::evidence)
                .anyMatch(e -> e.contains("3 minors from its kubelet"));
        assertThat(SkewCheck.of(List.of(part("a", Component.KUBELET, "1.27.0"))))
                .singleElement()
                .satisfies(f -> assertThat(f.check()).isEqualTo("version/apiserver"));
    }

    /// Three hosts, one of them moved: what is left to do, and what is no mistake.
    @Test
    void theMiddleOfAnUpgradeGoesOn() {
        List<RunningVersion> running = new ArrayList<>();
        List.of("a 1.34.2", "b 1.33.3", "c 1.33.3").forEach(host -> {
            String[] words = host.split(" ");
            for (Component component : Component.values()) {
                if (component != Component.ETCD) {
                    running.add(part(words[0], component, words[1]));
                }
            }
        });
        running.add(part("worker", Component.KUBELET, "1.31.9"));

        assertThat(SkewCheck.of(running))
                .as("a's parts ask a's apiserver, which has moved")
                .hasSize(4)
                .allSatisfy(f -> {
                    assertThat(f.severity()).isEqualTo(Severity.WARNING);
                    assertThat(f.subject()).endsWith(" on a");
                    assertThat(f.evidence()).endsWith("its own host's apiserver has moved");
                });
        UpgradePath path = path(running, "1.34");
        assertThat(path.findings()).isEmpty();
        assertThat(path.steps())
                .noneMatch(s -> s.startsWith("a: "))
                .anyMatch(s -> s.startsWith("b: drain, nixos-rebuild switch with Kubernetes 1.34"))
                .anyMatch(s -> s.startsWith("c: drain"))
                .anyMatch(s -> s.startsWith("worker: drain"));
        assertThat(path(running, "1.35").findings())
                .as("1.35 waits until the last apiserver has 1.34")
                .anyMatch(f -> f.evidence().contains("2 minors at once"));
    }

    @Test
    void learnersAndApiserversWithoutAVersionAreNamed() {
        ClusterFacts known = NixCheckTest.cluster();
        Member learner = new Member("etcd-srv9", List.of("https://51.81.64.39:2380"), List.of(), true, "");
        ClusterFacts cluster = new ClusterFacts(
                known.source(),
                known.prefix(),
                List.of(known.members().getFirst(), learner),
                known.nodes(),
                known.services(),
                known.serviceRanges(),
                known.tokens(),
                List.of(
                        new ClusterFacts.Identity("apiserver-a", "srv5", "apiserver-a_1"),
                        new ClusterFacts.Identity("apiserver-b", "srv6", "apiserver-b_1")),
                known.candidates(),
                known.secrets(),
                known.encryptedSecrets(),
                known.troubles());

        assertThat(EtcdSteps.members(cluster, List.of(part("srv5", Component.APISERVER, "1.33.3"))))
                .satisfiesExactly(
                        f -> {
                            assertThat(f.subject()).isEqualTo("etcd etcd-srv9");
                            assertThat(f.consequence()).contains("too many learner members");
                        },
                        f -> {
                            assertThat(f.severity()).isEqualTo(Severity.UNKNOWN);
                            assertThat(f.evidence()).contains("2 apiservers hold an identity lease (srv5, srv6)");
                        });
        assertThat(EtcdSteps.members(known, List.of())).isEmpty();
    }

    @Test
    void aStepIsOneMinorAndGoesHostByHost() {
        List<RunningVersion> running = List.of(
                part("cp1", Component.APISERVER, "1.33.3"),
                part("cp2", Component.APISERVER, "1.33.3"),
                part("cp1", Component.KUBELET, "1.33.3"),
                part("worker", Component.KUBELET, "1.31.0"));

        UpgradePath path = path(running, "1.36");

        assertThat(path.findings())
                .singleElement()
                .satisfies(f -> assertThat(f.evidence()).contains("3 minors at once"));
        assertThat(path.steps()).anyMatch(s -> s.startsWith("cp1: drain, nixos-rebuild switch with Kubernetes 1.34"));
        assertThat(path.steps()
                        .indexOf(path.steps().stream()
                                .filter(s -> s.startsWith("worker"))
                                .findFirst()
                                .orElseThrow()))
                .isGreaterThan(3);
        assertThat(path.steps()).anyMatch(s -> s.startsWith("then 1.35, the same way, and so on to 1.36"));
        assertThat(path(running, "1.34").findings()).isEmpty();
        assertThat(path(running, "1.33.9").findings()).isEmpty();
        assertThat(path(running, "1.32").findings())
                .singleElement()
                .satisfies(f -> assertThat(f.evidence()).contains("a step back"));
    }

    @Test
    void aKubeletThatWouldFallBehindMovesFirst() {
        List<RunningVersion> running =
                List.of(part("cp1", Component.APISERVER, "1.33.3"), part("worker", Component.KUBELET, "1.30.0"));

        assertThat(path(running, "1.34").findings())
                .singleElement()
                .satisfies(f -> assertThat(f.check()).isEqualTo("version/kubelet-first"));
    }

    @Test
    void objectsStoredInAVersionThatIsLeftOutAreNamed() {
        List<RunningVersion> running = List.of(part("cp1", Component.APISERVER, "1.24.3"));
        List<StoredVersion> stored = List.of(
                new StoredVersion("batch/v1beta1", "CronJob", 3, "/registry/cronjobs/shop/nightly"),
                new StoredVersion("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", 9, "/registry/…"),
                new StoredVersion("policy/v1", "PodDisruptionBudget", 1, "/registry/…"));

        List<Finding> findings = UpgradePath.to(
                        running, KubernetesVersion.parse("1.25"), Flags.parse(List.of()), stored)
                .orElseThrow()
                .findings();

        assertThat(findings).singleElement().satisfies(f -> {
            assertThat(f.subject()).isEqualTo("batch/v1beta1 CronJob");
            assertThat(f.evidence()).contains("3 objects", "/registry/cronjobs/shop/nightly", "gone since 1.25");
        });
        assertThat(UpgradePath.to(running, KubernetesVersion.parse("1.24.9"), Flags.parse(List.of()), stored)
                        .orElseThrow()
                        .findings())
                .isEmpty();
    }

    @Test
    void storedVersionsAreReadFromARealKeyspace() {
        try (Keyspace keyspace =
                SnapshotFile.open(Path.of("src/test/resources/fixtures/kubernetes-1.36/snapshot.db"))) {
            List<StoredVersion> stored = StoredVersions.in(keyspace, "/registry");

            assertThat(stored)
                    .anyMatch(v -> v.apiVersion().equals("v1") && v.kind().equals("Service") && v.objects() > 0);
            assertThat(stored).anyMatch(v -> v.kind().equals("CustomResourceDefinition"));
            assertThat(stored)
                    .anyMatch(v -> v.apiVersion().equals("networking.k8s.io/v1")
                            && v.kind().equals("ServiceCIDR"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "3.4.15, 3.5.32, false, 0",
        "3.4.15, 3.6.0, false, 1",
        "3.5.6, 3.6.0, false, 1",
        "3.5.32, 3.6.0, false, 0",
        "3.5.32, 3.6.0, true, 1",
        "3.6.1, 3.5.32, false, 1",
        "3.5.6, 3.5.32, true, 0",
    })
    void etcdGoesItsOwnSteps(String today, String next, String v2, int steps) {
        assertThat(EtcdSteps.between(
                        KubernetesVersion.parse(today).orElseThrow(),
                        KubernetesVersion.parse(next).orElseThrow(),
                        Flags.parse(List.of("--enable-v2=" + v2))))
                .hasSize(steps);
    }

    @Test
    void aPinNamesATagAndLeavesItsHashOpen() {
        assertThat(PinSnippet.of(PinSnippet.version("v1.34.2")))
                .contains("version = \"1.34.2\";", "lib.fakeHash", "inputs.nixpkgs-k8s", "== \"1.34\"");
        assertThatThrownBy(() -> PinSnippet.version("1.34")).isInstanceOf(Failure.Usage.class);
        assertThatThrownBy(() -> PinSnippet.version("1.34.2\"; x")).isInstanceOf(Failure.Usage.class);
        assertThat(KubernetesVersion.parse("v1.26.8-rancher1-1").map(KubernetesVersion::toString))
                .hasValue("1.26.8");
        assertThat(KubernetesVersion.parse("1.31.4+k3s1").map(KubernetesVersion::toString))
                .hasValue("1.31.4");
        assertThat(KubernetesVersion.parse("latest")).isEmpty();
    }

    private static UpgradePath path(List<RunningVersion> running, String target) {
        return UpgradePath.to(running, KubernetesVersion.parse(target), Flags.parse(List.of()), List.of())
                .orElseThrow();
    }

    private static RunningVersion part(String host, Component component, String version) {
        return new RunningVersion(
                host, component, KubernetesVersion.parse(version).orElseThrow(), "a test", false);
    }
}

package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.cluster.Member;
import io.etcdmedic.node.cluster.NodeObject;
import io.etcdmedic.node.cluster.ServiceObject;
import io.etcdmedic.node.nix.NixCheck;
import io.etcdmedic.node.nix.NixFiles;
import io.etcdmedic.node.nix.Planned;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `node nix check` on the post's configuration and on each mistake of its own. nix-instantiate evaluates
/// (nix-bin).
class NixCheckTest {
    @TempDir
    Path dir = Path.of("");

    @Test
    void aServiceRangeLeftAtItsDefaultIsExplainedInOneSentence() throws IOException {
        Path flake = PostFlake.write(
                dir.resolve("flake"), PostFlake.MODULE.replace("serviceClusterIpRange = \"10.43.0.0/16\";", ""));

        Finding finding = one(check(flake, rke(RkeContainers.standard()), Optional.of(cluster())), "nix/service-range");

        assertThat(finding.breaks()).isTrue();
        assertThat(finding.evidence()).contains("not set, and 10.0.0.0/24 is the default", "10.43.0.0/16", "3 of 3");
        assertThat(finding.consequence())
                .startsWith("The kube-apiserver would make 10.0.0.0/24 the cluster's service range")
                .endsWith(".");
        assertThat(finding.cure()).isEqualTo("services.kubernetes.apiserver.serviceClusterIpRange = \"10.43.0.0/16\";");
    }

    @Test
    void anEncryptedClusterWithoutItsConfigurationIsAnError() throws IOException {
        RkeTree tree = rke(RkeContainers.standard()
                .flag("kube-apiserver", "encryption-provider-config", "/etc/kubernetes/ssl/encryption.yaml"));
        Path flake = PostFlake.write(dir.resolve("flake"), PostFlake.MODULE);

        Finding finding = one(check(flake, tree, Optional.empty()), "nix/encryption");

        assertThat(finding.breaks()).isTrue();
        assertThat(finding.consequence()).contains("cannot read a single encrypted Secret");
    }

    @Test
    void aNodeThatTheClusterKnowsByItsAddressIsNotRenamed() throws IOException {
        RkeTree tree = rke(RkeContainers.standard()
                .flag("kubelet", "hostname-override", "51.81.64.31")
                .flag("kube-proxy", "hostname-override", "51.81.64.31"));
        Path flake = PostFlake.write(dir.resolve("flake"), PostFlake.MODULE);

        Finding finding = one(check(flake, tree, Optional.empty()), "nix/node-name");

        assertThat(finding.evidence()).contains("it is srv5; the cluster knows this node as 51.81.64.31");
        assertThat(finding.consequence()).contains("A second Node appears");
    }

    @Test
    void unitsThatAreMissingAndAKubeletWithoutANameServerAreFound() throws IOException {
        RkeTree tree = rke(RkeContainers.standard())
                .file(
                        "etc/systemd/system/kubelet.service",
                        "[Service]\nExecStart=/nix/store/x-kubernetes-1.34.2/bin/kubelet --hostname-override=srv5"
                                + " --root-dir=/var/lib/kubelet --cluster-domain=cluster.local\n");

        List<Finding> findings = NixCheck.of(Planned.ofUnits(tree.facts()), tree.facts(), Optional.empty());

        assertThat(findings)
                .filteredOn(f -> f.check().equals("nix/missing-part"))
                .extracting(Finding::subject)
                .containsExactly("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy");
        assertThat(one(findings, "nix/cluster-dns").evidence()).startsWith("nothing is given");
    }

    @Test
    void withoutNixLiteralsAreReadAndTheRestIsNamed() throws IOException {
        Path flake = PostFlake.write(
                dir.resolve("flake"),
                PostFlake.MODULE
                        .replace("serviceClusterIpRange = \"10.43.0.0/16\";", "")
                        .replace("clusterCidr = \"10.42.0.0/16\";", "clusterCidr = builtins.readFile ./cidr;"));

        Planned planned = NixCheck.read(new NixCheck.Subject(NixFiles.at(flake), "", "srv5", false));
        List<Finding> findings =
                NixCheck.of(planned, rke(RkeContainers.standard()).facts(), Optional.of(cluster()));

        assertThat(one(findings, "nix/service-range").breaks()).isTrue();
        assertThat(one(findings, "nix/unread").evidence())
                .contains(
                        "services.kubernetes.clusterCidr (parts/kubernetes.nix:30): it is computed: builtins.readFile");
        assertThat(checks(findings)).contains("nix/etcd-members", "nix/kubelet-serving", "nix/aggregation");
        assertThat(checks(findings)).doesNotContain("nix/pod-range", "nix/overlap");
    }

    private RkeTree rke(RkeContainers containers) throws IOException {
        return containers.in(RkeTree.make(dir.resolve("root")));
    }

    private static List<Finding> check(Path subject, RkeTree tree, Optional<ClusterFacts> cluster) {
        return NixCheck.of(read(subject, ""), tree.facts(), cluster);
    }

    private static Planned read(Path subject, String host) {
        return NixCheck.read(new NixCheck.Subject(NixFiles.at(subject), "", host, true));
    }

    private static List<String> checks(List<Finding> findings) {
        return findings.stream().map(Finding::check).distinct().toList();
    }

    private static Finding one(List<Finding> findings, String check) {
        List<Finding> found =
                findings.stream().filter(f -> f.check().equals(check)).toList();
        assertThat(found).as("findings of %s among %s", check, checks(findings)).isNotEmpty();
        return found.getFirst();
    }

    static ClusterFacts cluster() {
        List<Member> members = List.of(member("srv5", "31"), member("srv6", "32"), member("srv7", "33"));
        List<NodeObject> nodes = List.of(node("srv5", "51.81.64.31"), node("srv6", "51.81.64.32"));
        return new ClusterFacts(
                "etcd of a test",
                "/registry",
                members,
                nodes,
                List.of(
                        new ServiceObject("default", "kubernetes", List.of("10.43.0.1"), List.of()),
                        new ServiceObject("kube-system", "kube-dns", List.of("10.43.0.10"), List.of()),
                        new ServiceObject("shop", "web", List.of("10.43.12.7"), List.of())),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                3,
                0,
                List.of());
    }

    private static Member member(String name, String last) {
        return new Member(
                "etcd-" + name,
                List.of("https://51.81.64." + last + ":2380"),
                List.of("https://51.81.64." + last + ":2379"),
                false,
                "");
    }

    static NodeObject node(String name, String address) {
        return new NodeObject(
                name,
                Map.of("node-role.kubernetes.io/controlplane", "true"),
                List.of(address),
                List.of("10.42.0.0/24"),
                List.of(),
                false,
                "True",
                "v" + RkeContainers.VERSION,
                "v" + RkeContainers.VERSION,
                "docker://24.0.5",
                "Ubuntu 22.04");
    }
}

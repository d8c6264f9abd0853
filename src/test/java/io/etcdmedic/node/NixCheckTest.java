package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.finding.Severity;
import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.cluster.Member;
import io.etcdmedic.node.cluster.NodeObject;
import io.etcdmedic.node.cluster.ServiceObject;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.nix.NixCheck;
import io.etcdmedic.node.nix.NixFiles;
import io.etcdmedic.node.nix.Planned;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `node nix check` on the post's configuration and on each mistake of its own. nix-instantiate evaluates
/// (nix-bin).
class NixCheckTest {
    @TempDir
    static Path shared = Path.of("");

    /// A node as RKE1 leaves it; made once, only looked at.
    private static Optional<NodeFacts> standard = Optional.empty();

    @TempDir
    Path dir = Path.of("");

    @BeforeAll
    static void node() throws IOException {
        standard = Optional.of(RkeContainers.standard().in(RkeTree.make(shared)).facts());
    }

    @Test
    void thePostsConfigurationGivesEveryFindingThatAppliesToIt() throws IOException {
        everyFindingOfThePost(PostFlake.write(dir.resolve("flake"), PostFlake.MODULE), 5);
    }

    @Test
    void thePostsOwnFilesDoSoToo() throws IOException {
        Optional<Path> post = PostFlake.original(dir.resolve("post"));
        org.junit.jupiter.api.Assumptions.assumeTrue(
                post.isPresent(), "LEFT OUT: the post is not beside the project; the copy of its mistakes is judged");
        everyFindingOfThePost(post.orElseThrow(), 6);
    }

    private void everyFindingOfThePost(Path flake, int line) throws IOException {
        List<Finding> findings = check(flake, rke(RkeContainers.standard()), Optional.of(cluster()));

        // What the flake and the module get wrong together.
        assertThat(one(findings, "nix/evaluation").subject()).isEqualTo("parts/kubernetes.nix:" + line);
        assertThat(one(findings, "nix/evaluation").evidence()).contains("attribute 'srv7' missing");
        assertThat(one(findings, "nix/argument").evidence()).contains("nixpkgs-k8s", "specialArgs passes only inputs");
        assertThat(one(findings, "nix/host-name").severity()).isEqualTo(Severity.WARNING);
        // The aggregation layer: five flags that RKE1 gives and the module drops.
        assertThat(findings.stream()
                        .filter(f -> f.check().equals("nix/aggregation") && f.breaks())
                        .map(Finding::subject))
                .hasSize(5)
                .allMatch(s -> s.contains("--requestheader-"));
        assertThat(one(findings, "nix/cni-packages").consequence()).startsWith("It changes nothing");
        assertThat(one(findings, "nix/cni-wiped").breaks()).isTrue();
        assertThat(one(findings, "nix/kubelet-serving").evidence()).contains("for clients only");
        assertThat(one(findings, "nix/etcd-servers").evidence()).contains("51.81.64.33:2379");
        assertThat(one(findings, "nix/etcd-members").evidence())
                .contains("it lacks etcd-srv6=https://51.81.64.32:2380");
        assertThat(one(findings, "nix/etcd-members").consequence()).contains("second cluster");
        assertThat(one(findings, "nix/etcd-state").breaks()).isTrue();
        assertThat(one(findings, "nix/controller-manager-range").evidence()).contains("typed by hand");
        assertThat(one(findings, "nix/pause-unqualified").severity()).isEqualTo(Severity.WARNING);
        assertThat(one(findings, "nix/unpinned").severity()).isEqualTo(Severity.WARNING);
        assertThat(one(findings, "nix/input").subject()).isEqualTo("inputs.nixpkgs");
        assertThat(one(findings, "nix/etcd-version").severity()).isIn(Severity.WARNING, Severity.ERROR);
        assertThat(one(findings, "nix/rotation").consequence()).contains("nobody renews");
        assertThat(one(findings, "nix/machinery").subject()).contains("addons.dns.enable");
        assertThat(findings.stream()
                        .filter(f -> f.check().equals("nix/admission"))
                        .map(Finding::subject))
                .anyMatch(s -> s.contains("admission-control-config-file"))
                .anyMatch(s -> s.contains("enableAdmissionPlugins"));
        assertThat(findings).anyMatch(f -> f.subject().contains("authentication-token-webhook-config-file"));
        assertThat(findings).anyMatch(f -> f.subject().contains("preferredAddressTypes"));
        assertThat(findings).anyMatch(f -> f.subject().contains("terminated-pod-gc-threshold"));

        // Groups of D.3 that do not apply to the post as it was printed, each for its reason:
        // 1: it names 10.43.0.0/16; its accident was an earlier form (see aServiceRangeLeftAtItsDefault…).
        assertThat(checks(findings)).doesNotContain("nix/service-range", "nix/overlap", "nix/pod-range");
        // 2 needs a second apiserver's flags; 3: 10.43.0.10 is the name server's address.
        assertThat(checks(findings)).doesNotContain("nix/cluster-dns");
        // 4: RKE1's certificate has 10.43.0.1. 5: issuer, audiences and keys are RKE1's.
        assertThat(checks(findings)).doesNotContain("nix/service-address", "nix/service-account", "nix/token");
        // 6: its name and peer URL are those of the member list. 7: srv5 is the Node's name, here.
        assertThat(checks(findings)).doesNotContain("nix/etcd-name", "nix/etcd-peer-url", "nix/node-name");
        // 9: this cluster is not encrypted. 10: apiserverAddress has its port. 11: roles, easyCerts, pki, flannel are
        // off.
        assertThat(checks(findings)).doesNotContain("nix/encryption", "nix/apiserver-address");
        // 12: the printed module leaves preStart alone, so the image is seeded. 15: the prefix is right.
        assertThat(checks(findings)).doesNotContain("nix/pause-unseeded", "nix/etcd-prefix");
        // 16: only --root-dir stands beside a typed value, which is the only way to set it. 17: it is set.
        assertThat(checks(findings)).doesNotContain("nix/twice", "nix/root-dir");
        // 19 to 21 are judged by versions, by Docker and by the clock: VersionCheck, Preflight, CertsCheck.
        assertThat(checks(findings)).doesNotContain("nix/removed-flag", "nix/version-step");
    }

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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "serviceClusterIpRange = \"10.43.0.0/16\"; | serviceClusterIpRange = \"10.42.0.0/16\"; | nix/service-range",
                "clusterCidr = \"10.42.0.0/16\"; | clusterCidr = \"10.43.0.0/17\"; | nix/overlap",
                "clusterCidr = \"10.42.0.0/16\"; | clusterDomainX = \"a\"; | nix/option",
                "clusterCidr = \"10.42.0.0/16\"; | '' | nix/pod-range",
                "clusterDns = [ \"10.43.0.10\" ]; | '' | nix/cluster-dns",
                "clusterDns = [ \"10.43.0.10\" ]; | clusterDns = [ \"10.43.0.1\" ]; | nix/cluster-dns",
                "\"--service-cluster-ip-range=10.43.0.0/16\" | \"--service-cluster-ip-range=10.0.0.0/24\" | nix/controller-manager-range",
                "serviceAccountIssuer = \"rke\"; | '' | nix/service-account",
                "apiAudiences = \"unknown\"; | '' | nix/service-account",
                "name = \"etcd-${config.networking.hostName}\"; | '' | nix/etcd-name",
                "initialAdvertisePeerUrls = [ \"https://${address}:2380\" ]; | initialAdvertisePeerUrls = [ \"https://10.0.0.5:2380\" ]; | nix/etcd-peer-url",
                "listenPeerUrls = [ \"https://0.0.0.0:2380\" ]; | listenPeerUrls = [ \"http://0.0.0.0:2380\" ]; | nix/etcd-tls",
                "clientCertAuth = true; | clientCertAuth = false; | nix/etcd-tls",
                "hostname = config.networking.hostName; | hostname = \"srv5.example.org\"; | nix/node-name",
                "proxy.enable = true; | proxy.enable = true; proxy.hostname = \"other\"; | nix/proxy-name",
                "apiserverAddress = \"https://${address}:${toString port}\"; | '' | nix/apiserver-address",
                "addonManager.enable = false; | roles = [ \"master\" ]; | nix/machinery",
                "pki.enable = false; | easyCerts = true; | nix/machinery",
                "--etcd-prefix=/registry | --etcd-prefix=/k8s | nix/etcd-prefix",
                "--kube-reserved=cpu=1000m,memory=512Mi --root-dir=/var/lib/kubelet | --v=1 | nix/root-dir",
                "--kube-reserved=cpu=1000m | --hostname-override=srv9 | nix/twice",
                "${ssl}kube-apiserver-proxy-client.pem | ${ssl}nobody.pem | nix/missing-file",
                "initialClusterToken = | dataDir = \"/var/lib/etcd2\"; initialClusterToken = | nix/etcd-data",
                "package = pkgs.kubernetes; | package = pkgs.kubernetes.overrideAttrs (old: rec { version = \"1.36.1\"; src = pkgs.fetchFromGitHub { owner = \"kubernetes\"; repo = \"kubernetes\"; rev = \"v${version}\"; sha256 = \"3rQyoGt9zTeF8+PIhA5p+hHY1V5O8CawvKWscf/r9RM=\"; }; }); | nix/version-step",
                "package = pkgs.kubernetes; | package = pkgs.kubernetes.overrideAttrs (old: { version = \"1.34.2\"; src = pkgs.fetchFromGitHub { owner = \"kubernetes\"; repo = \"kubernetes\"; rev = \"v1.34.1\"; sha256 = \"3rQyoGt9zTeF8+PIhA5p+hHY1V5O8CawvKWscf/r9RM=\"; }; }); | nix/pin",
                "--kube-reserved=cpu=1000m | --pod-infra-container-image=pause | nix/removed-flag",
                "services.kubernetes = { | systemd.services.kubelet.preStart = lib.mkForce ''set -e''; services.kubernetes = { | nix/pause-unseeded",
                "services.kubernetes = { | virtualisation.containerd.settings.plugins.\"io.containerd.grpc.v1.cri\".sandbox_image = \"pause:latest\"; services.kubernetes = { | nix/pause-unqualified",
                "services.kubernetes = { | system.activationScripts.pem = \"chown kubernetes /etc/kubernetes/ssl/*.pem\"; services.kubernetes = { | nix/ca-key",
            })
    void eachMistakeIsFound(String right, String wrong, String check) throws IOException {
        String module = PostFlake.MODULE.replace(right, wrong);
        assertThat(module).as("the text to replace is there").isNotEqualTo(PostFlake.MODULE);
        Path flake = PostFlake.write(dir.resolve("flake"), module);

        List<Finding> findings = NixCheck.of(read(flake, "srv5"), standard.orElseThrow(), Optional.of(cluster()));

        assertThat(checks(findings)).contains(check);
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

package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.finding.Severity;
import io.etcdmedic.node.nix.NixCheck;
import io.etcdmedic.node.nix.NixFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the check says of the post's own flake.nix and kubernetes.nix: all of it, each finding with the reason why
/// it is right; and which rows of [AccidentsTest]'s table do not apply, and why.
class PostFindingsTest {
    /// Severity, check, a part of the subject, and why the finding is right.
    private static final List<Argued> FINDINGS = List.of(
            // The two mistakes at which the post's files do not evaluate at all.
            error("nix/evaluation", "parts/kubernetes.nix:", "the flake builds srv7, the maps know srv5 (mistake 18)"),
            error("nix/argument", "nixpkgs-k8s", "the module demands it, specialArgs never passes it (mistake 18)"),
            warning("nix/host-name", "srv5", "what follows is judged for the host that the maps know: it must be said"),
            // The aggregation layer, dropped flag by flag.
            error("nix/aggregation", "--requestheader-client-ca-file", "RKE1 gives it, no option of NixOS does"),
            error("nix/aggregation", "--requestheader-allowed-names", "as above"),
            error("nix/aggregation", "--requestheader-extra-headers-prefix", "as above"),
            error("nix/aggregation", "--requestheader-group-headers", "as above"),
            error("nix/aggregation", "--requestheader-username-headers", "as above"),
            // The kubelet and the CNI.
            error(
                    "nix/kubelet-serving",
                    "kubelet.tlsCertFile",
                    "kube-node.pem is a client's, and the apiserver checks it"),
            warning("nix/cni-packages", "cni.packages", "[ ] changes nothing: lists are joined"),
            error("nix/cni-wiped", "preStart", "at this point the post has not replaced the module's script"),
            warning(
                    "nix/cni-config",
                    "cni/net.d",
                    "this node has no such folder yet: the module's link would take its place"),
            warning("nix/unschedulable", "unschedulable", "without roles the module's default is a taint"),
            // mistake 6: the member.
            error("nix/etcd-members", "initialCluster", "the map has one host, the cluster three members"),
            error("nix/etcd-state", "initialClusterState", "new by default: an empty folder founds a second cluster"),
            error("nix/etcd-version", "services.etcd.package", "nixpkgs' default is 3.6, the member runs 3.5.6"),
            // mistake 14: the post's choice, and said as one.
            warning("nix/etcd-servers", "etcd.servers", "a trade-off: local only"),
            // mistake 2: by hand.
            warning("nix/controller-manager-range", "--service-cluster-ip-range", "typed twice, as the post has it"),
            unknown("nix/other-apiservers", "srv5, srv6", "the other apiserver's flags are not to be seen from here"),
            // mistake 9: should be equal.
            warning("nix/admission", "--admission-control-config-file", "RKE1 gives it"),
            warning("nix/admission", "enableAdmissionPlugins", "EventRateLimit is on in RKE1's list only"),
            warning("nix/flag", "--authentication-token-webhook-config-file", "RKE1 gives it"),
            warning("nix/flag", "preferredAddressTypes", "RKE1 gives InternalIP first, the default is Hostname"),
            warning("nix/flag", "runtimeConfig", "RKE1 and the module turn on different versions"),
            warning("nix/flag", "--terminated-pod-gc-threshold", "RKE1 keeps 1000, the default 12500"),
            warning("nix/flag", "--heartbeat-interval", "must be alike on every member: RKE1's is 500"),
            warning("nix/flag", "--election-timeout", "must be alike on every member: RKE1's is 5000"),
            warning("nix/flag", "nodeIp", "RKE1 gives the IPv4 address alone"),
            warning("nix/flag", "--volume-plugin-dir", "FlexVolume drivers lie in RKE1's folder"),
            warning("nix/flag", "--resolv-conf", "RKE1 names it"),
            warning("nix/flag", "--fail-swap-on", "RKE1 lets swap be; the default refuses to start"),
            // mistake 11, 13 and 19.
            warning("nix/machinery", "addons.dns.enable", "on by default, and not turned off"),
            warning(
                    "nix/pause-unqualified",
                    "sandbox_image",
                    "left to nixpkgs, whose older modules have the short name"),
            warning("nix/unpinned", "services.kubernetes.package", "pkgs.kubernetes of whatever the input has"),
            warning("nix/input", "inputs.nixpkgs", "it follows nixpkgs' development"),
            warning("nix/rotation", "pki.enable", "the post says itself that rotation is still to be handled"));

    /// Checks for the rows of the table that do not apply to the post as it is printed.
    private static final List<String> NOT = List.of(
            // 1: it names 10.43.0.0/16; its accident was an earlier form (AccidentsTest).
            "nix/service-range",
            "nix/overlap",
            "nix/pod-range",
            // 3: 10.43.0.10 is the name server's address. 4: RKE1's certificate has 10.43.0.1.
            "nix/cluster-dns",
            "nix/service-address",
            // 5: issuer, audiences and keys are RKE1's.
            "nix/service-account",
            "nix/token",
            "nix/required",
            // 6 and 7: name, URL and Node are called srv5 here; by address they are not (AccidentsTest).
            "nix/etcd-name",
            "nix/etcd-peer-url",
            "nix/etcd-tls",
            "nix/etcd-certificate",
            "nix/node-name",
            "nix/proxy-name",
            // 9: this cluster is not encrypted. 10: apiserverAddress has its port.
            "nix/encryption",
            "nix/apiserver-address",
            // 12: the script is the module's own, so that the image is seeded.
            "nix/pause-unseeded",
            // 15: the prefix is right. 16 and 17: --root-dir is given the only way there is, and is RKE1's.
            "nix/etcd-prefix",
            "nix/twice",
            "nix/root-dir",
            // 19: no version is named.
            "nix/removed-flag",
            "nix/version-step");

    @TempDir
    Path dir = Path.of("");

    /// @param why for the reader
    private record Argued(Severity severity, String check, String subject, String why) {
        boolean means(Finding finding) {
            return finding.severity() == severity
                    && finding.check().equals(check)
                    && finding.subject().contains(subject);
        }
    }

    private static Argued error(String check, String subject, String why) {
        return new Argued(Severity.ERROR, check, subject, why);
    }

    private static Argued warning(String check, String subject, String why) {
        return new Argued(Severity.WARNING, check, subject, why);
    }

    private static Argued unknown(String check, String subject, String why) {
        return new Argued(Severity.UNKNOWN, check, subject, why);
    }

    @Test
    void aCopyOfItsMistakesGivesEachFindingAndNoOther() throws IOException {
        everyFinding(PostFlake.write(dir.resolve("flake"), PostFlake.MODULE));
    }

    @Test
    void itsOwnFilesDoSoToo() throws IOException {
        Optional<Path> post = PostFlake.original(dir.resolve("post"));
        assumeTrue(
                post.isPresent(), "LEFT OUT: the post is not beside the project; the copy of its mistakes is judged");
        everyFinding(post.orElseThrow());
    }

    private void everyFinding(Path flake) throws IOException {
        List<Finding> findings = NixCheck.of(
                NixCheck.read(new NixCheck.Subject(NixFiles.at(flake), "", "", true)),
                RkeContainers.standard().in(RkeTree.make(dir.resolve("root"))).facts(),
                Optional.of(NixCheckTest.cluster()));

        List<Argued> missing = new ArrayList<>(FINDINGS);
        missing.removeIf(argued -> findings.stream().anyMatch(argued::means));
        assertThat(missing).as("findings that should be there").isEmpty();
        List<Finding> others = new ArrayList<>(findings);
        others.removeIf(finding -> FINDINGS.stream().anyMatch(argued -> argued.means(finding)));
        assertThat(others).as("findings that nobody argued").isEmpty();
        assertThat(findings).hasSameSizeAs(FINDINGS);
        assertThat(findings).extracting(Finding::check).doesNotContainAnyElementsOf(NOT);
        assertThat(findings).allSatisfy(f -> {
            assertThat(f.evidence()).isNotEmpty();
            assertThat(f.consequence()).endsWith(".");
            assertThat(f.cure()).isNotEmpty();
        });
    }
}

package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.host.ToolAnswer;
import io.etcdmedic.host.ToolCall;
import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.facts.AnswerFromFile;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.journey.Preflight;
import io.etcdmedic.node.nix.ModuleWriter;
import io.etcdmedic.node.nix.NixCheck;
import io.etcdmedic.node.nix.NixFiles;
import io.etcdmedic.node.nix.Planned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The table: each accident of the post and each mistake that such a module can have, as one change of a module
/// that is right, or of the node or the cluster that it is for, with the finding that names it and what the finding
/// says will happen.
class AccidentsTest {
    @TempDir
    static Path shared = Path.of("");

    /// A node as RKE1 leaves it, with the owners that the services need; only looked at.
    private static Optional<NodeFacts> node = Optional.empty();

    /// What is generated for it.
    private static String right = "";

    @TempDir
    Path dir = Path.of("");

    @BeforeAll
    static void generate() throws IOException {
        RkeTree tree = RkeContainers.standard().in(RkeTree.make(shared));
        right = ModuleWriter.write(tree.facts(), Optional.of(NixCheckTest.cluster()));
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));
        NixosTree.in(shared).plugins().file("etc/cni/net.d/10-canal.conflist", NixosTree.CALICO);
        node = Optional.of(tree.ruled(right).facts());
    }

    @Test
    void theRightModuleHasNoneOfThem() throws IOException {
        assertThat(findings(right, node.orElseThrow(), cluster()))
                .filteredOn(f -> f.check().startsWith("nix/") || f.breaks())
                .extracting(Finding::check)
                .containsExactlyInAnyOrder("nix/rotation", "nix/other-apiservers");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            the post: the range was not set         | serviceClusterIpRange = "10.43.0.0/16"; | ''                                         | nix/service-range  | would make 10.0.0.0/24 the cluster's service range
            mistake 1: the two ranges are swapped       | serviceClusterIpRange = "10.43.0.0/16"; | serviceClusterIpRange = "10.42.0.0/16";    | nix/service-range  | every Service in 10.43.0.0/16 would be outside of it
            mistake 1: the ranges overlap               | clusterCidr = "10.42.0.0/16"; # --cluster-cidr of kube | clusterCidr = "10.43.128.0/17"; # | nix/overlap    | A Service and a pod can have one address
            mistake 1: a node's address is in the range | serviceClusterIpRange = "10.43.0.0/16"; | serviceClusterIpRange = "51.81.0.0/16";    | nix/overlap        | A Service can be given a node's address
            mistake 1: pods from another range          | clusterCidr = "10.42.0.0/16"; # --cluster-cidr of kube | clusterCidr = "10.44.0.0/16"; #  | nix/pod-range  | kube-proxy takes pods' traffic for foreign
            mistake 2: controller manager and apiserver | ${config.services.kubernetes.apiserver.serviceClusterIpRange} | 10.0.0.0/24             | nix/controller-manager-range | out of the wrong range
            mistake 3: the name server is outside       | clusterDns = [ "10.43.0.10" ];          | clusterDns = [ "10.1.0.1" ];               | nix/cluster-dns    | can look up no name
            mistake 3: the name server is the apiserver | clusterDns = [ "10.43.0.10" ];          | clusterDns = [ "10.43.0.1" ];              | nix/cluster-dns    | can look up no name
            mistake 3: not the cluster's name server    | clusterDns = [ "10.43.0.10" ];          | clusterDns = [ "10.43.0.11" ];             | nix/cluster-dns    | can look up no name
            mistake 3: no name server                   | clusterDns = [ "10.43.0.10" ];          | clusterDns = [ ];                          | nix/cluster-dns    | can look up no name
            mistake 4: not in the certificate           | serviceClusterIpRange = "10.43.0.0/16"; | serviceClusterIpRange = "10.44.0.0/16";    | nix/service-address | refuses its certificate
            mistake 5: another issuer                   | serviceAccountIssuer = "rke";           | ''                                         | nix/service-account | Tokens of another issuer are refused with 401
            mistake 5: another audience                 | apiAudiences = "unknown";               | ''                                         | nix/service-account | Tokens for other audiences are refused with 401
            mistake 5: one key signs, another checks    | serviceAccountKeyFile = "/etc/kubernetes/ssl/kube-service-account-token-key.pem"; # --service-account-private | serviceAccountKeyFile = "/etc/kubernetes/ssl/kube-node-key.pem"; # | nix/service-account | is refused with 401
            mistake 5: the module asks for a key        | serviceAccountSigningKeyFile = "/etc/kubernetes/ssl/kube-service-account-token-key.pem"; | '' | nix/required    | nixos-rebuild fails
            mistake 6: another member                   | name = "etcd-srv5";                     | name = "srv5";                             | nix/etcd-name      | does not find itself in its own member list
            mistake 6: another peer URL                 | initialAdvertisePeerUrls = [ "https://51.81.64.31:2380" ]; | initialAdvertisePeerUrls = [ "https://10.0.0.5:2380" ]; | nix/etcd-peer-url | The other members do not reach it
            mistake 6: members are missing              | initialCluster = [ "etcd-srv5=https://51.81.64.31:2380" | initialCluster = [ "etcd-srv5=https://51.81.64.31:2380" ]; # | nix/etcd-members | does not find the others
            mistake 6: a cluster of its own             | initialClusterState = "existing";       | ''                                         | nix/etcd-state     | founds a new cluster instead of refusing
            mistake 6: not in etcd's certificate        | advertiseClientUrls = [ "https://51.81.64.31:2379" ]; | advertiseClientUrls = [ "https://10.0.0.5:2379" ]; | nix/etcd-certificate | refuses the certificate
            mistake 6: without TLS                      | listenPeerUrls = [ "https://0.0.0.0:2380" ]; | listenPeerUrls = [ "http://0.0.0.0:2380" ]; | nix/etcd-tls     | speak TLS only
            mistake 6: etcd for everybody               | clientCertAuth = true;                  | clientCertAuth = false;                    | nix/etcd-tls       | reads and writes all of Kubernetes
            mistake 6: nixpkgs' default etcd            | package = pkgs.etcd_3_5;                | ''                                         | nix/etcd-version   | Learners and members that were removed long ago come back
            mistake 6: another data folder              | dataDir = "/var/lib/etcd";              | dataDir = "/var/lib/etcd2";                | nix/etcd-data      | etcd starts without its data
            mistake 7: a second Node                    | hostname = "srv5"; # --hostname-override of RKE1's kubelet | hostname = "srv5.example.org"; #  | nix/node-name | A second Node appears
            mistake 7: proxy and kubelet disagree       | hostname = "srv5"; # --hostname-override of RKE1's kube-proxy | hostname = "other"; #          | nix/proxy-name | lose their traffic
            mistake 8: a client's certificate serves    | kubeletClientCaFile = lib.mkForce null; | kubelet_ = null;                           | nix/kubelet-serving | kubectl logs, exec and port-forward fail
            mistake 9: aggregation                      | "--requestheader-client-ca-file=/etc/kubernetes/ssl/kube-apiserver-requestheader-ca.pem" | '' | nix/aggregation    | refuse the apiserver's requests
            mistake 9: admission configuration          | "--admission-control-config-file=/etc/kubernetes/admission.yaml" | ''                        | nix/admission      | The admission plugins lose what they were told
            a flag that decides how something is done   | "--resolv-conf=/etc/resolv.conf"        | ''                                         | nix/flag           | It changes what pods inherit for names
            mistake 9: the authentication webhook       | "--authentication-token-webhook-config-file=/etc/kubernetes/kube-api-authn-webhook.yaml" | '' | nix/flag          | cannot log in
            mistake 10: no port                         | apiserverAddress = "https://51.81.64.31:6443"; | ''                                  | nix/apiserver-address | asks port 443
            mistake 11: roles                           | roles = [ ];                            | roles = [ "master" ];                      | nix/machinery      | an etcd of one member
            mistake 11: easyCerts                       | easyCerts = false;                      | easyCerts = true;                          | nix/machinery      | a CA of its own
            mistake 11: pki                             | pki.enable = false;                     | pki.enable = true;                         | nix/machinery      | a CA of its own
            mistake 11: flannel                         | flannel.enable = false;                 | flannel.enable = true;                     | nix/machinery      | A second CNI
            mistake 11: add-ons                         | addons.dns.enable = false;              | ''                                         | nix/machinery      | seeds an image of CoreDNS
            the post: the CNI's plugins are gone    | systemd.services.kubelet.preStart = lib.mkForce '' | systemd.services.kubelet.postStop = lib.mkForce '' | nix/cni-wiped | no pod gets a network
            mistake 12: the pause image is not seeded   | ctr -n k8s.io image import ${image}     | true                                       | nix/pause-unseeded | once it is collected, no pod starts
            mistake 12: the plugins' folder is not made | mkdir -p /opt/cni/bin                   | true                                       | nix/cni-folder     | a command that works in it fails
            the CNI finds a link into the store         | environment.etc."cni/net.d".enable = lib.mkForce false; | ''                         | nix/cni-config     | cannot write its configuration
            a folder of NixOS' own for the CNI          | unschedulable = false;                  | unschedulable = false; cni.configDir = "/etc/my-cni"; | nix/cni-config | containerd loads NixOS' one
            the post: pinned as only ctr 2.x can    | ctr -n k8s.io image import ${image}     | ctr -n k8s.io image import --label io.cri-containerd.pinned=pinned ${image} | nix/pause-label | flag provided but not defined
            the post: cni.packages = [ ]            | unschedulable = false;                  | unschedulable = false; cni.packages = [ ]; | nix/cni-packages   | It changes nothing
            the module's own taint                  | unschedulable = false;                  | ''                                         | nix/unschedulable  | unschedulable=true:NoSchedule
            mistake 13: the image's short name          | sandbox_image = "docker.io/library/pause:latest"; | sandbox_image = "pause:latest";  | nix/pause-unqualified | never taken for pinned
            mistake 13: a configuration file elsewhere  | virtualisation.docker.enable            | virtualisation.containerd.configFile = "/etc/containerd/config.toml"; virtualisation.docker.enable | nix/containerd-file | said by that file alone
            mistake 14: one etcd only                   | etcd.servers = [ "https://51.81.64.31:2379" | etcd.servers = [ "https://51.81.64.31:2379" ]; # | nix/etcd-servers | its apiserver is down with it
            mistake 15: another prefix                  | --etcd-prefix=/registry                 | --etcd-prefix=/kubernetes.io               | nix/etcd-prefix    | finds an empty cluster
            mistake 16: given twice                     | "--root-dir=/var/lib/kubelet"           | "--root-dir=/var/lib/kubelet" "--hostname-override=srv9" | nix/twice | changes nothing
            mistake 17: another folder                  | "--root-dir=/var/lib/kubelet"           | ''                                         | nix/root-dir       | are orphaned
            mistake 18: a name that is not there        | hostname = "srv5"; # --hostname-override of RKE1's kubelet | hostname = { srv5 = "srv5"; }."srv7"; # | nix/evaluation | nixos-rebuild fails
            mistake 18: an argument that nobody passes  | { config, lib, pkgs, ... }:             | { config, lib, pkgs, nixpkgs-k8s, ... }:   | nix/argument       | The evaluation fails
            mistake 18: an option that is none          | clusterDns = [                          | clusterDNS = [                             | nix/option         | does not exist
            mistake 19: two minors at once              | package = pkgs.kubernetes;              | package = pkgs.kubernetes.overrideAttrs (old: rec { version = "1.35.1"; src = pkgs.fetchFromGitHub { owner = "kubernetes"; repo = "kubernetes"; rev = "v${version}"; sha256 = "3rQyoGt9zTeF8+PIhA5p+hHY1V5O8CawvKWscf/r9RM="; }; }); | nix/version-step | An apiserver skips no minor
            the post: its pin, whose hash may be old | package = pkgs.kubernetes;             | package = pkgs.kubernetes.overrideAttrs (old: rec { version = "1.34.2"; src = pkgs.fetchFromGitHub { owner = "kubernetes"; repo = "kubernetes"; rev = "v${version}"; sha256 = "3rQyoGt9zTeF8+PIhA5p+hHY1V5O8CawvKWscf/r9RM="; }; }); | nix/pin-hash | A hash left over from an earlier version
            mistake 19: version and source differ       | package = pkgs.kubernetes;              | package = pkgs.kubernetes.overrideAttrs (old: { version = "1.34.2"; src = pkgs.fetchFromGitHub { owner = "kubernetes"; repo = "kubernetes"; rev = "v1.34.1"; sha256 = "3rQyoGt9zTeF8+PIhA5p+hHY1V5O8CawvKWscf/r9RM="; }; }); | nix/pin | call themselves 1.34.2
            mistake 19: a flag that 1.35 does not know  | "--root-dir=/var/lib/kubelet"           | "--root-dir=/var/lib/kubelet" "--pod-infra-container-image=pause" | nix/removed-flag | unknown flag
            the post: nothing holds the minor       | assertions = [ {                        | warnings_ = [ {                            | nix/unpinned       | can move every part of this host
            the post: chown kubernetes *.pem        | virtualisation.docker.enable            | system.activationScripts.pem = "chown kubernetes:kubernetes /etc/kubernetes/ssl/*.pem"; virtualisation.docker.enable | nix/ca-key | is the cluster's administrator
            a signer with the CA's key              | "--terminated-pod-gc-threshold=1000"    | "--cluster-signing-key-file=/etc/kubernetes/ssl/kube-ca-key.pem" | nix/ca-key | whoever takes over any service of this user
            a blank in the range                    | serviceClusterIpRange = "10.43.0.0/16"; | serviceClusterIpRange = "10.43.0.0/16, fd00::/112"; | nix/words | a stray argument at which it ends
            a part that is left out                 | enable = true; # RKE1 runs kube-scheduler here | enable = false; #                   | nix/missing-part   | would not run it any more
            a file that is not there                | kube-apiserver-proxy-client.pem         | nobody.pem                                 | nix/missing-file   | ends at start
            """)
    void aMistakeInTheModule(String accident, String was, String is, String check, String sentence) throws IOException {
        assertThat(right).as("the text to replace is there").contains(was);
        List<Finding> findings = findings(right.replace(was, is), node.orElseThrow(), cluster());

        assertThat(findings)
                .as(accident)
                .filteredOn(f -> f.check().equals(check))
                .isNotEmpty()
                .anySatisfy(f -> assertThat(f.consequence()).contains(sentence))
                .allSatisfy(f -> assertThat(f.cure()).as("a way out").isNotEmpty());
    }

    /// mistake 9: fatal, and so a test of its own.
    @Test
    void anEncryptedClusterWithoutItsConfiguration() throws IOException {
        RkeTree tree = RkeContainers.standard()
                .flag("kube-apiserver", "encryption-provider-config", "/etc/kubernetes/ssl/encryption.yaml")
                .flag("kube-apiserver", "audit-policy-file", "/etc/kubernetes/audit-policy.yaml")
                .in(RkeTree.make(dir.resolve("root")));

        List<Finding> findings = findings(right, tree.facts(), cluster());

        assertThat(one(findings, "nix/encryption").consequence()).contains("cannot read a single encrypted Secret");
        assertThat(one(findings, "nix/audit").consequence()).isEqualTo("No audit log is written.");
    }

    /// The post: permission denied on the key of the service accounts.
    @Test
    void keysThatOnlyRootCanRead() throws IOException {
        RkeTree tree = RkeContainers.standard().in(RkeTree.make(dir.resolve("root")));

        assertThat(findings(right, tree.facts(), cluster()))
                .as("the module's own rules give the files away")
                .noneMatch(f -> f.check().equals("certs/access"));
        String without = right.replaceAll("(?m)^ *\"z .*$", "");
        assertThat(findings(without, tree.facts(), cluster()))
                .filteredOn(f -> f.check().equals("certs/access"))
                .anySatisfy(f -> assertThat(f.consequence())
                        .isEqualTo("kube-apiserver would end at start with \"open"
                                + " /etc/kubernetes/ssl/kube-service-account-token-key.pem: permission denied\"."));
    }

    /// mistake 7 in the form that RKE1 makes by default: the Node and the member are called by their address.
    @Test
    void namesThatAreAddresses() throws IOException {
        NodeFacts facts = RkeContainers.standard()
                .flag("kubelet", "hostname-override", "51.81.64.31")
                .flag("kube-proxy", "hostname-override", "51.81.64.31")
                .flag("etcd", "name", "etcd-51.81.64.31")
                .in(RkeTree.make(dir.resolve("root")))
                .facts();
        String module = right.replace(
                "hostname = \"srv5\"; # --hostname-override of RKE1's kubelet",
                "hostname = config.networking.hostName; #");

        List<Finding> findings = findings(module, facts, Optional.empty());

        assertThat(one(findings, "nix/node-name").evidence())
                .contains("it is srv5; the cluster knows this node as 51.81.64.31");
        assertThat(one(findings, "nix/etcd-name").cure()).isEqualTo("services.etcd.name = \"etcd-51.81.64.31\";");
    }

    /// mistake 5: what etcd holds says which key the cluster believes.
    @Test
    void tokensThatAnotherKeySigned() throws IOException {
        ClusterFacts known = NixCheckTest.cluster();
        ClusterFacts foreign = new ClusterFacts(
                known.source(),
                known.prefix(),
                known.members(),
                known.nodes(),
                known.services(),
                known.serviceRanges(),
                List.of("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlcm5ldGVzL3NlcnZpY2VhY2NvdW50In0.AAAA"),
                known.identities(),
                known.candidates(),
                known.secrets(),
                known.encryptedSecrets(),
                known.troubles());

        Finding finding = one(findings(right, node.orElseThrow(), Optional.of(foreign)), "nix/token");

        assertThat(finding.evidence()).contains("1 of 1 service account tokens in etcd are not signed by the key");
        assertThat(finding.consequence()).contains("refused with 401");
    }

    /// mistake 2: the other apiserver's flags, as they were saved there.
    @Test
    void apiserversThatDiffer() throws IOException {
        NodeFacts like = RkeContainers.standard()
                .flag("kube-apiserver", "authorization-mode", "RBAC,Node")
                .in(RkeTree.make(dir.resolve("like")))
                .facts();
        NodeFacts other = RkeContainers.standard()
                .flag("kube-apiserver", "service-cluster-ip-range", "10.96.0.0/12")
                .flag("kube-apiserver", "encryption-provider-config", "/etc/kubernetes/ssl/encryption.yaml")
                .in(RkeTree.make(dir.resolve("other")))
                .facts();
        Path file = Files.writeString(dir.resolve("module.nix"), right);
        Planned planned = NixCheck.read(new NixCheck.Subject(NixFiles.at(file), "", "srv5", true));

        assertThat(NixCheck.of(planned, node.orElseThrow(), cluster(), List.of(like)))
                .extracting(Finding::check)
                .containsExactly("nix/rotation");
        assertThat(NixCheck.of(planned, node.orElseThrow(), cluster(), List.of(like, other)))
                .filteredOn(f -> f.check().equals("nix/other-apiservers"))
                .satisfiesExactlyInAnyOrder(
                        f -> assertThat(f.evidence())
                                .startsWith("here 10.43.0.0/16, on ")
                                .endsWith(" 10.96.0.0/12"),
                        f -> assertThat(f.consequence())
                                .contains("undo each other's work: without it no encrypted Secret can be read"));
        NodeFacts nothing = NodeFacts.of(LiveMachine.at(Files.createDirectory(dir.resolve("none"))));
        assertThat(one(NixCheck.of(planned, node.orElseThrow(), cluster(), List.of(nothing)), "nix/other-apiservers")
                        .evidence())
                .isEqualTo("no flags of a kube-apiserver are known there");
    }

    /// mistake 20: two kubelets, two etcds.
    @Test
    void containersThatComeBack() throws IOException {
        NodeFacts facts = RkeContainers.standard()
                .running("always")
                .in(RkeTree.make(dir.resolve("root")))
                .facts();

        Finding finding = one(findings(right, facts, cluster()), "takeover/containers");

        assertThat(finding.consequence())
                .contains("two kubelets fight over the pods and two etcds over one data folder");
        assertThat(finding.cure()).startsWith("at the switch: docker update --restart=no etcd kube-apiserver");
    }

    /// mistake 21: the clock, and the certificates' end.
    @Test
    void timeThatIsWrongOrOver() throws IOException {
        ToolCall clock = ToolCall.of("timedatectl", "show", "--property=NTPSynchronized", "--value");
        NodeFacts facts = NodeFacts.of(
                new AnswerFromFile(LiveMachine.at(shared), clock, new ToolAnswer.Ran(0, "no\n", "", false)));
        Instant later = Instant.now().plus(Duration.ofDays(400));

        List<Finding> findings = Preflight.of(facts, Optional.empty(), cluster(), List.of(), later).values().stream()
                .flatMap(List::stream)
                .toList();

        assertThat(one(findings, "takeover/clock").consequence()).contains("a clock that is off makes both invalid");
        assertThat(one(findings, "certs/expiry").breaks()).isTrue();
    }

    /// The post's replacement of the start script, as it was first printed.
    @Test
    void theStartScriptOfThePost() throws IOException {
        String module = right.replaceFirst("(?s)preStart = lib.mkForce ''.*?\n  '';", """
                preStart = lib.mkForce ''
                    set -e
                    \\${pkgs.containerd}/bin/ctr -n k8s.io image import --label io.cri-containerd.pinned=pinned \\${pkgs.hello}
                  '';""");

        List<Finding> findings = findings(module, node.orElseThrow(), cluster());

        assertThat(one(findings, "nix/pause-label").consequence()).contains("the kubelet does not start");
        assertThat(one(findings, "nix/cni-plugins").consequence()).contains("without loopback no pod starts");
        assertThat(one(findings, "nix/cni-folder").cure()).isEqualTo("mkdir -p /opt/cni/bin");
        assertThat(findings).noneMatch(f -> f.check().equals("nix/cni-wiped"));
    }

    /// mistake 12: what makes the folder, and what only seems to.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            install -d -m 0755 /opt/cni/bin         | false
            mkdir -p /opt/cni /opt/cni/bin          | false
            ${pkgs.coreutils}/bin/mkdir -p /opt/cni/bin | false
            # mkdir -p /opt/cni/bin                 | true
            mkdir -p /opt/cni/bin-old               | true
            mkdir -p /opt/cni; ls /opt/cni/bin      | true
            """)
    void thePluginsFolderIsMadeOrNot(String line, boolean found) throws IOException {
        List<Finding> findings = findings(right.replace("mkdir -p /opt/cni/bin", line), node.orElseThrow(), cluster());

        assertThat(findings.stream().anyMatch(f -> f.check().equals("nix/cni-folder")))
                .isEqualTo(found);
    }

    /// Literals, too: on a node whose folder is there, since the new system's /etc is another.
    @Test
    void theCnisFolderByTheTextAlone() throws IOException {
        NodeFacts facts = RkeContainers.standard()
                .in(RkeTree.make(dir.resolve("root")).file("etc/cni/net.d/10-canal.conflist", "{}"))
                .facts();
        Path file = Files.writeString(dir.resolve("module.nix"), right);
        assertThat(NixCheck.of(literal(file), facts, cluster(), List.of()))
                .noneMatch(f -> f.check().equals("nix/cni-config"));

        Files.writeString(file, right.replaceFirst("environment\\.etc\\.\"cni/net\\.d\"", "# $0"));
        assertThat(one(NixCheck.of(literal(file), facts, cluster(), List.of()), "nix/cni-config")
                        .evidence())
                .contains("10-canal.conflist stays only if NixOS is set up over this /etc");
    }

    private static Planned literal(Path file) {
        return NixCheck.read(new NixCheck.Subject(NixFiles.at(file), "", "srv5", false));
    }

    /// mistake 13: what runs is not what was meant.
    @Test
    void containerdThatRunsWithSomethingElse() throws IOException {
        RkeTree tree = RkeContainers.standard().in(RkeTree.make(dir.resolve("root")));
        NixosTree.make(dir.resolve("root")).plugins();

        Finding finding = one(findings(right, tree.facts(), cluster()), "nix/sandbox-differs");

        assertThat(finding.evidence())
                .contains("it is docker.io/library/pause:latest; containerd runs with pause:latest");
    }

    /// mistake 1, on a laptop, where only the cluster's snapshot says what is right.
    @Test
    void rangesThatTheClusterContradicts() throws IOException {
        NodeFacts nothing = NodeFacts.of(LiveMachine.at(Files.createDirectory(dir.resolve("none"))));
        String module =
                right.replace("serviceClusterIpRange = \"10.43.0.0/16\";", "serviceClusterIpRange = \"10.42.0.0/16\";");

        List<Finding> findings = findings(module, nothing, cluster());

        assertThat(one(findings, "nix/service-range").evidence()).contains("3 of 3 addresses of Services are outside");
        assertThat(findings)
                .as("the pods' own ranges are in etcd, too")
                .anyMatch(f -> f.check().equals("nix/overlap") && f.evidence().contains("10.42.0.0/24"));
    }

    private static Finding one(List<Finding> findings, String check) {
        assertThat(findings).extracting(Finding::check).contains(check);
        return findings.stream()
                .filter(f -> f.check().equals(check))
                .findFirst()
                .orElseThrow();
    }

    private static Optional<ClusterFacts> cluster() {
        return Optional.of(NixCheckTest.cluster());
    }

    private List<Finding> findings(String module, NodeFacts facts, Optional<ClusterFacts> cluster) throws IOException {
        Path file = Files.writeString(dir.resolve("module.nix"), module);
        Planned planned = NixCheck.read(new NixCheck.Subject(NixFiles.at(file), "", "srv5", true));
        List<Finding> all = new ArrayList<>();
        Preflight.of(facts, Optional.of(planned), cluster, List.of(), Instant.now())
                .values()
                .forEach(all::addAll);
        return all;
    }
}

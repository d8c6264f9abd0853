package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcdmedic.command.Ran;
import io.etcdmedic.finding.Finding;
import io.etcdmedic.finding.Severity;
import io.etcdmedic.host.OwnUser;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Flags;
import io.etcdmedic.node.certs.CertsCheck;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.nix.Carried;
import io.etcdmedic.node.nix.FlagRule;
import io.etcdmedic.node.nix.ModuleWriter;
import io.etcdmedic.node.nix.NixCheck;
import io.etcdmedic.node.nix.NixFiles;
import io.etcdmedic.node.nix.Planned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Nodes of every version of RKE1 and of many kinds: what is generated evaluates, passes the check, and gives every
/// flag that must be equal.
class RkeVersionsTest {
    @TempDir
    Path dir = Path.of("");

    @ParameterizedTest
    @ValueSource(ints = {20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32})
    void everyVersionsFlagsAreClassedAndCarried(int minor) throws IOException {
        NodeFacts facts =
                RkeNode.of(minor).spelled(minor).in(dir.resolve("root")).facts();

        assertThat(ModuleWriter.table(facts))
                .as("nothing that RKE1 gives is left without a class")
                .allSatisfy(c -> assertThat(c.rule()).as(c.toString()).isPresent());
        holds(facts);
    }

    @Test
    void aNodeWhoseNameBeginsWithADigit() throws IOException {
        holds(RkeNode.of(30)
                .named("9node-1", "192.168.7.1", "192.168.7.1")
                .in(dir.resolve("root"))
                .facts());
    }

    @Test
    void threeControlPlaneNodesWithAnInternalNetwork() throws IOException {
        NodeFacts facts = RkeNode.of(29)
                .named("cp-a", "203.0.113.9", "172.16.4.1")
                .among("172.16.4.1", "172.16.4.2", "172.16.4.3")
                .ranges("10.96.0.0/12", "10.244.0.0/16", "10.96.0.10")
                .spelled(7)
                .in(dir.resolve("root"))
                .facts();

        Planned planned = holds(facts);

        assertThat(planned.flags(Component.ETCD).list("initial-cluster")).hasSize(3);
        assertThat(planned.flags(Component.APISERVER).list("etcd-servers")).hasSize(3);
    }

    @Test
    void aDualStackCluster() throws IOException {
        holds(RkeNode.of(28)
                .ranges("10.43.0.0/16,fd00:43::/108", "10.42.0.0/16,fd00:42::/56", "10.43.0.10")
                .in(dir.resolve("root"))
                .facts());
    }

    @Test
    void anIpv6Cluster() throws IOException {
        holds(RkeNode.of(28)
                .named("fd00:1::5", "fd00:1::5", "fd00:1::5")
                .ranges("fd00:43::/108", "fd00:42::/56", "fd00:43::a")
                .with("kube-apiserver", "bind-address", "::")
                .in(dir.resolve("root"))
                .facts());
    }

    @Test
    void aControlPlaneNodeWithAnEtcdElsewhere() throws IOException {
        Planned planned = holds(RkeNode.of(27)
                .externalEtcd("https://etcd-1.example.org:2379", "https://etcd-2.example.org:2379")
                .in(dir.resolve("root"))
                .facts());

        assertThat(planned.has(Component.ETCD)).isFalse();
        assertThat(planned.flag(Component.APISERVER, "etcd-prefix")).hasValue("/cluster-a");
    }

    @Test
    void aNodeWithItsFilesBelowAPrefix() throws IOException {
        NodeFacts facts =
                RkeNode.of(30).below("/opt/rke").in(dir.resolve("root")).facts();

        Planned planned = holds(facts);

        assertThat(planned.flag(Component.ETCD, "data-dir")).hasValue("/opt/rke/var/lib/etcd");
        assertThat(ModuleWriter.write(facts, Optional.empty()))
                .contains("DECIDE: RKE1 keeps its files in /opt/rke/etc/kubernetes (prefix_path)")
                .contains("\"Z /opt/rke/var/lib/etcd - etcd etcd -\"");
    }

    /// No file of RKE1 lies where it does elsewhere: its containers speak for it.
    @Test
    void aNodeWithNothingButAPrefixIsHeadedByItsName() throws IOException {
        Path root = dir.resolve("root");
        RkeNode.of(30).below("/opt/rke").in(root);
        Files.createDirectories(root.resolve("opt/rke/etc"));
        Files.move(root.resolve("etc/kubernetes"), root.resolve("opt/rke/etc/kubernetes"));

        Ran inspect = Ran.of("node", "inspect", "--root", root.toString());

        assertThat(inspect.text().lines().findFirst()).hasValue("the tree below " + root + ": RKE1");
        assertThat(inspect.text()).contains("kube-apiserver           container");
    }

    @Test
    void aNodeThatIsNamedByAHostName() throws IOException {
        holds(RkeNode.of(30)
                .named("node-a.example.org", "node-a.example.org", "10.20.0.7")
                .with("kube-apiserver", "advertise-address")
                .in(dir.resolve("root"))
                .facts());
    }

    @Test
    void aWorker() throws IOException {
        NodeFacts facts = RkeNode.of(31)
                .named("worker-1", "10.20.0.9", "10.20.0.9")
                .among("10.20.0.5", "10.20.0.6")
                .roles(false, false, true)
                .in(dir.resolve("root"))
                .facts();

        Planned planned = holds(facts);

        assertThat(planned.has(Component.APISERVER)).isFalse();
        assertThat(planned.configuration().orElseThrow().text("services.kubernetes.apiserverAddress"))
                .hasValue("https://10.20.0.5:6443");
    }

    /// Without nginx-proxy's container, and with RKE1's kubeconfig, which names that proxy on the node.
    @Test
    void aWorkerOfWhichNobodySaysWhereTheApiserversAre() throws IOException {
        Path root = dir.resolve("root");
        RkeTree tree = RkeNode.of(31)
                .named("worker-1", "10.20.0.9", "10.20.0.9")
                .among("10.20.0.5", "10.20.0.6")
                .roles(false, false, true)
                .in(root);
        for (String file : List.of("config.v2.json", "hostconfig.json")) {
            Files.delete(root.resolve("var/lib/docker/containers/nginx-proxy").resolve(file));
        }
        String kubeconfig =
                tree.facts().hostFlags(Component.KUBELET).get("kubeconfig").orElseThrow();
        String config = "clusters: [{name: local, cluster: {server: \"https://%s\"}}]\n";
        tree.file(kubeconfig.substring(1), config.formatted("127.0.0.1:6443"));

        String undecided = ModuleWriter.write(tree.facts(), Optional.empty());
        assertThat(undecided)
                .contains("# DECIDE: no apiserver runs here", "# apiserverAddress = \"https://ADDRESS:6443\";")
                .doesNotContain("https://127.0.0.1", "masterAddress = \"127", "; # CP_HOSTS");
        Path file = Files.writeString(dir.resolve("undecided.nix"), undecided);
        Planned planned = NixCheck.read(new NixCheck.Subject(NixFiles.at(file), "", "worker-1", true));
        assertThat(NixCheck.of(planned, tree.facts(), Optional.empty()))
                .extracting(Finding::check)
                .contains("nix/master-address");

        assertThat(ModuleWriter.write(tree.facts(), Optional.of(NixCheckTest.cluster())))
                .contains("masterAddress = \"51.81.64.31\"; # the Node srv5 of the control plane");
        tree.file(kubeconfig.substring(1), config.formatted("[fd00::5]:7443"));
        assertThat(ModuleWriter.write(tree.facts(), Optional.empty()))
                .contains("apiserverAddress = \"https://[fd00::5]:7443\"; # the kubelet's " + kubeconfig);
    }

    @Test
    void aMemberOfEtcdOnly() throws IOException {
        holds(RkeNode.of(26).roles(false, true, false).in(dir.resolve("root")).facts());
    }

    @Test
    void aControlPlaneNodeThatTakesNoPods() throws IOException {
        holds(RkeNode.of(26).roles(true, true, false).in(dir.resolve("root")).facts());
    }

    @Test
    void flagsThatAreGivenTwice() throws IOException {
        NodeFacts facts = RkeNode.of(30)
                .with("kube-apiserver", "service-account-issuer", "https://new.example.org", "rke")
                .with(
                        "kube-apiserver",
                        "service-account-key-file",
                        "/etc/kubernetes/ssl/kube-service-account-token-key.pem",
                        "/etc/kubernetes/ssl/kube-node-key.pem")
                .with("kube-apiserver", "enable-admission-plugins", "NodeRestriction", "EventRateLimit")
                .with("kubelet", "cluster-dns", "10.43.0.10", "169.254.20.10")
                .with("kube-apiserver", "oidc-required-claim", "a=b", "c=d")
                .in(dir.resolve("root"))
                .facts();

        Planned planned = holds(facts);

        Flags flags = planned.flags(Component.APISERVER);
        assertThat(flags.all("service-account-issuer"))
                .as("the first issuer signs")
                .containsExactly("https://new.example.org", "rke");
        assertThat(flags.all("service-account-key-file")).hasSize(2);
        assertThat(flags.list("enable-admission-plugins")).contains("NodeRestriction", "EventRateLimit");
        assertThat(flags.all("oidc-required-claim")).containsExactly("a=b", "c=d");
        assertThat(planned.flags(Component.KUBELET).list("cluster-dns")).containsExactly("10.43.0.10", "169.254.20.10");
    }

    @Test
    void valuesThatSystemdWouldTakeApartStayWhole() throws IOException {
        NodeFacts facts = RkeNode.of(30)
                .with("kube-apiserver", "service-account-issuer", "a 'b\" %n $HOME \\ ${x} ''y''")
                .with("kube-apiserver", "runtime-config", "api/all=false, v1=true")
                .with("kube-apiserver", "oidc-client-id", "it's \"x\"; ${builtins.readFile /etc/shadow}")
                .with("kubelet", "cluster-domain", "a b")
                .in(dir.resolve("root"))
                .facts();

        String module = ModuleWriter.write(facts, Optional.empty());
        holds(facts);

        assertThat(module)
                .as("an option's text stands in the middle of a word of the unit's command")
                .contains("a\\\\x20\\\\x27b\\\\x22\\\\x20%%n\\\\x20\\$\\$HOME");
    }

    @Test
    void whatNoOptionsTypeTakesIsGivenAsItWas() throws IOException {
        NodeFacts facts = RkeNode.of(30)
                .with("kube-apiserver", "v", "info")
                .with("kube-apiserver", "tls-cert-file", "ssl/relative.pem")
                .with("kube-apiserver", "feature-gates", "A=true,B=perhaps")
                .with("kube-apiserver", "authorization-mode", "Node,RBAC,Webhook")
                .with("kube-apiserver", "authorization-webhook-config-file", "/etc/kubernetes/ssl/kube-ca.pem")
                .with("kube-controller-manager", "cluster-signing-key-file", "/etc/kubernetes/ssl/kube-ca-key.pem")
                .with("kube-proxy", "cluster-cidr", "10.99.0.0/16")
                .in(dir.resolve("root"))
                .facts();

        String module = ModuleWriter.write(facts, Optional.empty());
        Planned planned = plan(module);

        assertThat(planned.findings()).noneMatch(Finding::breaks);
        assertThat(planned.flag(Component.APISERVER, "v")).hasValue("info");
        assertThat(planned.flag(Component.APISERVER, "tls-cert-file")).hasValue("ssl/relative.pem");
        assertThat(planned.flag(Component.APISERVER, "feature-gates")).hasValue("A=true,B=perhaps");
        assertThat(planned.flag(Component.PROXY, "cluster-cidr")).hasValue("10.99.0.0/16");
        assertThat(planned.configuration().orElseThrow().text("services.kubernetes.apiserver.webhookConfig"))
                .hasValue("/etc/kubernetes/ssl/kube-ca.pem");
        assertThat(module)
                .as("no service user gets the CA's key")
                .contains("--cluster-signing-key-file=/etc/kubernetes/ssl/kube-ca-key.pem: should be equal; not carried"
                        + " over, DECIDE")
                .doesNotContain("\"z /etc/kubernetes/ssl/kube-ca-key.pem");
    }

    @Test
    void whatTheEnvironmentSaysIsCarriedAndSecretsAreNot() throws IOException {
        NodeFacts facts = RkeNode.of(30)
                .environment("etcd", "ETCD_QUOTA_BACKEND_BYTES=8589934592", "ETCD_UNSUPPORTED_ARCH=amd64")
                .environment("kube-apiserver", "HTTPS_PROXY=http://proxy:3128/%20", "AWS_SECRET_ACCESS_KEY=zebra")
                .with("kube-proxy", "proxy-mode", "ipvs")
                .in(dir.resolve("root"))
                .facts();

        String module = ModuleWriter.write(facts, Optional.empty());
        Planned planned = holds(facts);

        assertThat(planned.flag(Component.ETCD, "quota-backend-bytes")).hasValue("8589934592");
        assertThat(module)
                .contains("systemd.services.kube-apiserver.environment.\"HTTPS_PROXY\" = \"http://proxy:3128/%%20\";")
                .contains("DECIDE: RKE1's kube-apiserver has the variable AWS_SECRET_ACCESS_KEY")
                .contains("systemd.services.kube-proxy.path = [ pkgs.ipset pkgs.kmod ];", "ip_vs_rr")
                .doesNotContain("zebra", "UNSUPPORTED_ARCH", "RKE_CLOUD");
    }

    @Test
    void anApiserverOfBefore120GetsTheKeysThatTheModuleAsksFor() throws IOException {
        RkeTree tree = RkeNode.of(20)
                .with("kube-apiserver", "service-account-signing-key-file")
                .with("kube-apiserver", "service-account-issuer")
                .in(dir.resolve("root"));

        Planned planned = plan(ModuleWriter.write(tree.facts(), Optional.empty()));

        assertThat(planned.flag(Component.APISERVER, "service-account-signing-key-file"))
                .hasValue("/etc/kubernetes/ssl/kube-service-account-token-key.pem");
    }

    @Test
    void theRulesGiveEveryServiceItsFilesAndNobodyTheKeysOfTheAuthorities() throws IOException {
        assumeTrue(OwnUser.isRoot(), "LEFT OUT: needs root to give files to the users of the services");
        RkeTree tree = RkeNode.of(31)
                .with("kube-apiserver", "encryption-provider-config", "/etc/kubernetes/ssl/encryption.yaml")
                .in(dir.resolve("root"))
                .file("etc/kubernetes/ssl/encryption.yaml", "kind: EncryptionConfiguration\n");
        assertThat(CertsCheck.of(tree.facts(), Instant.now())).anyMatch(Finding::breaks);

        String module = ModuleWriter.write(tree.facts(), Optional.empty());
        tree.ruled(module);

        assertThat(CertsCheck.of(tree.facts(), Instant.now())).noneMatch(Finding::breaks);
        assertThat(module).doesNotContain("ca-key.pem");
    }

    private Planned plan(String module) throws IOException {
        Path file = Files.writeString(dir.resolve("generated.nix"), module);
        return NixCheck.read(new NixCheck.Subject(NixFiles.at(file), "", "other-name", true));
    }

    /// What is generated for the node evaluates, passes the check, and gives what must be equal.
    private Planned holds(NodeFacts facts) throws IOException {
        String module = ModuleWriter.write(facts, Optional.empty());
        Planned planned = plan(module);
        List<Finding> findings = NixCheck.of(planned, facts, Optional.empty());
        assertThat(findings).as(module).noneMatch(Finding::breaks);
        assertThat(findings.stream()
                        .filter(f -> f.severity() == Severity.WARNING)
                        .map(Finding::check))
                .as("what remains is for a person to know")
                .isSubsetOf("nix/rotation");
        for (Carried carried : ModuleWriter.table(facts)) {
            equal(carried, planned, facts);
        }
        return planned;
    }

    private static void equal(Carried carried, Planned planned, NodeFacts facts) {
        boolean must = carried.rule()
                .map(FlagRule::relation)
                .filter(r -> r == FlagRule.Relation.MUST)
                .isPresent();
        boolean renamed = Set.of("data-dir", "initial-cluster-state").contains(carried.flag());
        if (must && carried.way() != Carried.Way.MODULE && !renamed) {
            Component component = carried.component();
            List<String> today = facts.flags(component).all(carried.flag());
            List<String> then = planned.flags(component).all(carried.flag());
            assertThat(items(today.size() > 1 ? then : List.of(then.getLast())))
                    .as(component.program() + " --" + carried.flag())
                    .isEqualTo(items(today));
        }
    }

    private static Set<String> items(List<String> values) {
        return new TreeSet<>(List.of(String.join(",", values).split(",")));
    }
}

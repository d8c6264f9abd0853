package io.etcdmedic.node.nix;

import static io.etcdmedic.installation.Component.APISERVER;
import static io.etcdmedic.installation.Component.CONTROLLER_MANAGER;
import static io.etcdmedic.installation.Component.ETCD;
import static io.etcdmedic.installation.Component.KUBELET;
import static io.etcdmedic.installation.Component.PROXY;
import static io.etcdmedic.installation.Component.SCHEDULER;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Flags;
import io.etcdmedic.installation.Part;
import io.etcdmedic.node.IdentityCheck;
import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.version.KubernetesVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `node nix generate`: the NixOS module of a node that RKE1 runs.
///
/// Each value stands with the fact that it comes from; what a person must decide is marked DECIDE; the table of
/// every flag follows at the end.
public final class ModuleWriter {
    private final NodeFacts facts;
    private final Optional<ClusterFacts> cluster;
    private final List<Carried> carried;
    private final NixPage page = new NixPage();

    private ModuleWriter(NodeFacts facts, Optional<ClusterFacts> cluster) {
        this.facts = facts;
        this.cluster = cluster;
        this.carried = FlagCarrier.of(facts);
    }

    /// What became of every flag.
    public static List<Carried> table(NodeFacts facts) {
        return FlagCarrier.of(facts);
    }

    /// @throws Failure.Refused when nothing is known of what RKE1 runs: nothing is made up
    public static String write(NodeFacts facts, Optional<ClusterFacts> cluster) {
        if (facts.old().isEmpty()) {
            throw new Failure.Refused(
                    Problem.in("writing a module from " + facts.machine().name())
                            .found("no container or process of RKE1 is known")
                            .expected("the flags that RKE1 gave")
                            .hint(
                                    "on the node: docker inspect $(docker ps -aq) > containers.json; then --docker-inspect containers.json"));
        }
        return new ModuleWriter(facts, cluster).module();
    }

    private String module() {
        page.comment("A node that RKE1 set up, as NixOS runs it: written by medic node nix generate.");
        page.comment("Facts: " + facts.machine().name()
                + cluster.map(c -> "; " + c.source()).orElse("")
                + ". Beside each value stands the fact it comes from.");
        page.comment("DECIDE marks what a person must decide. Check it: medic node nix check FILE");
        IdentityCheck.of(facts)
                .forEach(other -> page.comment("BEWARE: " + other.consequence() + " " + other.evidence()));
        page.line("{ config, lib, pkgs, ... }:");
        page.line("");
        page.open("");
        HostFolders.kubernetes(facts)
                .ifPresent(
                        folder -> page.comment(
                                "DECIDE: RKE1 keeps its files in " + folder
                                        + " (prefix_path) and shows them to its containers as /etc/kubernetes: copy them there, modes and all."));
        if (FlagCarrier.has(facts, ETCD)) {
            new EtcdSection(facts, cluster, carried, page).write();
        }
        kubernetes();
        platform();
        new PlatformSection(facts, carried, page).write();
        page.close();
        table();
        return page.text();
    }

    private void kubernetes() {
        page.open("services.kubernetes");
        version();
        address();
        page.comment("The cluster has its own certificates, CNI and add-ons: NixOS' stay off.");
        page.set("roles", "[ ]", "");
        page.set("easyCerts", "false", "");
        page.set("pki.enable", "false", "RKE1's certificates serve on; nobody renews them: medic node certs check");
        page.set("flannel.enable", "false", "");
        page.set("addonManager.enable", "false", "");
        page.set("addons.dns.enable", "false", "the cluster runs its own");
        page.set("caFile", NixText.string(NodeFacts.SSL + "/kube-ca.pem"), "RKE1's layout");
        facts.podRange()
                .ifPresent(range ->
                        page.set("clusterCidr", NixText.string(range), "--cluster-cidr of kube-controller-manager"));
        for (Component component : List.of(APISERVER, CONTROLLER_MANAGER, SCHEDULER, PROXY, KUBELET)) {
            if (FlagCarrier.has(facts, component)) {
                component(component);
            }
        }
        page.close();
    }

    /// An assertion holds the minor: a `nix flake update` cannot move it.
    private void version() {
        Optional<KubernetesVersion> today = facts.old(APISERVER)
                .or(() -> facts.old(KUBELET))
                .flatMap(Part::version)
                .flatMap(KubernetesVersion::parse);
        page.comment("DECIDE: "
                + today.map(v -> "RKE1 runs Kubernetes %s. Take a package of %s, or of %s: one minor at a time."
                                .formatted(v, v.toMinor(), v.nextMinor()))
                        .orElse("the version that RKE1 runs is not known; an apiserver skips no minor."));
        page.comment("A package of its own: medic node version pin VERSION. The assertion below holds the minor.");
        page.set("package", "pkgs.kubernetes", "");
    }

    private void address() {
        Optional<String> own = facts.address();
        if (FlagCarrier.isControlPlane(facts)) {
            page.set(
                    "masterAddress",
                    own.map(NixText::string).orElse("\"localhost\""),
                    own.isPresent() ? "this node's address" : "RKE1's flags name no address of this node");
            String port = facts.flags(APISERVER).get("secure-port").orElse("6443");
            page.set(
                    "apiserverAddress",
                    NixText.string("https://" + bracketed(own.orElse("127.0.0.1")) + ":" + port),
                    own.isPresent()
                            ? "this node's apiserver; its certificate names the address"
                            : "this node's apiserver; RKE1's certificate names 127.0.0.1, too");
            return;
        }
        Optional<RemoteApiServer> remote = RemoteApiServer.of(facts, cluster);
        if (remote.isEmpty()) {
            page.comment(
                    "DECIDE: no apiserver runs here, and nothing tells where one does: nginx-proxy's CP_HOSTS is not"
                            + " known. Name one; until then the evaluation fails.");
            page.comment("masterAddress = \"ADDRESS\";");
            page.comment("apiserverAddress = \"https://ADDRESS:6443\";");
            return;
        }
        page.comment("DECIDE: RKE1's nginx-proxy spread requests over the apiservers; this is one of them.");
        page.set(
                "masterAddress",
                NixText.string(remote.get().host()),
                remote.get().fact());
        page.set(
                "apiserverAddress",
                NixText.string(remote.get().url()),
                remote.get().fact());
    }

    static String bracketed(String address) {
        return address.contains(":") ? "[" + address + "]" : address;
    }

    private void component(Component component) {
        String prefix = FlagRule.enableOption(component).replace(".enable", "") + ".";
        page.open(prefix.substring("services.kubernetes.".length(), prefix.length() - 1));
        page.set("enable", "true", "RKE1 runs " + component.program() + " here");
        for (Carried flag : of(component, Carried.Way.OPTION)) {
            String option = flag.rule().orElseThrow().option();
            if (option.startsWith(prefix)) {
                page.set(option.substring(prefix.length()), flag.text(), trace(flag));
            }
        }
        switch (component) {
            case APISERVER -> {
                required();
                audiences();
                if (facts.flags(APISERVER).get("kubelet-certificate-authority").isEmpty()) {
                    page.set(
                            "kubeletClientCaFile",
                            "lib.mkForce null",
                            "RKE1 gives no --kubelet-certificate-authority, and kubelets serve with certificates of their own");
                }
            }
            case CONTROLLER_MANAGER -> kubeconfig("kube-controller-manager");
            case SCHEDULER -> kubeconfig("kube-scheduler");
            case PROXY -> kubeconfig("kube-proxy");
            case KUBELET -> {
                kubeconfig("kube-node");
                page.set(
                        "unschedulable",
                        "false",
                        "with no roles the module's own default taints a Node that registers: unschedulable=true:NoSchedule");
            }
            case ETCD -> {}
        }
        extras(component);
        page.close();
    }

    /// Options without a default; an apiserver before 1.20 had no such flag.
    private void required() {
        for (String flag : List.of("service-account-key-file", "service-account-signing-key-file")) {
            if (!facts.flags(APISERVER).has(flag)) {
                page.comment("DECIDE: RKE1 gives no --" + flag + ", and the module asks for one; this is RKE1's key.");
                page.set(
                        FlagRule.of(APISERVER, flag)
                                .orElseThrow()
                                .option()
                                .substring("services.kubernetes.apiserver.".length()),
                        NixText.string(NodeFacts.SSL + "/kube-service-account-token-key.pem"),
                        "RKE1's layout");
            }
        }
    }

    /// kube-apiserver's own default is the issuer; the module's is another.
    private void audiences() {
        Flags flags = facts.flags(APISERVER);
        List<String> issuers = flags.all("service-account-issuer");
        if (!flags.has("api-audiences") && !issuers.isEmpty()) {
            page.set(
                    "apiAudiences",
                    NixText.string(CommandLine.inside(issuers.getFirst())),
                    "RKE1 gives none: then it is the issuer");
        }
    }

    private void kubeconfig(String stem) {
        page.set(
                "kubeconfig.certFile",
                NixText.string(NodeFacts.SSL + "/" + stem + ".pem"),
                "RKE1's kubecfg-" + stem + ".yaml");
        page.set(
                "kubeconfig.keyFile",
                NixText.string(NodeFacts.SSL + "/" + stem + "-key.pem"),
                "RKE1's kubecfg-" + stem + ".yaml");
    }

    private void extras(Component component) {
        List<Carried> extras = of(component, Carried.Way.EXTRA);
        boolean useAccounts = component == CONTROLLER_MANAGER;
        List<String> lines = new ArrayList<>();
        for (Carried extra : extras) {
            boolean implied = useAccounts
                    && extra.flag().equals("use-service-account-credentials")
                    && NixText.isTrue(extra.value());
            if (!implied) {
                lines.add(
                        extra.text().startsWith("--service-cluster-ip-range=${")
                                ? "\"" + extra.text() + "\""
                                : NixText.string(extra.text()));
            }
        }
        if (!lines.isEmpty()) {
            page.list("extraOpts = lib.concatStringsSep \" \"", lines);
        }
    }

    private static String trace(Carried flag) {
        return "--%s of RKE1's %s (%s)".formatted(flag.flag(), flag.component().program(), flag.relation());
    }

    private List<Carried> of(Component component, Carried.Way way) {
        return carried.stream()
                .filter(c -> c.component() == component && c.way() == way)
                .toList();
    }

    private void platform() {
        Optional<KubernetesVersion> today = facts.old(APISERVER)
                .or(() -> facts.old(KUBELET))
                .flatMap(Part::version)
                .flatMap(KubernetesVersion::parse);
        today.ifPresent(v -> {
            page.comment("No minor is skipped, and none is taken by accident. Raise it by one when the time has come.");
            page.open("assertions = [");
            page.line("assertion = lib.elem (lib.versions.majorMinor config.services.kubernetes.package.version) [ "
                    + NixText.string(v.toMinor().toString()) + " "
                    + NixText.string(v.nextMinor().toString()) + " ];");
            page.line("message = \"services.kubernetes.package: RKE1 ran " + v.toMinor() + ", so only " + v.toMinor()
                    + " or " + v.nextMinor() + " may run on its data\";");
            page.closeList();
        });
    }

    private void table() {
        page.line("");
        page.comment("Every flag of RKE1, and what became of it:");
        Map<Component, List<Carried>> byComponent = new LinkedHashMap<>();
        carried.forEach(c -> byComponent
                .computeIfAbsent(c.component(), _ -> new ArrayList<>())
                .add(c));
        byComponent.forEach((component, flags) -> {
            page.comment(component.program());
            flags.forEach(f -> page.comment("  --%s=%s: %s; %s%s"
                    .formatted(
                            f.flag(),
                            f.value(),
                            f.relation(),
                            f.way().words(),
                            f.way() == Carried.Way.OPTION || f.way() == Carried.Way.EXTRA ? "" : ", " + f.text())));
        });
    }
}

package io.etcdmedic.node.nix;

import static io.etcdmedic.installation.Component.KUBELET;

import io.etcdmedic.finding.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What only a NixOS module can get wrong: options that fight the takeover, and the kubelet's start script.
final class ModuleCheck {
    private static final Pattern PORT = Pattern.compile("https?://(?:\\[[^\\]]+\\]|[^/:\\[\\]]+):\\d+/?");
    private static final Pattern WIPES = Pattern.compile("\\brm\\s+(?:-\\w+\\s+)*/opt/cni/bin/?(?:\\*|\\s|$)");
    private static final Pattern NAMES = Pattern.compile("(?m)^[^#\\n]*/opt/cni/bin\\b");
    private static final Pattern MAKES =
            Pattern.compile("(?m)^[^#\\n]*\\b(?:mkdir\\b|install\\b[^\\n]*\\s-\\w*d)[^#\\n;&|]*/opt/cni/bin(?![\\w-])");
    private static final Pattern SEEDS = Pattern.compile("\\bctr\\b[^\\n]*\\bimages?\\s+import\\b");
    private static final Pattern HANDS_OVER = Pattern.compile(
            "\\b(?:chown|chmod|setfacl)\\b[^\\n;|&]*(?:/\\*\\.pem|kube-ca-key\\.pem|requestheader-ca-key\\.pem)");
    private final NixConfiguration nix;
    private final Judged judged;
    private final List<Finding> findings = new ArrayList<>();

    private ModuleCheck(Judged judged, NixConfiguration nix) {
        this.judged = judged;
        this.nix = nix;
    }

    static List<Finding> of(Judged judged) {
        if (judged.nix().isEmpty()) {
            return List.of();
        }
        ModuleCheck check = new ModuleCheck(judged, judged.nix().get());
        check.address();
        check.ownMachinery();
        check.rotation();
        check.openKeys();
        if (judged.planned().has(KUBELET)) {
            check.startScript();
            check.cniPackages();
            check.sandbox();
            check.cniFolder();
        }
        return check.findings;
    }

    private Finding error(String check, String option) {
        return Finding.error(check, option + nix.at(option));
    }

    private Finding warning(String check, String option) {
        return Finding.warning(check, option + nix.at(option));
    }

    private void address() {
        String option = "services.kubernetes.apiserverAddress";
        Optional<String> address = nix.text(option);
        if (address.isPresent() && !PORT.matcher(address.get()).matches()) {
            findings.add(error("nix/apiserver-address", option)
                    .evidence(address.get() + " has no port"
                            + (nix.isSet(option) ? "" : ": with advertiseAddress the module's default leaves it out"))
                    .consequence("Every kubeconfig of this node asks port 443, where nobody listens.")
                    .cure(option + " = " + NixText.string(address.get().replaceAll("/$", "") + ":6443") + ";"));
        }
        nix.options().values().stream()
                .filter(o -> o.value()
                        .flatMap(NixConfiguration::scalar)
                        .filter(v -> v.contains("NOTHING-SETS-"))
                        .isPresent())
                .filter(o -> o.option().equals("services.kubernetes.apiserverAddress")
                        || o.option().equals("services.kubernetes.apiserver.etcd.servers")
                                && nix.isOn("services.kubernetes.apiserver.enable"))
                .findFirst()
                .ifPresent(o -> findings.add(error("nix/master-address", "services.kubernetes.masterAddress")
                        .evidence("nothing sets it, and %s follows from it".formatted(o.option()))
                        .consequence(
                                "nixos-rebuild fails: \"The option `services.kubernetes.masterAddress' is used but not defined\".")
                        .cure("services.kubernetes.masterAddress = \"localhost\";")));
    }

    private void ownMachinery() {
        if (!nix.texts("services.kubernetes.roles").isEmpty()) {
            findings.add(error("nix/machinery", "services.kubernetes.roles")
                    .evidence("it is " + String.join(", ", nix.texts("services.kubernetes.roles")))
                    .consequence(
                            "It turns on flannel, the addon manager and an etcd of one member: the cluster's own are not these.")
                    .cure("services.kubernetes.roles = [ ]; and enable the parts one by one"));
        }
        machinery(
                "services.kubernetes.easyCerts",
                "It issues certificates of a CA of its own, which the cluster does not know.");
        machinery(
                "services.kubernetes.pki.enable",
                "It issues certificates of a CA of its own, valid for 720 hours, and moves" + " etcd to 127.0.0.1.");
        machinery(
                "services.kubernetes.flannel.enable",
                "A second CNI writes its configuration beside the cluster's own.");
        machinery(
                "services.kubernetes.addonManager.enable",
                "It applies NixOS' add-ons, among them a CoreDNS, over the cluster's.");
        if (nix.isOn("services.kubernetes.addons.dns.enable") && nix.isNode()) {
            boolean applied = nix.isOn("services.kubernetes.addonManager.enable");
            Finding finding = applied
                    ? error("nix/machinery", "services.kubernetes.addons.dns.enable")
                    : warning("nix/machinery", "services.kubernetes.addons.dns.enable");
            findings.add(finding.evidence(
                            nix.isSet("services.kubernetes.addons.dns.enable")
                                    ? "it is on"
                                    : "it is not set, and on by default as soon as any part is on")
                    .consequence(
                            "It seeds an image of CoreDNS, and makes clusterDns the address .254 of the service range where"
                                    + " nothing sets it.")
                    .cure("services.kubernetes.addons.dns.enable = false;"));
        }
    }

    private void machinery(String option, String consequence) {
        if (nix.isOn(option)) {
            findings.add(error("nix/machinery", option)
                    .evidence(nix.isSet(option) ? "it is on" : "it is not set, and follows from another option")
                    .consequence(consequence)
                    .cure(option + " = false;"));
        }
    }

    private void rotation() {
        boolean rke = judged.planned().flags().values().stream()
                .flatMap(flags -> flags.values().values().stream())
                .anyMatch(values -> values.stream().anyMatch(v -> v.startsWith("/etc/kubernetes/ssl/")));
        if (rke && !nix.isOn("services.kubernetes.pki.enable")) {
            findings.add(warning("nix/rotation", "services.kubernetes.pki.enable")
                    .evidence("it is off, and the certificates are RKE1's in /etc/kubernetes/ssl")
                    .consequence("RKE1's certificates live one year, and from now on nobody renews them.")
                    .cure("see when they end: medic node certs check; and plan to issue them from kube-ca-key.pem"));
        }
    }

    private void openKeys() {
        for (OptionValue option : nix.options().values()) {
            String text = option.value().map(ModuleCheck::flat).orElse("");
            Matcher matcher = HANDS_OVER.matcher(text);
            if (matcher.find()) {
                findings.add(error("nix/ca-key", option.option())
                        .evidence("it runs: " + NixText.comment(matcher.group()))
                        .consequence(
                                "The key of the cluster's CA goes to a service's user: whoever takes over that service is the"
                                        + " cluster's administrator.")
                        .cure("give each file to the user who needs it: medic node certs fix --dry-run"));
            }
        }
    }

    private static String flat(io.etcdmedic.document.Document value) {
        return switch (value) {
            case io.etcdmedic.document.Document.Text text -> text.text();
            case io.etcdmedic.document.Document.Sequence s ->
                String.join("\n", s.elements().stream().map(ModuleCheck::flat).toList());
            case io.etcdmedic.document.Document.Mapping m ->
                String.join(
                        "\n",
                        m.fields().values().stream().map(ModuleCheck::flat).toList());
            case io.etcdmedic.document.Document.Whole _,
                    io.etcdmedic.document.Document.Decimal _,
                    io.etcdmedic.document.Document.Truth _,
                    io.etcdmedic.document.Document.Nil _,
                    io.etcdmedic.document.Document.Redacted _ -> "";
        };
    }

    private void startScript() {
        String option = "systemd.services.kubelet.preStart";
        Optional<String> script = nix.text(option);
        if (script.isEmpty()) {
            return;
        }
        boolean replaced = nix.isSet(option);
        if (WIPES.matcher(script.get()).find()) {
            findings.add(error("nix/cni-wiped", option)
                    .evidence(
                            replaced
                                    ? "it removes everything in /opt/cni/bin"
                                    : "it is the module's own, which removes everything in /opt/cni/bin and links NixOS' plugins")
                    .consequence(
                            "At every start of the kubelet the CNI's own plugins (calico, cilium) are gone, and no pod gets a"
                                    + " network until the CNI's pod on this node starts anew.")
                    .cure(
                            "systemd.services.kubelet.preStart = lib.mkForce with the images' seeding and without the rm; medic node"
                                    + " nix generate writes it"));
        }
        if (replaced && !SEEDS.matcher(script.get()).find()) {
            findings.add(error("nix/pause-unseeded", option)
                    .evidence("it is replaced, and imports no image")
                    .consequence(
                            "The sandbox image is built by NixOS and lies in no registry: once it is collected, no pod"
                                    + " starts any more.")
                    .cure("import it there: for image in config.services.kubernetes.kubelet.seedDockerImages"
                            + " (medic node nix generate writes it)"));
        }
        if (replaced) {
            leftOut(option, script.get());
        }
        if (replaced && !MAKES.matcher(script.get()).find() && !isFolderMade()) {
            boolean names = NAMES.matcher(script.get()).find();
            findings.add(warning("nix/cni-folder", option)
                    .evidence("it is replaced, %s"
                            .formatted(
                                    names
                                            ? "works in /opt/cni/bin, and does not make it"
                                            : "and does not make /opt/cni/bin"))
                    .consequence(
                            names
                                    ? "On a fresh system the folder is not there until the CNI makes it: a command that"
                                            + " works in it fails, and with it the kubelet's start, or leaves a file or"
                                            + " link of that name, where no plugin can be put."
                                    : "On a fresh system the folder is not there until the CNI makes it, and links to it"
                                            + " dangle.")
                    .cure("mkdir -p /opt/cni/bin"));
        }
    }

    private boolean isFolderMade() {
        return nix.isSet("systemd.tmpfiles.rules")
                && nix.texts("systemd.tmpfiles.rules").stream()
                        .flatMap(line -> TmpfilesRule.parse(line).stream())
                        .anyMatch(rule -> rule.isFolder() && rule.path().equals("/opt/cni/bin"));
    }

    /// What the replaced script no longer does, and what not every ctr does.
    private void leftOut(String option, String script) {
        if (SEEDS.matcher(script).find() && script.contains("--label")) {
            findings.add(warning("nix/pause-label", option)
                    .evidence("it calls ctr image import --label, which only containerd 2.x has")
                    .consequence(
                            "With containerd 1.x the line fails with \"flag provided but not defined: -label\", and the"
                                    + " kubelet does not start.")
                    .cure("ctr image import, then ctr image label (medic node nix generate writes it)"));
        }
        if (!script.contains("cni-plugins") && !WIPES.matcher(script).find()) {
            findings.add(warning("nix/cni-plugins", option)
                    .evidence("it is replaced, and links none of NixOS' cni-plugins")
                    .consequence(
                            "loopback, host-local, portmap and bandwidth are there only if the cluster's CNI installs them"
                                    + " itself; without loopback no pod starts.")
                    .cure("link those that are missing (medic node nix generate writes it)"));
        }
    }

    private void cniPackages() {
        String option = "services.kubernetes.kubelet.cni.packages";
        boolean emptied = nix.isSet(option)
                && nix.value(option)
                        .map(v -> v instanceof io.etcdmedic.document.Document.Sequence s
                                && s.elements().size() <= 2
                                && s.elements().stream()
                                        .allMatch(e -> e.text("name").orElse("").startsWith("cni-plugin")))
                        .orElse(false);
        if (emptied) {
            findings.add(warning("nix/cni-packages", option)
                    .evidence(
                            "it is set to [ ], or to what the module adds itself: lists of NixOS are joined, and the module adds"
                                    + " cni-plugins and cni-plugin-flannel")
                    .consequence(
                            "It changes nothing: the start script links these plugins, after it has removed all others.")
                    .cure("replace systemd.services.kubelet.preStart instead (lib.mkForce)"));
        }
    }

    private void sandbox() {
        for (Map.Entry<String, OptionValue> setting :
                nix.below("virtualisation.containerd.settings").entrySet()) {
            boolean isImage = setting.getKey().endsWith(".sandbox_image")
                    || setting.getKey().endsWith(".pinned_images.sandbox");
            Optional<String> image = setting.getValue().value().flatMap(NixConfiguration::scalar);
            if (isImage && image.isPresent()) {
                sandbox(setting.getValue(), image.get());
            }
        }
    }

    private void sandbox(OptionValue setting, String image) {
        boolean qualified = image.matches("[^/]+[.:][^/]*/.+[:@].+") || image.matches("localhost/.+[:@].+");
        if (!qualified) {
            findings.add(Finding.error("nix/pause-unqualified", setting.option() + setting.at())
                    .evidence("it is %s; containerd compares it as text with registry/repository:tag".formatted(image))
                    .consequence(
                            "The image is never taken for pinned: the kubelet collects it, and it cannot be pulled again.")
                    .cure(
                            "virtualisation.containerd.settings.plugins.\"io.containerd.grpc.v1.cri\".sandbox_image = \"docker.io/library/"
                                    + image.replaceFirst("^.*/", "") + "\";"));
        } else if (!setting.isSet()) {
            findings.add(Finding.warning("nix/pause-unqualified", setting.option())
                    .evidence(
                            "nothing sets it; nixpkgs before December 2025 (PR 470971) makes it pause:latest, unqualified")
                    .consequence(
                            "With an older nixpkgs the image is never pinned, gets collected, and cannot be pulled again.")
                    .cure(
                            "set it: virtualisation.containerd.settings.plugins.\"io.containerd.grpc.v1.cri\".sandbox_image ="
                                    + " \"docker.io/library/pause:latest\";"));
        }
    }

    private void cniFolder() {
        for (String option :
                List.of("services.kubernetes.kubelet.cni.config", "services.kubernetes.kubelet.cni.configDir")) {
            boolean isEmpty = nix.value(option)
                    .map(io.etcdmedic.document.Document.Sequence.EMPTY::equals)
                    .orElse(option.endsWith("Dir") && nix.method() == NixConfiguration.Method.EVALUATED);
            if (nix.isSet(option) && !isEmpty) {
                findings.add(warning("nix/cni-config", option)
                        .evidence("NixOS writes /etc/cni/net.d out of it, as a link into its store")
                        .consequence(
                                "The CNI cannot write its own configuration there, and containerd loads NixOS' one.")
                        .cure("leave it out while a CNI of the cluster writes /etc/cni/net.d"));
            }
        }
    }
}

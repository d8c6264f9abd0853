package io.etcdmedic.node.cni;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.finding.Severity;
import io.etcdmedic.host.FileContent;
import io.etcdmedic.host.FileMeta;
import io.etcdmedic.host.IoReason;
import io.etcdmedic.host.Machine;
import io.etcdmedic.node.KubeletStart;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.runtime.Containerd;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// `node cni check`: whether every pod gets its network, now and after the kubelet's next start.
public final class CniCheck {
    private static final String SNIPPET = "medic node cni restore --snippet";

    /// What the package cni-plugins brings, where the store is not at hand to be looked into.
    private static final Set<String> CNI_PLUGINS = Set.of(
            "bandwidth",
            "bridge",
            "dhcp",
            "dummy",
            "firewall",
            "host-device",
            "host-local",
            "ipvlan",
            "loopback",
            "macvlan",
            "portmap",
            "ptp",
            "sbr",
            "static",
            "tap",
            "tuning",
            "vlan",
            "vrf");

    private final NodeFacts facts;
    private final Machine machine;
    private final Containerd containerd;
    private final CniPods pods;
    private final NetworkConfigs configs;
    private final Set<String> needed;
    private final List<Finding> findings = new ArrayList<>();

    private CniCheck(NodeFacts facts, Containerd containerd, CniPods pods) {
        this.facts = facts;
        this.machine = facts.machine();
        this.containerd = containerd;
        this.pods = pods;
        this.configs = NetworkConfigs.of(
                machine, containerd.config().confFolder(), containerd.config().confFilesMax());
        this.needed = configs.types(!containerd.config().ownLoopback());
    }

    /// @param containerdConfig containerd's configuration file, where the operator names it
    /// @param pods the pods that install plugins, where a source says so
    public static List<Finding> of(NodeFacts facts, Optional<String> containerdConfig, CniPods pods) {
        CniCheck check = new CniCheck(facts, Containerd.of(facts, containerdConfig), pods);
        check.folder();
        check.files();
        check.plugins();
        check.wipe();
        check.modules();
        return check.findings;
    }

    private String confFolder() {
        return containerd.config().confFolder();
    }

    private List<String> binFolders() {
        return containerd.config().binFolders();
    }

    private void folder() {
        if (!containerd.isKnown()) {
            findings.add(Finding.unknown("cni/containerd", machine.name())
                    .evidence(containerd.trouble())
                    .consequence("The folders are taken to be %s and %s, the defaults."
                            .formatted(confFolder(), String.join(", ", binFolders()))));
        }
        Optional<FileMeta> folder = machine.look(confFolder());
        if (folder.isPresent()
                && folder.get().kind() == FileMeta.Kind.LINK
                && folder.get().linkTarget().startsWith("/nix/store/")) {
            findings.add(Finding.error("cni/folder", confFolder())
                    .evidence("it is a link to " + folder.get().linkTarget() + ", which cannot be written to")
                    .consequence("The CNI's installer cannot write its configuration there, so pods get no network"
                            + " or that of another plugin.")
                    .cure("set environment.etc.\"cni/net.d\".enable = lib.mkForce false; and make the folder")
                    .cause("the NixOS module puts its cni.config there"));
        }
    }

    private void files() {
        if (configs.files().isEmpty()) {
            findings.add(Finding.error("cni/config", confFolder())
                    .evidence("it holds no .conflist, .conf or .json")
                    .consequence("The node stays NotReady (\"cni plugin not initialized\"), and no pod gets a network.")
                    .cure(pods.restart(facts, needed)));
            return;
        }
        for (NetworkConfigs.File file : configs.inForce()) {
            if (IoReason.isDenied(file.trouble())) {
                findings.add(Finding.unknown("cni/config", file.path())
                        .evidence(file.trouble())
                        .consequence("Which plugins it names is not known.")
                        .cure("run it as root"));
            } else if (!file.trouble().isEmpty()) {
                findings.add(Finding.error("cni/config", file.path())
                        .evidence(file.trouble())
                        .consequence("containerd does not load the networks of this folder while it is like this.")
                        .cure(pods.restart(facts, needed)));
            }
        }
        String names = configs.files().stream().map(NetworkConfigs.File::path).collect(Collectors.joining(", "));
        if (configs.loaded() > 1) {
            findings.add(Finding.error("cni/config", confFolder())
                    .evidence("max_conf_num = %d loads %d configurations: %s"
                            .formatted(containerd.config().confFilesMax(), configs.loaded(), names))
                    .consequence("Each pod is attached to all of them, or fails when one of them does.")
                    .cure("move all but one away, or set max_conf_num = 1 in containerd's settings")
                    .cause("the NixOS module loads every file; what RKE1 and other plugins left is among them"));
        } else if (configs.files().size() > 1) {
            findings.add(Finding.warning("cni/config", confFolder())
                    .evidence("only the first of %s is loaded".formatted(names))
                    .consequence("A file that sorts before it would take the network over."));
        }
    }

    private void plugins() {
        Plugins plugins = Plugins.of(machine, binFolders());
        int right = 0;
        for (String type : needed) {
            Plugins.Plugin plugin = plugins.named(type);
            if (plugin.runs()) {
                right++;
                continue;
            }
            findings.add(Finding.error("cni/plugin", plugin.path())
                    .evidence(plugin.trouble())
                    .consequence(
                            "No pod starts: plugin type=\"%s\" failed (add): failed to find plugin \"%s\" in path %s"
                                    .formatted(type, type, binFolders()))
                    .cure(pods.restart(facts, needed) + "; or from a copy: medic node cni restore DIR"));
        }
        Set<String> built = needed.stream()
                .flatMap(type -> plugins.built(type).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        if (plugins.processor().isEmpty() && !built.isEmpty()) {
            findings.add(Finding.unknown("cni/processor", machine.name())
                    .evidence("the plugins were built for %s; no program of the machine and no uname says what it is"
                            .formatted(String.join(" and for ", built)))
                    .consequence("Whether they run on this node is not known.")
                    .cure("compare with uname -m on the node"));
        }
        if (right > 0 && right == needed.size()) {
            findings.add(Finding.ok("cni/plugin", String.join(", ", binFolders()))
                    .evidence("all that the loaded configuration names can run: " + String.join(", ", needed)));
        }
    }

    private void wipe() {
        Optional<KubeletStart> start = KubeletStart.of(facts);
        Optional<String> wipe = start.flatMap(KubeletStart::wipe);
        if (wipe.isEmpty()) {
            start.ifPresent(s -> findings.add(
                    Finding.ok("cni/wipe", s.unit()).evidence("what runs before the kubelet removes no plugin")));
            return;
        }
        Set<String> lost = new TreeSet<>(needed);
        start.get().linked().forEach(link -> lost.removeAll(brought(link)));
        boolean loses = !lost.isEmpty() || needed.isEmpty();
        findings.add(Finding.of(
                        loses ? Severity.ERROR : Severity.WARNING,
                        "cni/wipe",
                        start.get().unit())
                .evidence("before each start of the kubelet it runs `%s`%s"
                        .formatted(
                                wipe.get(),
                                lost.isEmpty() ? "" : ", and does not bring back " + String.join(", ", lost)))
                .consequence(
                        loses
                                ? "After each start of the kubelet no pod of this node gets a network, until the pod"
                                        + " that installs the plugins is restarted."
                                : "What is not of the store is removed at each start of the kubelet.")
                .cure(SNIPPET)
                .cause("the NixOS module's preStart; `cni.packages = []` changes nothing, because lists merge"));
    }

    /// The names that `/nix/store/…/bin/*` stands for.
    private Set<String> brought(String link) {
        String folder = link.substring(0, link.lastIndexOf('/') + 1);
        Set<String> names = new TreeSet<>(machine.list(folder));
        if (names.isEmpty()) {
            names.addAll(
                    link.contains("flannel")
                            ? Set.of("flannel")
                            : link.contains("cni-plugins") ? CNI_PLUGINS : Set.of());
        }
        return names;
    }

    /// The module texts on the machine, as far as they can be read without nix.
    private void modules() {
        for (String path : ModuleTexts.of(machine)) {
            String text = machine.read(path) instanceof FileContent.Present file ? file.text() : "";
            if (ModuleTexts.EMPTY_PACKAGES.matcher(text).find()) {
                findings.add(Finding.warning("cni/packages", path)
                        .evidence("it sets cni.packages = []")
                        .consequence("That changes nothing: the list is merged with the module's own, and the start"
                                + " script still removes every other plugin.")
                        .cure(SNIPPET));
            }
            ModuleTexts.forcedStart(text)
                    .filter(script -> !script.contains("image import"))
                    .ifPresent(_ -> findings.add(Finding.error("cni/start", path)
                            .evidence("it replaces the kubelet's preStart (mkForce) and imports no pause image there")
                            .consequence(
                                    "The module's own seeding is lost with it: once the pause image is gone, no pod"
                                            + " starts on the node.")
                            .cure(SNIPPET)));
        }
    }
}

package io.etcdmedic.node.nix;

import static io.etcdmedic.installation.Component.APISERVER;
import static io.etcdmedic.installation.Component.CONTROLLER_MANAGER;
import static io.etcdmedic.installation.Component.KUBELET;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.host.FileMeta;
import io.etcdmedic.installation.Distribution;
import io.etcdmedic.node.runtime.Containerd;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Options whose value does something else in the unit than it says, or that the modules set behind one's back.
///
/// Source: nixpkgs nixos/modules/services/cluster/kubernetes/default.nix, apiserver.nix, kubelet.nix.
final class OptionCheck {
    private static final String UNSCHEDULABLE = "services.kubernetes.kubelet.unschedulable";
    private static final String NET_D = "/etc/cni/net.d";
    private static final Pattern NET_D_OFF = Pattern.compile(
            "(?m)^[^#\\n]*\"cni/net\\.d\"(?:\\s*=\\s*\\{\\s*|\\.)enable\\s*=\\s*(?:lib\\.)?(?:mkForce\\s+)?false\\b");
    private final Judged judged;
    private final NixConfiguration nix;
    private final List<Finding> findings = new ArrayList<>();

    private OptionCheck(Judged judged, NixConfiguration nix) {
        this.judged = judged;
        this.nix = nix;
    }

    static List<Finding> of(Judged judged) {
        if (judged.nix().isEmpty()) {
            return List.of();
        }
        OptionCheck check = new OptionCheck(judged, judged.nix().get());
        check.words();
        if (judged.planned().has(APISERVER)) {
            check.required();
        }
        if (judged.planned().has(KUBELET)) {
            check.taint();
            check.networkFolder();
            check.runtime();
        }
        if (judged.planned().has(CONTROLLER_MANAGER)) {
            check.signer();
        }
        return check.findings;
    }

    /// The modules write an option's text into ExecStart as it is, and systemd splits it at blanks.
    private void words() {
        for (FlagRule rule : FlagRule.all()) {
            if (rule.option().isEmpty()
                    || !CommandLine.isWord(rule)
                    || !judged.planned().has(rule.component())) {
                continue;
            }
            String text = String.join(",", nix.texts(rule.option()));
            if (CommandLine.words("=" + text).size() > 1) {
                findings.add(Finding.error("nix/words", rule.option() + nix.at(rule.option()))
                        .evidence("'%s' has a blank; systemd makes two arguments of it".formatted(text))
                        .consequence(rule.component().program() + " gets --" + rule.flag() + "="
                                + CommandLine.words("=" + text).getFirst().substring(1)
                                + ", and a stray argument at which it ends.")
                        .cure("leave the blank out, or write it as \\\\x20"));
            }
        }
    }

    private void required() {
        for (String flag : List.of("service-account-key-file", "service-account-signing-key-file")) {
            String option = FlagRule.of(APISERVER, flag).orElseThrow().option();
            if (nix.option(option).isEmpty()) {
                findings.add(Finding.error("nix/required", option)
                        .evidence("nothing sets it, and it has no default")
                        .consequence("nixos-rebuild fails: the option is used and has no value.")
                        .cure(judged.planned()
                                .assignment(
                                        APISERVER,
                                        flag,
                                        judged.reference().flag(APISERVER, flag).orElse(""))));
            }
        }
    }

    /// `lib.all (role: role == "master") roles` holds for no roles at all, too.
    private void taint() {
        if (nix.isOn(UNSCHEDULABLE)) {
            findings.add(Finding.warning("nix/unschedulable", UNSCHEDULABLE + nix.at(UNSCHEDULABLE))
                    .evidence(
                            nix.isSet(UNSCHEDULABLE)
                                    ? "it is on"
                                    : "it is not set, and without roles the module's default is true")
                    .consequence(
                            "A Node that has to register anew gets the taint unschedulable=true:NoSchedule, and takes"
                                    + " no pods; an existing Node keeps its taints.")
                    .cure(UNSCHEDULABLE + " = false;"));
        }
    }

    /// The module makes it a link into the store, where only NixOS' own flannel needs no writing.
    private void networkFolder() {
        if (nix.isOn("services.kubernetes.flannel.enable") || isNetworkFolderOff() || survives()) {
            return;
        }
        String configuration = String.join(", ", judged.facts().machine().list(NET_D));
        findings.add(Finding.warning("nix/cni-config", "environment.etc.\"cni/net.d\"")
                .evidence("the kubelet module makes it a link into NixOS' store, and %s"
                        .formatted(
                                !judged.hasFiles() && configuration.isEmpty()
                                        ? "what the node has there is not known here"
                                        : configuration.isEmpty()
                                                ? "%s has no folder %s with a configuration"
                                                        .formatted(
                                                                judged.facts()
                                                                        .machine()
                                                                        .name(),
                                                                NET_D)
                                                : "today's folder with %s stays only if NixOS is set up over this /etc"
                                                        .formatted(configuration)))
                .consequence("The cluster's CNI cannot write its configuration there, and the node stays NotReady.")
                .cure("environment.etc.\"cni/net.d\".enable = lib.mkForce false;"));
    }

    /// A flag that literals cannot tell, but that the text speaks of, is believed.
    private boolean isNetworkFolderOff() {
        boolean said = nix.value("environment.etc")
                .flatMap(etc -> etc.at("cni/net.d", "enable"))
                .filter(io.etcdmedic.document.Document.Truth.FALSE::equals)
                .isPresent();
        return said
                || nix.method() == NixConfiguration.Method.LITERALS
                        && nix.sources().stream()
                                .anyMatch(text -> NET_D_OFF.matcher(text).find());
    }

    /// NixOS does not replace a folder that holds files of others by a link. Source: nixpkgs setup-etc.pl.
    private boolean survives() {
        return judged.facts().installation().is(Distribution.NIXOS)
                && judged.facts()
                        .machine()
                        .look(NET_D)
                        .filter(FileMeta::isFolder)
                        .isPresent()
                && !judged.facts().machine().list(NET_D).isEmpty();
    }

    /// What containerd runs with today, where NixOS runs it already.
    private void runtime() {
        String file = "virtualisation.containerd.configFile";
        if (nix.isSet(file) && nix.value(file).isPresent()) {
            findings.add(Finding.warning("nix/containerd-file", file + nix.at(file))
                    .evidence("it is set: virtualisation.containerd.settings do not count")
                    .consequence("Which sandbox image and CNI folders containerd takes is said by that file alone.")
                    .cure("leave it out; or look at what counts: containerd config dump"));
        }
        Containerd running = Containerd.of(judged.facts(), Optional.empty());
        Optional<String> image = running.config().sandboxImage();
        if (judged.facts().unit(KUBELET).isEmpty() || !running.isKnown() || image.isEmpty()) {
            return;
        }
        nix.below("virtualisation.containerd.settings").forEach((name, option) -> {
            boolean isImage = name.endsWith(".sandbox_image") || name.endsWith(".pinned_images.sandbox");
            option.value()
                    .flatMap(NixConfiguration::scalar)
                    .filter(planned -> isImage && !planned.equals(image.get()))
                    .ifPresent(planned ->
                            findings.add(Finding.warning("nix/sandbox-differs", option.option() + option.at())
                                    .evidence("it is %s; containerd runs with %s (%s)"
                                            .formatted(planned, image.get(), running.from()))
                                    .consequence(
                                            "Until the next switch, and the restart of containerd, the module is not what runs.")
                                    .cure("nixos-rebuild switch; then look at containerd config dump")));
        });
    }

    private void signer() {
        Optional<String> key = judged.planned()
                .flag(CONTROLLER_MANAGER, "cluster-signing-key-file")
                .filter(path -> path.endsWith("/kube-ca-key.pem"));
        key.ifPresent(path -> findings.add(judged.error("nix/ca-key", CONTROLLER_MANAGER, "cluster-signing-key-file")
                .evidence("it is %s, and NixOS runs the controller manager as the user kubernetes".formatted(path))
                .consequence("Root's file is refused to it, and it ends at start; given to it, whoever takes over any"
                        + " service of this user is the cluster's administrator.")
                .cure("leave the flag out; sign certificate requests by hand, where the key is kept")));
    }
}

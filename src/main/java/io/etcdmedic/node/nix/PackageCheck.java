package io.etcdmedic.node.nix;

import static io.etcdmedic.installation.Component.APISERVER;
import static io.etcdmedic.installation.Component.ETCD;

import io.etcdmedic.document.Document;
import io.etcdmedic.finding.Finding;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Part;
import io.etcdmedic.node.version.EtcdSteps;
import io.etcdmedic.node.version.KubernetesVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which packages the module runs: pinned, whole, and one step away at most.
final class PackageCheck {
    private static final String KUBERNETES = "services.kubernetes.package";
    private static final String ETCD_PACKAGE = "services.etcd.package";

    /// What services.etcd.package is where nothing sets it, since nixpkgs PR 460930 (25.11).
    static final KubernetesVersion ETCD_DEFAULT = KubernetesVersion.minor(3, 6);

    private final Judged judged;
    private final NixConfiguration nix;
    private final List<Finding> findings = new ArrayList<>();

    private PackageCheck(Judged judged, NixConfiguration nix) {
        this.judged = judged;
        this.nix = nix;
    }

    static List<Finding> of(Judged judged) {
        if (judged.nix().isEmpty()) {
            return List.of();
        }
        PackageCheck check = new PackageCheck(judged, judged.nix().get());
        if (check.nix.isNode()) {
            check.pinned();
            check.step();
        }
        if (judged.planned().has(ETCD)) {
            check.etcd();
        }
        check.inputs();
        return check.findings;
    }

    /// The version of Kubernetes that the module would run, where its files say it.
    static Optional<KubernetesVersion> planned(Judged judged) {
        return judged.nix()
                .flatMap(n -> n.value(KUBERNETES))
                .flatMap(p -> p.text("version"))
                .flatMap(KubernetesVersion::parse)
                .or(() -> judged.nix().isPresent()
                        ? Optional.empty()
                        : judged.facts()
                                .unit(Component.KUBELET)
                                .flatMap(Part::version)
                                .flatMap(KubernetesVersion::parse));
    }

    private void pinned() {
        Document pack = nix.value(KUBERNETES).orElse(Document.Nil.NULL);
        String version = pack.text("version").orElse("");
        String rev = pack.text("rev").orElse("");
        String hash = pack.text("hash").orElse("");
        String label = pack.text("package").orElse("");
        if (version.isEmpty()) {
            boolean ownInput = !label.isEmpty()
                    && nix.option(KUBERNETES).map(OptionValue::isSet).orElse(false)
                    && nix.inputs().keySet().stream().anyMatch(i -> i.contains("k8s") || i.contains("kubernetes"));
            boolean held = nix.value("assertions").stream()
                    .flatMap(a -> a.list().stream())
                    .anyMatch(a -> a.text("message").orElse("").contains(KUBERNETES));
            if (!ownInput && !held) {
                findings.add(Finding.warning("nix/unpinned", KUBERNETES + nix.at(KUBERNETES))
                        .evidence(
                                nix.isSet(KUBERNETES)
                                        ? "it is nixpkgs' own kubernetes, of whatever version the input has"
                                        : "nothing sets it: it is nixpkgs' own kubernetes")
                        .consequence(
                                "A `nix flake update` can move every part of this host to the next minor at once, before the"
                                        + " other apiservers.")
                        .cure("medic node version pin VERSION"));
            }
            return;
        }
        if (!rev.isEmpty() && !rev.equals("v" + version)) {
            findings.add(Finding.error("nix/pin", KUBERNETES + nix.at(KUBERNETES))
                    .evidence("version is %s, and the source's rev is %s".formatted(version, rev))
                    .consequence("The programs are built from %s and call themselves %s.".formatted(rev, version))
                    .cure("rev = \"v${version}\";"));
        }
        if (pack.truth("overridden").orElse(false)) {
            hash(version, rev, hash);
        }
    }

    private void hash(String version, String rev, String hash) {
        if (rev.isEmpty()) {
            findings.add(Finding.error("nix/pin", KUBERNETES + nix.at(KUBERNETES))
                    .evidence("version is overridden with %s, and src is not".formatted(version))
                    .consequence("The old source is built and calls itself " + version + ".")
                    .cure("override src, too: medic node version pin " + version));
        } else if (hash.isEmpty() || !hash.matches("(sha256-)?[A-Za-z0-9+/]{43}=|[0-9a-z]{52}|[0-9a-f]{64}")) {
            findings.add(Finding.error("nix/pin", KUBERNETES + nix.at(KUBERNETES))
                    .evidence(
                            hash.isEmpty() ? "the source has no hash" : "'" + NixText.comment(hash) + "' is no SHA-256")
                    .consequence("The source cannot be fetched: nix refuses it.")
                    .cure("nix-prefetch-url --unpack https://github.com/kubernetes/kubernetes/archive/v" + version
                            + ".tar.gz"));
        } else {
            findings.add(Finding.warning("nix/pin-hash", KUBERNETES + nix.at(KUBERNETES))
                    .evidence("version %s with a hash typed by hand, %s…".formatted(version, hash.substring(0, 12)))
                    .consequence(
                            "A hash left over from an earlier version builds that version's source without a word, when it is"
                                    + " in the store already.")
                    .cure("after the build: kubelet --version must say v" + version
                            + "; or pin by a second nixpkgs input"));
        }
    }

    private void step() {
        Optional<KubernetesVersion> planned = planned(judged);
        Optional<KubernetesVersion> today = judged.facts()
                .old(APISERVER)
                .or(() -> judged.facts().old(Component.KUBELET))
                .flatMap(Part::version)
                .flatMap(KubernetesVersion::parse);
        if (planned.isEmpty() || today.isEmpty()) {
            return;
        }
        int ahead = planned.get().minorsAhead(today.get());
        if (ahead > 1 || ahead < 0) {
            findings.add(Finding.error("nix/version-step", KUBERNETES + nix.at(KUBERNETES))
                    .evidence("this node runs %s, the module %s: %s"
                            .formatted(
                                    today.get(), planned.get(), ahead < 0 ? "a step back" : ahead + " minors at once"))
                    .consequence(
                            ahead < 0
                                    ? "An older apiserver may not read what the newer one has stored."
                                    : "An apiserver skips no minor: objects in old storage versions become unreadable.")
                    .cure("medic node version check --target " + planned.get()));
        }
    }

    private void etcd() {
        Optional<KubernetesVersion> planned = nix.value(ETCD_PACKAGE)
                .flatMap(p -> p.text("version").filter(v -> !v.isEmpty()).or(() -> named(p)))
                .flatMap(KubernetesVersion::parse);
        boolean isDefault = !nix.isSet(ETCD_PACKAGE);
        Optional<KubernetesVersion> today =
                judged.facts().old(ETCD).flatMap(Part::version).flatMap(KubernetesVersion::parse);
        KubernetesVersion next = planned.orElse(ETCD_DEFAULT);
        if (today.isPresent() && (planned.isPresent() || isDefault)) {
            EtcdSteps.between(today.get(), next, judged.reference().flags(ETCD)).stream()
                    .map(step -> Finding.error("nix/etcd-version", ETCD_PACKAGE + nix.at(ETCD_PACKAGE))
                            .evidence("this member runs %s, the module %s%s: %s"
                                    .formatted(
                                            today.get(),
                                            next,
                                            isDefault ? " (its default since nixpkgs 25.11)" : "",
                                            step.why()))
                            .consequence(step.consequence())
                            .cure(step.cure()))
                    .forEach(findings::add);
        } else if (isDefault) {
            findings.add(Finding.warning("nix/etcd-version", ETCD_PACKAGE)
                    .evidence(
                            "nothing sets it, and it is etcd 3.6 since nixpkgs 25.11; which version the member runs is not known"
                                    + " here (RKE1's are 3.4 or 3.5)")
                    .consequence("A member of 3.4, or of 3.5 before 3.5.32, must not be started with 3.6.")
                    .cure("services.etcd.package = pkgs.etcd_3_5; and go on step by step"));
        }
    }

    /// `pkgs.etcd_3_5` is a 3.5.
    private static Optional<String> named(Document pack) {
        return pack.text("name")
                .filter(n -> n.matches("etcd_\\d+_\\d+"))
                .map(n -> n.substring("etcd_".length()).replace('_', '.'));
    }

    private void inputs() {
        for (Map.Entry<String, String> input : nix.inputs().entrySet()) {
            String url = input.getValue();
            boolean nixpkgs = url.matches("(?i)github:nixos/nixpkgs(/.*)?");
            boolean fixed =
                    url.matches("(?i)github:nixos/nixpkgs/([0-9a-f]{40}|(nixos|release)-\\d\\d\\.\\d\\d(-small)?).*");
            if (nixpkgs && !fixed) {
                findings.add(
                        Finding.warning("nix/input", "inputs." + input.getKey())
                                .evidence(url + " follows nixpkgs' development")
                                .consequence(
                                        "Each `nix flake update` may move Kubernetes, etcd and containerd to a new minor.")
                                .cure(
                                        "name a release: github:NixOS/nixpkgs/nixos-26.05; and pin Kubernetes (medic node version pin)"));
            }
        }
    }
}

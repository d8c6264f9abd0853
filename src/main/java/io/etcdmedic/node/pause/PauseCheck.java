package io.etcdmedic.node.pause;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.finding.Severity;
import io.etcdmedic.host.ToolAnswer;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Part;
import io.etcdmedic.node.KubeletStart;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.runtime.Containerd;
import io.etcdmedic.node.runtime.Cri;
import io.etcdmedic.node.runtime.ImageList;
import io.etcdmedic.node.runtime.ImageName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `node pause check`: whether every pod will still find its pause image tomorrow.
public final class PauseCheck {
    private static final String SNIPPET = "medic node pause pin --snippet";
    private final NodeFacts facts;
    private final Containerd containerd;
    private final ImageList images;
    private final Optional<String> version;
    private final Cri cri;
    private final List<Finding> findings = new ArrayList<>();

    private PauseCheck(NodeFacts facts, Containerd containerd) {
        this.facts = facts;
        this.containerd = containerd;
        this.images = containerd.isKnown() ? containerd.images() : ImageList.of(new ToolAnswer.Missing(""));
        // A daemon that does not answer one question is not asked the next.
        boolean answers = containerd.isKnown() && images.trouble().isEmpty();
        this.version = answers ? containerd.version() : containerd.builtVersion();
        this.cri = answers ? containerd.cri() : Cri.SILENT;
    }

    public static List<Finding> of(NodeFacts facts, Optional<String> containerdConfig) {
        PauseCheck check = new PauseCheck(facts, Containerd.of(facts, containerdConfig));
        check.flag();
        check.runtime();
        return check.findings;
    }

    private void runtime() {
        if (!containerd.isKnown()) {
            findings.add(Finding.unknown("pause/containerd", facts.machine().name())
                    .evidence(containerd.trouble())
                    .consequence(
                            facts.docker().found().isEmpty()
                                    ? "Which pause image pods are made with is not known."
                                    : "RKE1's pods live in Docker: containerd begins with an empty image store, so the"
                                            + " pause image must be seeded.")
                    .cure("judge again after the first NixOS switch: medic node pause check"));
            seeding("docker.io/library/pause:latest");
            return;
        }
        if (!containerd.trouble().isEmpty()) {
            findings.add(Finding.unknown("pause/containerd", containerd.from())
                    .evidence(containerd.trouble())
                    .consequence("The configuration is taken from " + containerd.from()
                            + ", which the running containerd may not have."));
        }
        Optional<String> configured = containerd.config().sandboxImage();
        if (configured.isEmpty()) {
            findings.add(Finding.unknown("pause/reference", containerd.from())
                    .evidence("no sandbox image is configured: containerd takes the one that it was built with")
                    .consequence("Which image that is depends on containerd's version, and a registry must have it.")
                    .cure("name it: " + SNIPPET));
            return;
        }
        reference(configured.get());
        running(configured.get());
        image(configured.get());
        seeding(configured.get());
    }

    /// Source: containerd internal/cri/server/images (2.x compares the configured text with the full name,
    /// containerd#13314); 1.7 completes the name first, measured with 1.7.24.
    private void reference(String configured) {
        if (ImageName.isFull(configured)) {
            findings.add(Finding.ok("pause/reference", configured).evidence("named in full in " + containerd.from()));
            return;
        }
        boolean completes = version.map(v -> v.startsWith("1.")).orElse(false);
        findings.add(Finding.of(completes ? Severity.WARNING : Severity.ERROR, "pause/reference", configured)
                .evidence("the sandbox image in %s is not named in full: that would be %s"
                        .formatted(containerd.from(), ImageName.full(configured)))
                .consequence("containerd 2 compares this text with full names, so it never pins the image: the kubelet"
                        + " collects it when the disk fills, and no pod starts on the node after that.")
                .cure(SNIPPET)
                .cause("nixpkgs named it pause:latest until PR 470971; containerd#13314"));
    }

    /// A file that changed since containerd started is not what pods are made with.
    private void running(String configured) {
        if (!cri.trouble().isEmpty()) {
            findings.add(Finding.unknown("pause/cri", containerd.config().address())
                    .evidence(cri.trouble())
                    .consequence("What the kubelet is told of the pause image is not known; ctr's words are taken.")
                    .cure("make `crictl info` answer and judge again"));
        }
        cri.sandboxImage()
                .filter(image -> !ImageName.full(image).equals(ImageName.full(configured)))
                .ifPresent(image -> findings.add(Finding.error("pause/reference", configured)
                        .evidence("%s names it, and the containerd that runs makes pods with %s (crictl info)"
                                .formatted(containerd.from(), image))
                        .consequence("Pods need %s until containerd is started again, and %s afterwards."
                                .formatted(image, configured))
                        .cure("systemctl restart containerd (pods go on running)")));
    }

    private void image(String configured) {
        String reference = ImageName.full(configured);
        ImageList list = images;
        if (!list.trouble().isEmpty()) {
            findings.add(Finding.unknown("pause/image", reference)
                    .evidence(list.trouble())
                    .consequence("Whether containerd has the image, and has it pinned, is not known.")
                    .cure("make `ctr -n k8s.io images ls` answer (systemctl start containerd) and judge again"));
            return;
        }
        Optional<ImageList.Image> image = list.named(reference);
        if (image.isEmpty()) {
            absent(reference);
        } else {
            pinned(list, image.get());
        }
    }

    private void absent(String reference) {
        boolean unpullable = ImageName.isBuiltHere(reference);
        findings.add(Finding.of(unpullable ? Severity.ERROR : Severity.WARNING, "pause/image", reference)
                .evidence("containerd does not have it")
                .consequence(
                        unpullable
                                ? "No pod starts: \"failed to get sandbox image\"; the name is one that NixOS builds"
                                        + " locally, and no registry has it."
                                : "The next pod waits for its registry; without the network no pod starts.")
                .cure("medic node pause pin --image FILE"));
    }

    private void pinned(ImageList list, ImageList.Image image) {
        if (version.map(v -> v.equals("1.6")).orElse(false)) {
            findings.add(Finding.warning("pause/pinned", image.reference())
                    .evidence("containerd 1.6 does not tell the kubelet of pins, whatever the label says")
                    .consequence("The kubelet may collect the image when the disk fills.")
                    .cure("use containerd 1.7 or later; until then seed the image at each start: " + SNIPPET));
        } else if (list.isPinned(image) && cri.isPinned(image.reference()).equals(Optional.of(false))) {
            findings.add(Finding.error("pause/pinned", image.reference())
                    .evidence("it carries %s, and CRI does not call it pinned (crictl images)".formatted(ImageList.PIN))
                    .consequence("The kubelet goes by what CRI says, and collects the image when the disk fills.")
                    .cure("systemctl restart containerd: up to 1.7.8 it does not follow a label that is set later")
                    .cause("containerd#9328"));
        } else if (list.isPinned(image)) {
            findings.add(Finding.ok("pause/pinned", image.reference()).evidence("it carries " + ImageList.PIN));
        } else {
            findings.add(Finding.error("pause/pinned", image.reference())
                    .evidence("containerd has it without the label " + ImageList.PIN)
                    .consequence("It will be collected when the disk fills above the kubelet's threshold (85 %), and no"
                            + " pod starts after that.")
                    .cure("medic node pause pin"));
        }
    }

    private void seeding(String configured) {
        Optional<KubeletStart> start = KubeletStart.of(facts);
        if (start.isEmpty()) {
            return;
        }
        List<KubeletStart.Import> imports = start.get().imports();
        if (imports.isEmpty()) {
            boolean unpullable = ImageName.isBuiltHere(configured);
            findings.add(Finding.of(
                            unpullable ? Severity.ERROR : Severity.WARNING,
                            "pause/seeded",
                            start.get().unit())
                    .evidence("what runs before the kubelet imports no image")
                    .consequence("Once the pause image is lost (a new disk, a collection) nothing brings it back"
                            + (unpullable ? ", and no registry has it." : " but its registry."))
                    .cure(SNIPPET)
                    .cause("`mkForce preStart` replaces the module's script, its seeding lines included"));
        }
        for (KubeletStart.Import found : imports) {
            if (found.withLabel() && !knowsImportLabel(found)) {
                findings.add(Finding.error("pause/seeded", start.get().unit())
                        .evidence("it calls %s image import --label, which only ctr 2.x knows".formatted(found.ctr()))
                        .consequence("The line fails with \"flag provided but not defined: -label\": the image is not"
                                + " imported, and with `set -e` the kubelet does not start.")
                        .cure("import, then `ctr image label`: " + SNIPPET));
                return;
            }
        }
        if (!imports.isEmpty()) {
            findings.add(Finding.ok("pause/seeded", start.get().unit()).evidence("it imports an image at each start"));
        }
    }

    /// The version of the `ctr` that is called, by its store path, else that of the daemon; unknown is believed.
    private boolean knowsImportLabel(KubeletStart.Import found) {
        if (found.ctr().contains("-containerd-")) {
            return !found.ctr().contains("-containerd-1.");
        }
        return version.map(v -> !v.startsWith("1.")).orElse(true);
    }

    /// The flag went with kubelet 1.35. Source: CHANGELOG-1.36; nixpkgs PR 470971.
    private void flag() {
        for (Part kubelet : facts.installation().parts(Component.KUBELET)) {
            Optional<String> image = kubelet.flags().get("pod-infra-container-image");
            if (image.isEmpty()) {
                continue;
            }
            Optional<Integer> minor = kubelet.version().map(v -> Integer.parseInt(v.split("\\.")[1]));
            Severity severity = minor.isPresent() && minor.get() >= 35 ? Severity.ERROR : Severity.WARNING;
            findings.add(Finding.of(
                            severity,
                            "pause/flag",
                            "%s %s".formatted(kubelet.origin().words(), kubelet.where()))
                    .evidence("--pod-infra-container-image=%s is given to kubelet %s"
                            .formatted(image.get(), kubelet.version().orElse("(version not known)")))
                    .consequence(
                            severity == Severity.ERROR
                                    ? "The kubelet ends at start with \"unknown flag: --pod-infra-container-image\", over and over."
                                    : "From kubelet 1.35 on it is unknown, and the kubelet would end at start.")
                    .cure("use a nixpkgs with PR 470971 (merged December 2025), or take the flag out of the unit")
                    .cause("the NixOS module of before PR 470971 with a newer kubelet"));
        }
    }
}

package io.etcdmedic.node.pause;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.Tools;
import io.etcdmedic.node.HostPlan;
import io.etcdmedic.node.KubeletStart;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.runtime.Containerd;
import io.etcdmedic.node.runtime.ImageList;
import io.etcdmedic.node.runtime.ImageName;
import io.etcdmedic.repair.plan.Check;
import io.etcdmedic.repair.plan.Frame;
import io.etcdmedic.repair.plan.HostChange;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.Wait;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `node pause pin`: plans to import the pause image and to label it, so that the kubelet never collects it.
///
/// The label is set after the import: `ctr image import --label` is only in ctr 2.x.
public final class PausePin {
    private static final String OPERATION = "planning to pin the pause image";
    private static final Duration CRI_FOLLOWS = Duration.ofSeconds(10);
    private final NodeFacts facts;
    private final Containerd containerd;
    private final String ctr;
    private final String reference;

    private PausePin(NodeFacts facts, Containerd containerd, String ctr, String reference) {
        this.facts = facts;
        this.containerd = containerd;
        this.ctr = ctr;
        this.reference = reference;
    }

    /// @param containerdConfig containerd's configuration file, where the operator names it
    /// @param archive a tar of the image, as `docker save` or nix build it
    /// @throws Failure.Refused when nothing says which image, or where to get it from
    /// @throws Failure.Unreachable when containerd does not answer
    public static PlanDraft plan(NodeFacts facts, Optional<String> containerdConfig, Optional<Path> archive) {
        Containerd containerd = Containerd.of(facts, containerdConfig);
        String configured = containerd
                .config()
                .sandboxImage()
                .orElseThrow(() -> new Failure.Refused(Problem.in(OPERATION)
                        .found(containerd.isKnown() ? "no sandbox image in " + containerd.from() : containerd.trouble())
                        .expected("a sandbox image in containerd's configuration")
                        .hint("name one: medic node pause pin --snippet")));
        String ctr = Tools.find(containerd.ctr())
                .map(Path::toString)
                .orElseThrow(() -> new Failure.Unreachable(
                        Problem.in(OPERATION).found("ctr is not installed").expected("the ctr of containerd")));
        return new PausePin(facts, containerd, ctr, ImageName.full(configured)).draft(configured, archive);
    }

    private PlanDraft draft(String configured, Optional<Path> archive) {
        ImageList list = containerd.images();
        if (!list.trouble().isEmpty()) {
            throw new Failure.Unreachable(
                    Problem.in(OPERATION).found(list.trouble()).hint("systemctl start containerd"));
        }
        PlanDraft draft = HostPlan.draft("node pause pin", "pin " + reference)
                .note("sandbox image %s, by %s".formatted(configured, containerd.from()));
        if (!ImageName.isFull(configured)) {
            draft.warn("%s is not the full name: containerd 2 does not find it by its configuration; put %s there, too"
                    .formatted(configured, reference));
        }
        Optional<ImageList.Image> image = list.named(reference);
        if (image.isEmpty()) {
            draft.step(importing(archive.or(this::seeded).orElseThrow(this::nothingToImport)));
        }
        if (image.isEmpty() || !list.isPinned(image.get())) {
            draft.step(labelling());
            verification(draft);
        }
        return draft;
    }

    private Optional<Path> seeded() {
        return KubeletStart.of(facts).stream()
                .flatMap(start -> start.imports().stream())
                .flatMap(found -> found.archives().stream())
                .map(Path::of)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private Failure nothingToImport() {
        return new Failure.Refused(Problem.in(OPERATION)
                .found("containerd does not have %s, and the kubelet's unit seeds none".formatted(reference))
                .expected("an archive of the image")
                .hint(
                        ImageName.isBuiltHere(reference)
                                ? "--image FILE, a tar that nix build or docker save made; no registry has this image"
                                : "--image FILE, or pull it: ctr -n k8s.io images pull " + reference));
    }

    private HostChange.Command importing(Path archive) {
        if (!Files.isRegularFile(archive)) {
            throw new Failure.Refused(Problem.in(OPERATION).found("there is no file " + archive));
        }
        List<String> argv =
                command("import", archive.toAbsolutePath().normalize().toString());
        return new HostChange.Command(
                Frame.of("import %s from %s".formatted(reference, archive), "image " + reference),
                argv,
                ImageChecks.present(ctr, containerd.config().address(), reference),
                command("rm", reference));
    }

    private HostChange.Command labelling() {
        return new HostChange.Command(
                Frame.of("label %s with %s".formatted(reference, ImageList.PIN), "image " + reference),
                command("label", reference, ImageList.PIN),
                isPinned(),
                command("label", reference, ImageList.PIN.substring(0, ImageList.PIN.indexOf('=') + 1)));
    }

    private void verification(PlanDraft draft) {
        draft.verify(Wait.until(reference + " carries the pin", isPinned(), CRI_FOLLOWS));
        if (containerd.version().map(v -> v.equals("1.6")).orElse(false)) {
            draft.warn("containerd 1.6 keeps the label and does not tell the kubelet of it: the image may still be"
                    + " collected; seed it at each start of the kubelet (medic node pause pin --snippet)");
            return;
        }
        Optional<Path> crictl = Tools.find("crictl");
        if (crictl.isEmpty()) {
            draft.note("crictl is not installed: whether the kubelet sees the pin is not verified through CRI");
            return;
        }
        draft.verify(Wait.until(
                "CRI calls it pinned",
                ImageChecks.criPinned(
                        crictl.get().toString(), containerd.config().address(), reference),
                CRI_FOLLOWS));
    }

    private Check isPinned() {
        return ImageChecks.pinned(ctr, containerd.config().address(), reference);
    }

    private List<String> command(String... words) {
        List<String> argv = new ArrayList<>(
                List.of(ctr, "--address", containerd.config().address(), "--namespace", "k8s.io", "images"));
        argv.addAll(List.of(words));
        return argv;
    }
}

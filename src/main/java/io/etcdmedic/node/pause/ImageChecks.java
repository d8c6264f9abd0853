package io.etcdmedic.node.pause;

import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.host.Machine;
import io.etcdmedic.host.ToolAnswer;
import io.etcdmedic.host.ToolCall;
import io.etcdmedic.node.runtime.ImageList;
import io.etcdmedic.repair.NamedCheck;
import io.etcdmedic.repair.plan.Check;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The questions about an image that a plan asks: of `ctr`, and of CRI where `crictl` is there.
public final class ImageChecks {
    private static final String PRESENT = "node/image-present";
    private static final String PINNED = "node/image-pinned";
    private static final String CRI_PINNED = "node/image-pinned-for-kubelet";

    private ImageChecks() {}

    /// The code behind the questions, which looks at `machine`.
    public static Map<String, NamedCheck> named(Machine machine) {
        return Map.of(
                PRESENT, (_, _, arguments) -> present(machine, arguments),
                PINNED, (_, _, arguments) -> pinned(machine, arguments),
                CRI_PINNED, (_, _, arguments) -> criPinned(machine, arguments));
    }

    static Check present(String ctr, String address, String reference) {
        return check(PRESENT, ctr, address, reference);
    }

    static Check pinned(String ctr, String address, String reference) {
        return check(PINNED, ctr, address, reference);
    }

    static Check criPinned(String crictl, String address, String reference) {
        return check(CRI_PINNED, crictl, address, reference);
    }

    private static Check check(String name, String program, String address, String reference) {
        return new Check.Named(name, Map.of("program", program, "address", address, "reference", reference));
    }

    private static ImageList list(Machine machine, Map<String, String> arguments) {
        return ImageList.of(machine.run(ToolCall.of(
                arguments.getOrDefault("program", "ctr"),
                "--address",
                arguments.getOrDefault("address", ""),
                "--namespace",
                "k8s.io",
                "images",
                "ls")));
    }

    private static Optional<String> present(Machine machine, Map<String, String> arguments) {
        ImageList list = list(machine, arguments);
        String reference = arguments.getOrDefault("reference", "");
        if (!list.trouble().isEmpty()) {
            return Optional.of(list.trouble());
        }
        return list.named(reference).isPresent()
                ? Optional.empty()
                : Optional.of("containerd has no image " + reference);
    }

    private static Optional<String> pinned(Machine machine, Map<String, String> arguments) {
        ImageList list = list(machine, arguments);
        String reference = arguments.getOrDefault("reference", "");
        Optional<ImageList.Image> image = list.named(reference);
        if (image.isEmpty()) {
            return Optional.of(list.trouble().isEmpty() ? "containerd has no image " + reference : list.trouble());
        }
        return list.isPinned(image.get())
                ? Optional.empty()
                : Optional.of(reference + " does not carry " + ImageList.PIN);
    }

    /// Source: k8s.io/cri-api, Image.pinned, as `crictl images -o json` prints it.
    private static Optional<String> criPinned(Machine machine, Map<String, String> arguments) {
        ToolAnswer answer = machine.run(ToolCall.of(
                arguments.getOrDefault("program", "crictl"),
                "--runtime-endpoint",
                "unix://" + arguments.getOrDefault("address", ""),
                "images",
                "-o",
                "json"));
        if (!(answer instanceof ToolAnswer.Ran ran) || !ran.ok()) {
            return Optional.of("crictl images: " + answer.trouble());
        }
        String reference = arguments.getOrDefault("reference", "");
        try {
            List<Document> images = Json.read(ran.stdout()).list("images");
            Optional<Document> image = images.stream()
                    .filter(i -> i.texts("repoTags").contains(reference))
                    .findFirst();
            if (image.isEmpty()) {
                return Optional.of("CRI knows no image " + reference);
            }
            return image.get().truth("pinned").orElse(false)
                    ? Optional.empty()
                    : Optional.of("CRI does not call " + reference + " pinned");
        } catch (Failure.Corrupt notJson) {
            return Optional.of("crictl images: " + notJson.problem().message());
        }
    }
}

package io.etcdmedic.node.runtime;

import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.host.Machine;
import io.etcdmedic.host.ToolAnswer;
import io.etcdmedic.host.ToolCall;
import java.util.List;
import java.util.Optional;

/// What the containerd that runs tells the kubelet, asked by `crictl` where that is installed.
///
/// Source: cri-tools docs/crictl.md; k8s.io/cri-api runtime/v1, `Image.pinned`; containerd
/// internal/cri/server/status.go (`config.sandboxImage`, of containerd 1.x).
///
/// @param sandboxImage of the daemon, which its file may no longer name; empty when it does not say
/// @param images as `crictl images -o json` lists them
/// @param trouble why it said less; empty when it answered, or crictl is not installed
public record Cri(Optional<String> sandboxImage, List<Document> images, String trouble) {
    public static final Cri SILENT = new Cri(Optional.empty(), List.of(), "");

    public Cri {
        images = List.copyOf(images);
    }

    public static ToolCall question(String address, String... words) {
        String[] all = new String[words.length + 2];
        all[0] = "--runtime-endpoint";
        all[1] = "unix://" + address;
        System.arraycopy(words, 0, all, 2, words.length);
        return ToolCall.of("crictl", all);
    }

    /// Asks; a daemon that does not answer the first question is not asked the second.
    static Cri of(Machine machine, String address) {
        Said info = said(machine, address, "info");
        if (info.answer().isEmpty()) {
            return new Cri(Optional.empty(), List.of(), info.trouble());
        }
        Said images = said(machine, address, "images", "-o", "json");
        return new Cri(
                info.answer().get().text("config", "sandboxImage").filter(image -> !image.isEmpty()),
                images.answer().map(answer -> answer.list("images")).orElse(List.of()),
                images.trouble());
    }

    /// Whether the kubelet is told that `reference` is pinned; empty when CRI has no such image, or does not
    /// answer.
    public Optional<Boolean> isPinned(String reference) {
        return images.stream()
                .filter(image -> image.texts("repoTags").contains(reference))
                .map(image -> image.truth("pinned").orElse(false))
                .findFirst();
    }

    private record Said(Optional<Document> answer, String trouble) {}

    private static Said said(Machine machine, String address, String... words) {
        String who = "crictl " + words[0] + ": ";
        return switch (machine.run(question(address, words))) {
            case ToolAnswer.Missing _ -> new Said(Optional.empty(), "");
            case ToolAnswer.Ran ran
            when ran.ok() -> {
                try {
                    yield new Said(Optional.of(Json.read(ran.stdout())), "");
                } catch (Failure.Corrupt notJson) {
                    yield new Said(Optional.empty(), who + notJson.problem().message());
                }
            }
            case ToolAnswer other -> new Said(Optional.empty(), who + other.trouble());
        };
    }
}

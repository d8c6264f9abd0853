package io.etcdmedic.node.runtime;

import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.host.Machine;
import io.etcdmedic.host.ToolAnswer;
import io.etcdmedic.host.ToolCall;
import java.util.Optional;

/// What the containerd that runs tells the kubelet, asked by `crictl` where that is installed.
///
/// Source: cri-tools docs/crictl.md; k8s.io/cri-api runtime/v1, `Image.pinned`; containerd
/// internal/cri/server/status.go (`config.sandboxImage`, of containerd 1.x).
public record Cri(Machine machine, String address) {

    public static ToolCall question(String address, String... words) {
        String[] all = new String[words.length + 2];
        all[0] = "--runtime-endpoint";
        all[1] = "unix://" + address;
        System.arraycopy(words, 0, all, 2, words.length);
        return ToolCall.of("crictl", all);
    }

    /// The sandbox image of the daemon, which its file may no longer name; empty when it does not say.
    public Optional<String> sandboxImage() {
        return json("info").flatMap(info -> info.text("config", "sandboxImage")).filter(image -> !image.isEmpty());
    }

    /// Whether the kubelet is told that `reference` is pinned; empty when CRI does not answer or has no such image.
    public Optional<Boolean> isPinned(String reference) {
        return json("images", "-o", "json")
                .flatMap(answer -> answer.list("images").stream()
                        .filter(image -> image.texts("repoTags").contains(reference))
                        .map(image -> image.truth("pinned").orElse(false))
                        .findFirst());
    }

    private Optional<Document> json(String... words) {
        if (!(machine.run(question(address, words)) instanceof ToolAnswer.Ran ran) || !ran.ok()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.read(ran.stdout()));
        } catch (Failure.Corrupt notJson) {
            return Optional.empty();
        }
    }
}

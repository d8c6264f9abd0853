package io.etcdmedic.node.runtime;

import io.etcdmedic.document.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the checks need of containerd's configuration, in either of its layouts.
///
/// Source: containerd docs/cri/config.md; version 2 (`io.containerd.grpc.v1.cri`, containerd 1.x) and version 3
/// (`io.containerd.cri.v1.images` and `.runtime`, containerd 2.x).
///
/// @param sandboxImage as it is written; empty: containerd's own default
/// @param binFolders where CNI plugins are looked for
/// @param confFolder where CNI configurations lie
/// @param confFilesMax how many of them are loaded, in the order of their names; 0: all
/// @param ownLoopback whether containerd sets the loopback up without a plugin
/// @param address of its socket
/// @param criDisabled whether it serves Docker alone, as Docker's own packages configure it
public record ContainerdConfig(
        Optional<String> sandboxImage,
        List<String> binFolders,
        String confFolder,
        long confFilesMax,
        boolean ownLoopback,
        String address,
        boolean criDisabled) {
    public static final String ADDRESS = "/run/containerd/containerd.sock";
    private static final String CRI_V1 = "io.containerd.grpc.v1.cri";
    private static final String IMAGES = "io.containerd.cri.v1.images";
    private static final String RUNTIME = "io.containerd.cri.v1.runtime";

    public ContainerdConfig {
        binFolders = List.copyOf(binFolders);
    }

    /// What containerd does without a configuration.
    static final ContainerdConfig DEFAULT = of(Document.Mapping.EMPTY);

    /// @throws IllegalArgumentException with the line, when `toml` cannot be read
    static ContainerdConfig parse(String toml) {
        return of(Toml.read(toml));
    }

    static ContainerdConfig of(Document config) {
        List<String> folders = new ArrayList<>(config.texts("plugins", RUNTIME, "cni", "bin_dirs"));
        if (folders.isEmpty()) {
            folders.add(text(config, RUNTIME, "bin_dir")
                    .or(() -> text(config, CRI_V1, "bin_dir"))
                    .orElse("/opt/cni/bin"));
        }
        return new ContainerdConfig(
                config.text("plugins", IMAGES, "pinned_images", "sandbox")
                        .or(() -> config.text("plugins", CRI_V1, "sandbox_image"))
                        .filter(image -> !image.isEmpty()),
                folders,
                text(config, RUNTIME, "conf_dir")
                        .or(() -> text(config, CRI_V1, "conf_dir"))
                        .orElse("/etc/cni/net.d"),
                number(config, RUNTIME).or(() -> number(config, CRI_V1)).orElse(1L),
                config.truth("plugins", RUNTIME, "cni", "use_internal_loopback").orElse(false),
                config.text("grpc", "address").filter(a -> !a.isEmpty()).orElse(ADDRESS),
                config.texts("disabled_plugins").stream()
                        .anyMatch(plugin -> plugin.equals("cri") || plugin.equals(CRI_V1)));
    }

    private static Optional<String> text(Document config, String plugin, String field) {
        return config.text("plugins", plugin, "cni", field).filter(value -> !value.isEmpty());
    }

    private static Optional<Long> number(Document config, String plugin) {
        return config.at("plugins", plugin, "cni", "max_conf_num")
                .flatMap(d -> d instanceof Document.Whole whole ? Optional.of(whole.number()) : Optional.empty());
    }
}

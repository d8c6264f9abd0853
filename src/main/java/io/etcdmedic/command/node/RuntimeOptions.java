package io.etcdmedic.command.node;

import java.util.Optional;
import picocli.CommandLine.Option;

/// Which containerd, where a node has several.
public final class RuntimeOptions {
    @Option(
            names = "--containerd-config",
            paramLabel = "FILE",
            description =
                    "containerd's configuration file, as its process names it (default: the kubelet's containerd)")
    private Optional<String> config = Optional.empty();

    public Optional<String> config() {
        return config;
    }
}

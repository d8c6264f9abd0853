package io.etcdmedic.command;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Which Kubernetes API belongs to the etcd, in kubectl's words.
public final class ApiOptions {
    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "how to reach the Kubernetes API, for repairs that need it (default: $KUBECONFIG)")
    private Optional<Path> kubeconfig = Optional.empty();

    @Option(names = "--context", paramLabel = "NAME", description = "the context in it (default: its current one)")
    private Optional<String> context = Optional.empty();

    ApiOptions over(ApiOptions before) {
        ApiOptions merged = new ApiOptions();
        merged.kubeconfig = kubeconfig.or(() -> before.kubeconfig);
        merged.context = context.or(() -> before.context);
        return merged;
    }

    public Optional<Path> kubeconfig() {
        return kubeconfig;
    }

    public Optional<String> context() {
        return context;
    }
}

package io.etcdmedic.command;

import io.etcdmedic.apiserver.ApiAccess;
import java.nio.file.Path;
import java.util.Map;
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

    @Option(
            names = "--api-server",
            paramLabel = "URL",
            description = "the Kubernetes API's address, where there is no kubeconfig; with the three files")
    private Optional<String> server = Optional.empty();

    @Option(names = "--api-cacert", paramLabel = "FILE", description = "the CA of its certificate")
    private Optional<Path> ca = Optional.empty();

    @Option(names = "--api-cert", paramLabel = "FILE", description = "a client certificate for it")
    private Optional<Path> certificate = Optional.empty();

    @Option(names = "--api-key", paramLabel = "FILE", description = "the certificate's key")
    private Optional<Path> key = Optional.empty();

    /// Whether any of these options was given.
    boolean isNamed() {
        return kubeconfig.isPresent() || context.isPresent() || server.isPresent();
    }

    ApiOptions over(ApiOptions before) {
        ApiOptions merged = new ApiOptions();
        merged.kubeconfig = kubeconfig.or(() -> before.kubeconfig);
        merged.context = context.or(() -> before.context);
        merged.server = server.or(() -> before.server);
        merged.ca = ca.or(() -> before.ca);
        merged.certificate = certificate.or(() -> before.certificate);
        merged.key = key.or(() -> before.key);
        return merged;
    }

    public Optional<Path> kubeconfig() {
        return kubeconfig;
    }

    public Optional<String> context() {
        return context;
    }

    /// The API that is meant; empty when none is named.
    ///
    /// @throws io.etcdmedic.failure.Failure.Usage when only a part of an address with client certificate is given
    public Optional<ApiAccess> access(Map<String, String> environment) {
        return ApiAccess.of(server, ca, certificate, key).or(() -> ApiAccess.of(kubeconfig, context, environment));
    }
}

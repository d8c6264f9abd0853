package io.etcdmedic.apiserver;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.YamlReader;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which Kubernetes API the operator means.
public sealed interface ApiAccess {

    /// @param file says where it is and who asks
    /// @param context the context in it; empty: the file's current one
    record Kubeconfig(Path file, Optional<String> context) implements ApiAccess {}

    /// @param certificate of the client, PEM
    /// @param key of the client, PEM: PKCS#1, PKCS#8 or SEC1
    record ClientCertificate(URI server, Path ca, Path certificate, Path key) implements ApiAccess {}

    /// `--kubeconfig`, else the first file of those that `KUBECONFIG` names in which the context is (without one:
    /// that says which is current), else nothing: the default `~/.kube/config` is not taken, because a repair must
    /// never meet a cluster that nobody named.
    static Optional<ApiAccess> of(
            Optional<Path> kubeconfig, Optional<String> context, Map<String, String> environment) {
        return kubeconfig.or(() -> fromEnvironment(environment, context)).map(file -> new Kubeconfig(file, context));
    }

    /// The address and the files of a client certificate: all of them, or none.
    ///
    /// @throws Failure.Usage when only some are given, or the address is none
    static Optional<ApiAccess> of(
            Optional<String> server, Optional<Path> ca, Optional<Path> certificate, Optional<Path> key) {
        if (server.isEmpty() && ca.isEmpty() && certificate.isEmpty() && key.isEmpty()) {
            return Optional.empty();
        }
        Problem problem = Problem.in("reading which Kubernetes API is meant");
        if (server.isEmpty() || ca.isEmpty() || certificate.isEmpty() || key.isEmpty()) {
            throw new Failure.Usage(problem.found("only some of --api-server, --api-cacert, --api-cert, --api-key")
                    .expected("all four"));
        }
        try {
            String url = server.get().contains("://") ? server.get() : "https://" + server.get();
            return Optional.of(new ClientCertificate(URI.create(url), ca.get(), certificate.get(), key.get()));
        } catch (IllegalArgumentException noUrl) {
            throw new Failure.Usage(problem.found(server.get()).expected("an address as in https://10.0.0.5:6443"))
                    .because(noUrl);
        }
    }

    private static Optional<Path> fromEnvironment(Map<String, String> environment, Optional<String> context) {
        List<Path> files = Arrays.stream(
                        environment.getOrDefault("KUBECONFIG", "").split(":"))
                .filter(name -> !name.isBlank())
                .map(Path::of)
                .toList();
        List<Path> existing = files.stream().filter(Files::exists).toList();
        Optional<Path> naming = existing.size() < 2
                ? Optional.empty()
                : existing.stream().filter(file -> names(file, context)).findFirst();
        return naming.or(() -> existing.stream().findFirst())
                .or(() -> files.stream().findFirst());
    }

    private static boolean names(Path file, Optional<String> context) {
        try {
            Document config = YamlReader.read(Bytes.owned(Files.readAllBytes(file)), file.toString());
            return context.map(wanted -> config.list("contexts").stream()
                            .anyMatch(one -> one.text("name").equals(Optional.of(wanted))))
                    .orElseGet(() -> config.text("current-context")
                            .filter(current -> !current.isBlank())
                            .isPresent());
        } catch (IOException | Failure unreadable) {
            return false;
        }
    }
}

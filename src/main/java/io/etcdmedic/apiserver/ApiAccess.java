package io.etcdmedic.apiserver;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which Kubernetes API the operator means.
///
/// @param kubeconfig the file that says where it is and who asks
/// @param context the context in it; empty: the file's current one
public record ApiAccess(Path kubeconfig, Optional<String> context) {

    /// `--kubeconfig`, else the first file that `KUBECONFIG` names and that exists, else nothing: the default
    /// `~/.kube/config` is not taken, because a repair must never meet a cluster that nobody named.
    public static Optional<ApiAccess> of(
            Optional<Path> kubeconfig, Optional<String> context, Map<String, String> environment) {
        return kubeconfig.or(() -> fromEnvironment(environment)).map(file -> new ApiAccess(file, context));
    }

    private static Optional<Path> fromEnvironment(Map<String, String> environment) {
        List<Path> files = Arrays.stream(
                        environment.getOrDefault("KUBECONFIG", "").split(":"))
                .filter(name -> !name.isBlank())
                .map(Path::of)
                .toList();
        return files.stream()
                .filter(Files::exists)
                .findFirst()
                .or(() -> files.stream().findFirst());
    }
}

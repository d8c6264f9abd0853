package io.etcdmedic.runbook;

import io.etcdmedic.apiserver.ApiName;
import io.etcdmedic.apiserver.ApiReading;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where an object lies in etcd, read from its key below the prefix.
///
/// Shape: `RESOURCE/[NAMESPACE/]NAME` for built-in kinds, with a few old names; `GROUP/RESOURCE/[NAMESPACE/]NAME`
/// for custom ones. Source: K8S pkg/kubeapiserver/default_storage_factory_builder.go.
///
/// @param group of a custom kind; empty for a built-in one, whose group its value says
record StoredName(String group, String resource, String namespace, String name) {
    private static final Map<String, String> OLD_NAMES = Map.of(
            "services/specs", "services",
            "services/endpoints", "endpoints",
            "controllers", "replicationcontrollers",
            "minions", "nodes",
            "ingress", "ingresses");

    /// Empty for what is no object (`ranges/…`, `masterleases/…`).
    static Optional<StoredName> of(String path) {
        List<String> parts = Arrays.asList(path.split("/", -1));
        if (parts.size() < 2
                || parts.contains("")
                || List.of("ranges", "masterleases", "peerserverleases").contains(parts.getFirst())) {
            return Optional.empty();
        }
        int used = parts.getFirst().equals("services") || parts.getFirst().contains(".") ? 2 : 1;
        String folder = String.join("/", parts.subList(0, used));
        List<String> rest = parts.subList(used, parts.size());
        if (rest.isEmpty() || rest.size() > 2) {
            return Optional.empty();
        }
        boolean custom = parts.getFirst().contains(".");
        return Optional.of(new StoredName(
                custom ? parts.getFirst() : "",
                custom ? parts.get(1) : OLD_NAMES.getOrDefault(folder, folder),
                rest.size() == 2 ? rest.getFirst() : "",
                rest.getLast()));
    }

    /// Where the API serves it; where it does not say, at the version that it is stored in.
    ///
    /// @param apiVersion the value's own: `apps/v1`, `v1`; it may be one that is served no more
    ApiName served(String apiVersion, Optional<ApiReading> api) {
        int slash = apiVersion.indexOf('/');
        String of = slash < 0 ? "" : apiVersion.substring(0, slash);
        String version =
                api.flatMap(ready -> ready.servedVersion(of, resource)).orElse(apiVersion.substring(slash + 1));
        return new ApiName(of, version, resource, namespace, name);
    }

    @Override
    public String toString() {
        return resource + (group.isEmpty() ? "" : "." + group) + " " + (namespace.isEmpty() ? "" : namespace + "/")
                + name;
    }
}

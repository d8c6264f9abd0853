package io.etcdmedic.apiserver;

/// Where the Kubernetes API serves one object.
///
/// @param group empty for the core group
/// @param version the served version: "v1", "v1beta1"
/// @param resource the plural: "servicecidrs"
/// @param namespace empty for a cluster-wide object
public record ApiName(String group, String version, String resource, String namespace, String name) {

    /// The path under the server's address.
    public String path() {
        String base = group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
        String inside = namespace.isEmpty() ? "" : "/namespaces/" + namespace;
        return base + inside + "/" + resource + "/" + name;
    }

    /// The way kubectl names it: `servicecidrs.networking.k8s.io kubernetes`, `-n shop services web`.
    @Override
    public String toString() {
        String kind = group.isEmpty() ? resource : resource + "." + group;
        return (namespace.isEmpty() ? "" : "-n " + namespace + " ") + kind + " " + name;
    }
}

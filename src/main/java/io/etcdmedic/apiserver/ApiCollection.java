package io.etcdmedic.apiserver;

/// Where the Kubernetes API serves the objects of one resource.
///
/// @param group empty for the core group
/// @param namespace empty for all namespaces, and for cluster-wide resources
public record ApiCollection(String group, String version, String resource, String namespace) {

    public String path() {
        String base = group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
        return base + (namespace.isEmpty() ? "" : "/namespaces/" + namespace) + "/" + resource;
    }

    static ApiCollection of(ApiName name) {
        return new ApiCollection(name.group(), name.version(), name.resource(), name.namespace());
    }

    @Override
    public String toString() {
        return (namespace.isEmpty() ? "" : "-n " + namespace + " ") + resource + (group.isEmpty() ? "" : "." + group);
    }
}

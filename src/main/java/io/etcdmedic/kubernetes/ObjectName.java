package io.etcdmedic.kubernetes;

/// The name of one object.
///
/// @param namespace empty for an object of the cluster
public record ObjectName(Resource resource, String namespace, String name) {
    @Override
    public String toString() {
        String within = namespace.isEmpty() ? name : namespace + "/" + name;
        return resource.qualified() + " " + within;
    }
}

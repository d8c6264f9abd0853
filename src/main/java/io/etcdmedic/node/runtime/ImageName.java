package io.etcdmedic.node.runtime;

/// An image's name as containerd writes it in full: `pause` is `docker.io/library/pause:latest`.
///
/// Source: distribution/reference, ParseDockerRef.
public final class ImageName {
    private ImageName() {}

    public static String full(String name) {
        int digest = name.indexOf('@');
        String plain = digest < 0 ? name : name.substring(0, digest);
        int slash = plain.indexOf('/');
        String first = slash < 0 ? "" : plain.substring(0, slash);
        boolean registry = first.contains(".") || first.contains(":") || first.equals("localhost");
        String path = registry ? plain : "docker.io/" + (slash < 0 ? "library/" : "") + plain;
        if (digest >= 0) {
            int tag = path.lastIndexOf(':');
            return (tag > path.lastIndexOf('/') ? path.substring(0, tag) : path) + name.substring(digest);
        }
        return path.lastIndexOf(':') > path.lastIndexOf('/') ? path : path + ":latest";
    }

    /// Whether `name` is written in full, so that a comparison of texts finds it.
    public static boolean isFull(String name) {
        return full(name).equals(name);
    }

    /// Whether it is the image that the NixOS module builds on the machine and that no registry has.
    public static boolean isBuiltHere(String name) {
        return full(name).startsWith("docker.io/library/pause:");
    }
}

package io.etcdmedic.kubernetes;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Escape;
import java.util.List;
import java.util.Optional;

/// Keys below one registry prefix, and the objects they name.
///
/// Shape: `PREFIX/FOLDER/[NAMESPACE/]NAME`; a custom resource's folder is `GROUP/PLURAL`, and its group has a dot.
/// Source: k8s.io/apiserver pkg/registry/generic/registry/store.go; special folders: pkg/controlplane/storageversions.
///
/// @param prefix without a slash at its end: `/registry`
public record RegistryKeys(String prefix) {
    /// Prefixes in use: Kubernetes' default, OpenShift's.
    public static final List<String> KNOWN_PREFIXES = List.of("/registry", "/kubernetes.io");

    public RegistryKeys {
        prefix = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }

    /// The object that `key` names; empty for a key outside the prefix and for what is no object (`ranges/serviceips`).
    public Optional<ObjectName> parse(Bytes key) {
        return Escape.exactUtf8(key).filter(t -> t.startsWith(prefix + "/")).flatMap(text -> {
            String[] step = text.substring(prefix.length() + 1).split("/", -1);
            return folderSteps(step).flatMap(folder -> objectName(step, folder));
        });
    }

    /// The resource folder that `key` lies in: `services/specs`, `example.com/widgets`; empty outside the prefix.
    public Optional<String> folder(Bytes key) {
        String text = key.toUtf8();
        if (!text.startsWith(prefix + "/")) {
            return Optional.empty();
        }
        String[] step = text.substring(prefix.length() + 1).split("/", -1);
        Optional<Resource> known = folderSteps(step);
        return Optional.of(known.map(Resource::folder).orElse(step[0]));
    }

    public String key(Resource resource, String namespace, String name) {
        return prefix + "/" + resource.folder() + "/" + (resource.namespaced() ? namespace + "/" : "") + name;
    }

    /// Where all objects of `resource` lie, or those of one namespace; ends with a slash.
    public String folderOf(Resource resource, Optional<String> namespace) {
        String folder = prefix + "/" + resource.folder() + "/";
        return resource.namespaced() ? folder + namespace.map(n -> n + "/").orElse("") : folder;
    }

    /// The namespace that the folder `path` belongs to: `/registry/pods/shop` is in `shop`, also without a slash at its
    /// end.
    public Optional<String> namespaceOf(Bytes path) {
        String text = path.toUtf8();
        if (!text.startsWith(prefix + "/")) {
            return Optional.empty();
        }
        String[] step = (text.substring(prefix.length() + 1) + "/").split("/", -1);
        return folderSteps(step).filter(Resource::namespaced).flatMap(resource -> {
            int at = resource.folder().contains("/") ? 2 : 1;
            return step.length > at && !step[at].isEmpty() ? Optional.of(step[at]) : Optional.empty();
        });
    }

    private static Optional<Resource> folderSteps(String[] step) {
        Resources resources = Resources.builtIn();
        if (step.length >= 3) {
            Optional<Resource> known = resources.inFolder(step[0] + "/" + step[1]);
            if (known.isPresent()) {
                return known;
            }
            if (step[0].contains(".")) {
                return Optional.of(Resource.custom(step[0], step[1], step.length == 4));
            }
        }
        return resources.inFolder(step[0]);
    }

    private static Optional<ObjectName> objectName(String[] step, Resource resource) {
        int at = resource.folder().contains("/") ? 2 : 1;
        int expected = at + (resource.namespaced() ? 2 : 1);
        if (step.length != expected || step[step.length - 1].isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ObjectName(resource, resource.namespaced() ? step[at] : "", step[step.length - 1]));
    }
}

package io.etcdmedic.kubernetes;

import java.util.List;

/// A resource of the Kubernetes API and where its objects lie.
///
/// @param folder below the registry's prefix, without slashes at its ends: `services/specs`
/// @param plural as in a URL of the API: `services`
/// @param group API group; empty for the core group
/// @param namespaced whether a namespace stands between folder and name
public record Resource(
        String folder,
        String plural,
        String group,
        boolean namespaced,
        String kind,
        String singular,
        List<String> shortNames) {
    public Resource {
        shortNames = List.copyOf(shortNames);
    }

    /// A custom resource, of which only its key is known.
    static Resource custom(String group, String plural, boolean namespaced) {
        return new Resource(group + "/" + plural, plural, group, namespaced, "", plural, List.of());
    }

    /// `services`, `deployments.apps`: unique among all resources.
    public String qualified() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    /// Whether an operator may mean this resource by `word`: plural, singular, kind, short name, or with the group.
    boolean answersTo(String word) {
        int dot = word.indexOf('.');
        String plain = (dot < 0 ? word : word.substring(0, dot)).toLowerCase(java.util.Locale.ROOT);
        boolean named = plain.equals(plural)
                || plain.equals(singular)
                || plain.equals(kind.toLowerCase(java.util.Locale.ROOT))
                || shortNames.contains(plain);
        return named && (dot < 0 || word.substring(dot + 1).equals(group));
    }
}

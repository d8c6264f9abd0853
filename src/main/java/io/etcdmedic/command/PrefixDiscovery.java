package io.etcdmedic.command;

import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.kubernetes.RegistryKeys;

/// Finds the prefix below which kube-apiserver stores its objects.
final class PrefixDiscovery {
    /// Every cluster has this namespace.
    private static final String LANDMARK = "/namespaces/kube-system";

    private PrefixDiscovery() {}

    /// The known prefix below which the namespace `kube-system` lies, or any key does; else the one before the
    /// namespace `kube-system`, for which every key may have to be read; else Kubernetes' default.
    static RegistryKeys in(Keyspace keyspace) {
        for (String prefix : RegistryKeys.KNOWN_PREFIXES) {
            if (keyspace.get(Key.of(prefix + LANDMARK)).isPresent()) {
                return new RegistryKeys(prefix);
            }
        }
        for (String prefix : RegistryKeys.KNOWN_PREFIXES) {
            try (Entries entries = keyspace.scan(KeyRange.prefix(Key.of(prefix + "/")), Scan.keys())) {
                if (entries.hasNext()) {
                    return new RegistryKeys(prefix);
                }
            }
        }
        return unusual(keyspace);
    }

    private static RegistryKeys unusual(Keyspace keyspace) {
        try (Entries entries = keyspace.scan(KeyRange.all(), Scan.keys())) {
            while (entries.hasNext()) {
                String key = entries.next().key().text();
                if (key.endsWith(LANDMARK)) {
                    return new RegistryKeys(key.substring(0, key.length() - LANDMARK.length()));
                }
            }
        }
        return new RegistryKeys(RegistryKeys.KNOWN_PREFIXES.getFirst());
    }
}

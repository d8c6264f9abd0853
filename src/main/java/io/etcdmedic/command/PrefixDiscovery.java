package io.etcdmedic.command;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.kubernetes.RegistryKeys;
import java.util.function.BooleanSupplier;

/// Finds the prefix below which kube-apiserver stores its objects.
final class PrefixDiscovery {
    /// Every cluster has this namespace.
    private static final String LANDMARK = "/namespaces/kube-system";

    private PrefixDiscovery() {}

    /// The known prefix below which the namespace `kube-system` lies, or any key does; else the one before the
    /// namespace `kube-system`, for which every key may have to be read; else Kubernetes' default. Keys that etcd's
    /// authentication denies say nothing: a user may have a role for a part of the registry alone.
    static RegistryKeys in(Keyspace keyspace) {
        for (String prefix : RegistryKeys.KNOWN_PREFIXES) {
            if (shown(() -> keyspace.get(Key.of(prefix + LANDMARK)).isPresent())) {
                return new RegistryKeys(prefix);
            }
        }
        for (String prefix : RegistryKeys.KNOWN_PREFIXES) {
            if (shown(() -> holdsKeys(keyspace, KeyRange.prefix(Key.of(prefix + "/"))))) {
                return new RegistryKeys(prefix);
            }
        }
        try {
            return unusual(keyspace);
        } catch (Failure.Locked denied) {
            return new RegistryKeys(RegistryKeys.KNOWN_PREFIXES.getFirst());
        }
    }

    private static boolean shown(BooleanSupplier question) {
        try {
            return question.getAsBoolean();
        } catch (Failure.Locked denied) {
            return false;
        }
    }

    private static boolean holdsKeys(Keyspace keyspace, KeyRange range) {
        try (Entries entries = keyspace.scan(range, Scan.keys())) {
            return entries.hasNext();
        }
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

package io.etcdmedic.resource;

import io.etcdmedic.kubernetes.Resource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The tables of the built-in kinds.
public final class KindTables {
    private static final Map<String, KindTable> ALL = new HashMap<>();

    static {
        ALL.putAll(WorkloadTables.ALL);
        ALL.putAll(NetworkTables.ALL);
        ALL.putAll(StorageTables.ALL);
        ALL.putAll(ClusterTables.ALL);
        ALL.putAll(AccessTables.ALL);
        ALL.putAll(SchedulingTables.ALL);
    }

    private KindTables() {}

    /// The table of `resource`; empty when kubectl has none of its own for it.
    public static Optional<KindTable> of(Resource resource) {
        return Optional.ofNullable(ALL.get(resource.qualified()));
    }

    /// Name and age: what is known of every object.
    public static KindTable nameAndAge() {
        return KindTable.NAME_AND_AGE;
    }
}

package io.etcdmedic.repair.plan;

/// How far a plan reaches, which decides what the operator types.
public enum Impact {
    /// This machine only.
    HOST,
    /// Single objects.
    KEYS,
    /// The cluster as a whole, or something that cannot be taken back.
    CLUSTER
}

package io.etcdmedic.repair.plan;

/// How a step is taken back.
public sealed interface Inverse {

    /// The engine derives it from the archive and from the state that verify journaled.
    record Derived() implements Inverse {}

    /// For a change through the API that the API would not take back: the object's key holds again, byte for byte,
    /// what the archive keeps of it. The engine compares with the state that verify journaled.
    record Stored() implements Inverse {}

    /// Nothing has to be taken back: another step's inverse, or the cluster itself, does it.
    record Needless(String because) implements Inverse {}

    /// It cannot be taken back; the operator reads why before confirming, and the plan is cluster-wide in class.
    record Impossible(String because) implements Inverse {}
}

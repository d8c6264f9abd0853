package io.etcdmedic.repair.journal;

/// What became of something that was sent.
public enum Verdict {
    APPLIED,
    /// It was not applied and never can be.
    NOT_APPLIED,
    /// It was answered: the comparisons failed, somebody changed the object meanwhile.
    STALE,
    /// It may or may not have been applied, or may still be.
    UNSETTLED,
    /// The evidence contradicts itself (the cluster was restored, the fence was removed by somebody): a person decides.
    MANUAL;

    /// Whether nothing that was sent can change anything any more.
    public boolean isFinal() {
        return this != UNSETTLED && this != MANUAL;
    }
}

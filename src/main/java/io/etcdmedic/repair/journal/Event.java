package io.etcdmedic.repair.journal;

/// What a journal record says happened.
public enum Event {
    /// A confirmed plan begins. Facts: planSha256, title, runbook, cluster, undoes.
    BEGIN,
    /// The archive is written and verified; its states are what the keys that the plan touches held. Facts: archive,
    /// archiveSha256.
    ARCHIVED,
    /// A step is left out, because its `when` does not hold.
    SKIPPED,
    /// A step is about to be sent; its states are what the keys held. Facts: op.
    INTENT,
    /// The fence key is there, at `revision`: from here on the transaction may have been sent.
    FENCED,
    /// What became of the transaction, for certain or not. Facts: verdict, why.
    SETTLED,
    /// A step is over, its wait included. Facts: uid (of an object made), waited.
    DONE,
    /// A step was applied, and what it waits for has not come. Facts: why.
    WAITING,
    /// The plan is verified; its states are what its keys hold now, which undo compares with.
    VERIFIED,
    /// The entry is closed. Facts: outcome, why.
    END,
    /// Something that belongs to no entry: a torn tail that was cut. Facts: text.
    NOTE
}

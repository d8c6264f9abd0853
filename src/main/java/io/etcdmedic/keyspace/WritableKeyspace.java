package io.etcdmedic.keyspace;

/// A keyspace that one transaction at a time can change, for who holds a permit.
///
/// Every implementation passes the same contract suite.
public interface WritableKeyspace extends Keyspace {

    /// Sends `transaction` exactly once: no retry, whatever the error.
    ///
    /// A transaction whose comparisons fail is an answer, not an error. Errors: `Failure.Unsettled` when it is not
    /// known whether the transaction was applied (timeout, connection lost, any error after it was sent: etcd can
    /// answer "no space" for a transaction that it did apply); `Failure.Refused` when `permit` does not cover it,
    /// `Failure.Locked`, `Failure.Unreachable` only when it was certainly not sent. The engine trusts none of
    /// these and settles by the fence.
    Transaction.Answer commit(Transaction transaction, WritePermit permit);
}

package io.etcdmedic.repair.journal;

import java.util.List;

/// Where the engine writes down what it does, and reads what it did.
public interface Ledger {

    /// Writes `record` down; when this returns, it is durable.
    ///
    /// @throws io.etcdmedic.failure.Failure.Unreachable when the disk does not take it
    void append(Record record);

    /// Everything written so far, in order.
    List<Record> records();
}

package io.etcdmedic.runbook;

import io.etcdmedic.document.Document;
import io.etcdmedic.keyspace.Entry;

/// Stored values as documents.
public interface Decoder {
    /// @throws io.etcdmedic.failure.Failure.Corrupt when the value breaks its format
    /// @throws io.etcdmedic.failure.Failure.Locked when it is encrypted and the key is not known
    Document decode(Entry entry);
}

package io.etcdmedic.runbook;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.keyspace.Entry;

/// Documents as they are stored.
public interface Encoder {
    /// The bytes of `document` in the form that `like` has, encrypted where that is; what both say alike keeps its
    /// spelling, fields that nobody knows among it.
    Bytes encode(Entry like, Document document);
}

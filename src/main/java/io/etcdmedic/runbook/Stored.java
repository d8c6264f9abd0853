package io.etcdmedic.runbook;

import io.etcdmedic.document.Document;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;

/// An object as it is stored: its entry in etcd and what the entry says.
public record Stored(Entry entry, Document document) {

    public Key key() {
        return entry.key();
    }

    public String name() {
        return document.text("metadata", "name").orElse("");
    }

    public String namespace() {
        return document.text("metadata", "namespace").orElse("");
    }

    public String uid() {
        return document.text("metadata", "uid").orElse("");
    }

    public boolean isTerminating() {
        return document.text("metadata", "deletionTimestamp").isPresent();
    }

    /// `namespace/name`, or the name alone.
    public String title() {
        return namespace().isEmpty() ? name() : namespace() + "/" + name();
    }
}

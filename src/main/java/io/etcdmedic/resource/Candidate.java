package io.etcdmedic.resource;

import io.etcdmedic.document.Document;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.kubernetes.ObjectName;
import java.time.Instant;
import java.util.Optional;

/// One stored object that a [Condition] is asked about.
///
/// @param name empty for what is no object of the API (`ranges/serviceips`)
public record Candidate(Entry entry, Optional<ObjectName> name, Document object, Instant now) {}

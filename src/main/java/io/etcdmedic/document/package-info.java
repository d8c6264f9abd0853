/// One tree type for what Kubernetes stores, read from and written to JSON, YAML and CBOR.
///
/// [io.etcdmedic.document.Document] is immutable: `document.text("metadata", "name")` looks in,
/// `document.with(DocumentPath.of("spec", "replicas"), new Document.Whole(3))` makes a changed copy.
/// [io.etcdmedic.document.Json], [io.etcdmedic.document.Yaml] and [io.etcdmedic.document.Cbor] read and write,
/// [io.etcdmedic.document.Difference] compares. Bad input is a [io.etcdmedic.failure.Failure.Corrupt], never anything
/// else.
@NullMarked
package io.etcdmedic.document;

import org.jspecify.annotations.NullMarked;

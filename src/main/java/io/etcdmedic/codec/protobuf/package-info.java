/// Kubernetes' protobuf: stored bytes turned into JSON without a tree in between, and documents turned into
/// the bytes that Kubernetes' own marshaller writes.
@NullMarked
package io.etcdmedic.codec.protobuf;

import org.jspecify.annotations.NullMarked;

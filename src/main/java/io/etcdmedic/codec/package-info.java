/// What Kubernetes stores, as documents and back: protobuf, JSON and CBOR, encrypted at rest or not.
@NullMarked
package io.etcdmedic.codec;

import org.jspecify.annotations.NullMarked;

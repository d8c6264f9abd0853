package io.etcdmedic.codec;

import io.etcdmedic.bytes.Bytes;
import java.util.Optional;

/// The formats in which Kubernetes stores objects, told apart by how a value begins.
///
/// Source: k8s.io/apimachinery pkg/runtime/serializer: protobuf, json, cbor.
public enum Encoding {
    /// Begins with `k8s\0`.
    PROTOBUF,
    /// Begins with a brace, after white space if any.
    JSON,
    /// Begins with the tag 55799.
    CBOR;

    private static final Bytes MAGIC = Bytes.owned(new byte[] {'k', '8', 's', 0});
    private static final Bytes TAG = Bytes.owned(new byte[] {(byte) 0xd9, (byte) 0xd9, (byte) 0xf7});

    public static Optional<Encoding> of(Bytes value) {
        if (value.startsWith(MAGIC)) {
            return Optional.of(PROTOBUF);
        }
        if (value.startsWith(TAG)) {
            return Optional.of(CBOR);
        }
        int at = 0;
        while (at < value.length() && " \n\r\t".indexOf(value.at(at)) >= 0) {
            at++;
        }
        return at < value.length() && value.at(at) == '{' ? Optional.of(JSON) : Optional.empty();
    }
}

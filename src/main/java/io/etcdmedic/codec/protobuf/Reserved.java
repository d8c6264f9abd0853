package io.etcdmedic.codec.protobuf;

import java.nio.charset.StandardCharsets;

/// Names in documents that are ours: Kubernetes has none that begin so and mean this.
final class Reserved {
    /// Fields that the schema does not know, by number: see [UnknownFields].
    static final String UNKNOWN_NAME = "$unknown";
    /// What an envelope holds beside apiVersion, kind and the object: see [StoredEnvelope].
    static final String ENVELOPE_NAME = "$envelope";
    /// Bytes in base64 where Kubernetes has JSON, and they are none.
    static final String BYTES_NAME = "$bytes";

    static final byte[] UNKNOWN = key(UNKNOWN_NAME);
    static final byte[] ENVELOPE = key(ENVELOPE_NAME);
    static final byte[] BYTES = key(BYTES_NAME);

    private Reserved() {}

    static byte[] key(String name) {
        return ('"' + name + "\":").getBytes(StandardCharsets.US_ASCII);
    }
}

package io.etcdmedic.codec.encryption;

import io.etcdmedic.bytes.Bytes;

/// How stored values begin.
final class Plausible {
    static final Bytes PROTOBUF = Bytes.owned(new byte[] {'k', '8', 's', 0});
    static final Bytes CBOR = Bytes.owned(new byte[] {(byte) 0xd9, (byte) 0xd9, (byte) 0xf7});

    private Plausible() {}

    /// Whether `value` begins as something that Kubernetes stores: protobuf, JSON or CBOR. Garbage does so once in
    /// eight hundred times at most, and then for JSON.
    static boolean is(Bytes value) {
        return value.startsWith(PROTOBUF) || value.startsWith(CBOR) || json(value);
    }

    private static boolean json(Bytes value) {
        return value.length() >= 2
                && value.at(0) == '{'
                && (value.at(1) == '"' || value.at(1) == '}' || value.at(1) == '\n' || value.at(1) == ' ');
    }

    /// Whether the last part of the etcd key, an object's name, is found in `value`.
    static boolean names(Bytes value, Bytes path) {
        String text = path.toUtf8();
        return value.toUtf8().contains(text.substring(text.lastIndexOf('/') + 1));
    }
}

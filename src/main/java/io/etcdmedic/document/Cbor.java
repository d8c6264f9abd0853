package io.etcdmedic.document;

import io.etcdmedic.bytes.Bytes;

/// CBOR as Kubernetes stores custom resources: begun by the tag 55799, text as byte strings.
///
/// Source: RFC 8949; k8s.io/apimachinery pkg/runtime/serializer/cbor.
public final class Cbor {
    /// "This is CBOR", in its three bytes.
    static final Bytes SELF_DESCRIBED = Bytes.owned(new byte[] {(byte) 0xd9, (byte) 0xd9, (byte) 0xf7});

    private Cbor() {}

    /// Reads one CBOR value, with nothing behind it. Byte strings and text are taken for text, also as names; lengths
    /// may be indefinite; numbers of any size are exact.
    ///
    /// @throws io.etcdmedic.failure.Failure.Corrupt with the offset
    public static Document read(Bytes cbor) {
        return new CborReader(cbor).read();
    }

    /// As Kubernetes writes it: every length definite, every head as short as it can be, text as byte strings.
    public static Bytes write(Document document) {
        CborWriter out = new CborWriter();
        out.raw(SELF_DESCRIBED);
        out.value(document);
        return out.toBytes();
    }
}

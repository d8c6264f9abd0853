package io.etcdmedic.document;

import io.etcdmedic.bytes.Bytes;

/// CBOR as Kubernetes stores it: RFC 8949 behind the tag 55799, text mostly in byte strings.
///
/// Source: k8s.io/apimachinery pkg/runtime/serializer/cbor.
public final class Cbor {
    /// The self-described tag that begins a stored value.
    public static final Bytes MARK = Bytes.owned(new byte[] {(byte) 0xd9, (byte) 0xd9, (byte) 0xf7});

    private Cbor() {}

    /// Reads one value, with or without [#MARK].
    ///
    /// Numbers stay exact; bytes under tag 22 become base64, as in Kubernetes' JSON; other tags are passed over.
    ///
    /// @throws io.etcdmedic.failure.Failure.Corrupt with the offset
    public static Document read(Bytes cbor) {
        return new CborReader(cbor).read();
    }

    /// Behind [#MARK], as kube-apiserver writes it: definite lengths, text as byte strings, numbers as short as
    /// they can be, fields in their order.
    ///
    /// @throws IllegalArgumentException for a value that is redacted
    public static Bytes write(Document document) {
        CborWriter out = new CborWriter();
        out.raw(MARK);
        out.write(document);
        return out.toBytes();
    }
}

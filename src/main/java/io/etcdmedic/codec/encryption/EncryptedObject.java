package io.etcdmedic.codec.encryption;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.encryption.KeyService.WrappedKey;
import io.etcdmedic.wire.WireFault;
import io.etcdmedic.wire.WireReader;
import io.etcdmedic.wire.WireWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// What KMS v2 stores: a value sealed with a key that lies wrapped beside it.
///
/// Shape: protobuf {1 encryptedData, 2 keyID, 3 encryptedDEKSource, 4 annotations, 5 encryptedDEKSourceType}.
/// Source: k8s.io/apiserver pkg/storage/value/encrypt/envelope/kmsv2/v2/api.proto.
///
/// @param sourceType 0: the wrapped key is the AES key itself; 1: it is a seed from which one is derived
record EncryptedObject(Bytes data, WrappedKey wrapped, long sourceType) {
    static final long AES_KEY = 0;
    static final long SEED = 1;
    static final int KEY_ID_BYTES_MAX = 1024;
    static final int SOURCE_BYTES_MAX = 1024;

    /// @throws WireFault when it is no such message, or lacks what each has
    static EncryptedObject read(Bytes message) {
        WireReader in = new WireReader(message);
        Bytes data = Bytes.EMPTY;
        Bytes keyId = Bytes.EMPTY;
        Bytes source = Bytes.EMPTY;
        SequencedMap<String, Bytes> annotations = new LinkedHashMap<>();
        long type = 0;
        while (!in.atEnd()) {
            int tag = in.tag();
            switch (tag) {
                case 1 << 3 | WireReader.LENGTH -> data = in.bytes();
                case 2 << 3 | WireReader.LENGTH -> keyId = in.bytes();
                case 3 << 3 | WireReader.LENGTH -> source = in.bytes();
                case 4 << 3 | WireReader.LENGTH -> annotation(new WireReader(in.bytes()), annotations);
                case 5 << 3 -> type = in.varint();
                default -> in.skip(tag);
            }
        }
        if (data.isEmpty() || keyId.isEmpty() || source.isEmpty()) {
            String missing = data.isEmpty() ? "encrypted data" : keyId.isEmpty() ? "key ID" : "wrapped key";
            throw new WireFault("no " + missing, in.offset());
        }
        if (keyId.length() > KEY_ID_BYTES_MAX || source.length() > SOURCE_BYTES_MAX) {
            throw new WireFault("a key ID or wrapped key of more than " + SOURCE_BYTES_MAX + " bytes", in.offset());
        }
        return new EncryptedObject(data, new WrappedKey(keyId.toUtf8(), source, annotations), type);
    }

    /// Reads one entry of a map<string, bytes>.
    static void annotation(WireReader in, SequencedMap<String, Bytes> into) {
        String name = "";
        Bytes value = Bytes.EMPTY;
        while (!in.atEnd()) {
            int tag = in.tag();
            switch (tag) {
                case 1 << 3 | WireReader.LENGTH -> name = in.bytes().toUtf8();
                case 2 << 3 | WireReader.LENGTH -> value = in.bytes();
                default -> in.skip(tag);
            }
        }
        into.put(name, value);
    }

    Bytes write() {
        WireWriter out = new WireWriter(data.length() + 2 * SOURCE_BYTES_MAX);
        if (sourceType != 0) {
            out.field(5, sourceType);
        }
        List<Map.Entry<String, Bytes>> annotations =
                new ArrayList<>(wrapped.annotations().entrySet());
        for (Map.Entry<String, Bytes> annotation : annotations.reversed()) {
            int before = out.length();
            out.field(2, annotation.getValue());
            out.field(1, Bytes.utf8(annotation.getKey()));
            out.message(4, before);
        }
        out.field(3, wrapped.ciphertext());
        out.field(2, Bytes.utf8(wrapped.keyId()));
        out.field(1, data);
        return out.toBytes();
    }
}

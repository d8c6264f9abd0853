package io.etcdmedic.kms;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.encryption.KeyService.WrappedKey;
import io.etcdmedic.wire.WireFault;
import io.etcdmedic.wire.WireReader;
import io.etcdmedic.wire.WireWriter;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// The messages of `v2.KeyManagementService`. Source: k8s.io/kms apis/v2/api.proto.
final class KmsMessages {
    /// The protocol's own limit for a wrapped key and for a key's ID.
    private static final int FIELD_BYTES_MAX = 1024;

    /// Messages as bytes; more than gRPC's own limit of 4 MB does not get here.
    static final MethodDescriptor.Marshaller<Bytes> MARSHALLER = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(Bytes value) {
            return new ByteArrayInputStream(value.toArray());
        }

        @Override
        public Bytes parse(InputStream stream) {
            try {
                return Bytes.owned(stream.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    private KmsMessages() {}

    /// {1 ciphertext, 2 uid, 3 key_id, 4 annotations}
    static Bytes decryptRequest(WrappedKey wrapped, String uid) {
        WireWriter out = new WireWriter(2 * FIELD_BYTES_MAX);
        List<Map.Entry<String, Bytes>> annotations =
                new ArrayList<>(wrapped.annotations().entrySet());
        for (Map.Entry<String, Bytes> annotation : annotations.reversed()) {
            int before = out.length();
            out.field(2, annotation.getValue());
            out.field(1, Bytes.utf8(annotation.getKey()));
            out.message(4, before);
        }
        out.field(3, Bytes.utf8(wrapped.keyId()));
        out.field(2, Bytes.utf8(uid));
        out.field(1, wrapped.ciphertext());
        return out.toBytes();
    }

    /// {1 plaintext}
    static Bytes plaintext(Bytes message) {
        WireReader in = new WireReader(message);
        Bytes plaintext = Bytes.EMPTY;
        while (!in.atEnd()) {
            int tag = in.tag();
            if (tag == (1 << 3 | WireReader.LENGTH)) {
                plaintext = in.bytes();
            } else {
                in.skip(tag);
            }
        }
        return plaintext;
    }

    /// {1 plaintext, 2 uid}
    static Bytes encryptRequest(Bytes key, String uid) {
        WireWriter out = new WireWriter(128);
        out.field(2, Bytes.utf8(uid));
        out.field(1, key);
        return out.toBytes();
    }

    /// {1 ciphertext, 2 key_id, 3 annotations}
    ///
    /// @throws WireFault also when a field is missing, or larger than the protocol allows
    static WrappedKey wrapped(Bytes message) {
        WireReader in = new WireReader(message);
        Bytes ciphertext = Bytes.EMPTY;
        Bytes keyId = Bytes.EMPTY;
        SequencedMap<String, Bytes> annotations = new LinkedHashMap<>();
        while (!in.atEnd()) {
            int tag = in.tag();
            switch (tag) {
                case 1 << 3 | WireReader.LENGTH -> ciphertext = in.bytes();
                case 2 << 3 | WireReader.LENGTH -> keyId = in.bytes();
                case 3 << 3 | WireReader.LENGTH -> annotation(new WireReader(in.bytes()), annotations);
                default -> in.skip(tag);
            }
        }
        if (ciphertext.isEmpty() || keyId.isEmpty()) {
            throw new WireFault(ciphertext.isEmpty() ? "no wrapped key" : "no key ID", in.offset());
        }
        if (ciphertext.length() > FIELD_BYTES_MAX || keyId.length() > FIELD_BYTES_MAX) {
            throw new WireFault("a wrapped key or key ID of more than " + FIELD_BYTES_MAX + " bytes", in.offset());
        }
        return new WrappedKey(keyId.toUtf8(), ciphertext, annotations);
    }

    private static void annotation(WireReader in, SequencedMap<String, Bytes> into) {
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
}

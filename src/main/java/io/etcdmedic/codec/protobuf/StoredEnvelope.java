package io.etcdmedic.codec.protobuf;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.JsonOutput;
import io.etcdmedic.wire.WireFault;
import io.etcdmedic.wire.WireReader;

/// The frame around a stored object.
///
/// Shape: `k8s\0`, then Unknown{1: {1: apiVersion, 2: kind}, 2: the object, 3: contentEncoding, 4:
/// contentType}.
/// Source: k8s.io/apimachinery pkg/runtime/serializer/protobuf/protobuf.go and pkg/runtime/generated.proto.
///
/// @param typeMeta the bytes of field 1
/// @param rawFrom where the object begins, as an index of the array that was read
/// @param contentEncoding empty unless the object is compressed
/// @param contentType empty unless the object is something else than protobuf
record StoredEnvelope(Bytes typeMeta, int rawFrom, int rawLength, Bytes contentEncoding, Bytes contentType) {
    static final Bytes MAGIC = Bytes.owned(new byte[] {'k', '8', 's', 0});
    private static final Bytes PROTOBUF = Bytes.utf8("application/vnd.kubernetes.protobuf");
    private static final int TYPE_META = 1 << 3 | WireReader.LENGTH;
    private static final int RAW = 2 << 3 | WireReader.LENGTH;
    private static final int CONTENT_ENCODING = 3 << 3 | WireReader.LENGTH;
    private static final int CONTENT_TYPE = 4 << 3 | WireReader.LENGTH;

    /// Reads what lies behind the magic number, to the reader's limit.
    static StoredEnvelope read(WireReader in) {
        Bytes typeMeta = Bytes.EMPTY;
        Bytes encoding = Bytes.EMPTY;
        Bytes type = Bytes.EMPTY;
        int from = in.position();
        int length = 0;
        while (!in.atEnd()) {
            int tag = in.tag();
            switch (tag) {
                case TYPE_META -> typeMeta = in.bytes();
                case RAW -> {
                    length = in.length();
                    from = in.position();
                    in.skipBytes(length);
                }
                case CONTENT_ENCODING -> encoding = in.bytes();
                case CONTENT_TYPE -> type = in.bytes();
                default -> in.skip(tag);
            }
        }
        return new StoredEnvelope(typeMeta, from, length, encoding, type);
    }

    String apiVersion() {
        return text(1);
    }

    String kind() {
        return text(2);
    }

    private String text(int number) {
        WireReader in = new WireReader(typeMeta);
        Bytes found = Bytes.EMPTY;
        try {
            while (!in.atEnd()) {
                int tag = in.tag();
                if (tag == (number << 3 | WireReader.LENGTH)) {
                    found = in.bytes();
                } else {
                    in.skip(tag);
                }
            }
        } catch (WireFault fault) {
            throw fault.within("typeMeta");
        }
        return found.toUtf8();
    }

    /// Whether the object is something that this program cannot look into.
    boolean isOpaque() {
        return !contentEncoding.isEmpty() || !contentType.isEmpty() && !contentType.equals(PROTOBUF);
    }

    /// Writes what an envelope does not usually have.
    ///
    /// @param nested whether it stands where JSON is usual, so that it must be seen to be protobuf
    void writeRest(byte[] array, boolean nested, JsonOutput out) {
        if (!nested && contentEncoding.isEmpty() && contentType.isEmpty()) {
            return;
        }
        out.key(Reserved.ENVELOPE);
        out.beginMapping();
        out.key("contentEncoding");
        out.text(contentEncoding.toUtf8());
        out.key("contentType");
        out.text(contentType.toUtf8());
        if (isOpaque()) {
            out.key("raw");
            out.base64(array, rawFrom, rawLength);
        }
        out.endMapping();
    }
}

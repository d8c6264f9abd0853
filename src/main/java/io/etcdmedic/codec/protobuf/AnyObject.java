package io.etcdmedic.codec.protobuf;

import io.etcdmedic.schema.Type;
import io.etcdmedic.wire.WireFault;
import io.etcdmedic.wire.WireReader;

/// An object of a kind that no schema knows: every Kubernetes object has its metadata as field 1.
final class AnyObject {
    private AnyObject() {}

    /// The shape with that metadata when field 1 reads as such, else one without any field.
    static Shape shape(Shapes shapes, StoredEnvelope envelope, WireReader in) {
        Shape any = shapes.anyObject();
        WireReader raw = new WireReader(in.array(), envelope.rawFrom(), envelope.rawLength());
        try {
            boolean named = raw.takes(1 << 3 | WireReader.LENGTH)
                    && isMetadata(any.required(1).child(), raw);
            return named ? any : new Shape();
        } catch (WireFault _) {
            return new Shape();
        }
    }

    /// Whether every field of the message that comes next is known, of the right wire type, and in order.
    private static boolean isMetadata(Shape metadata, WireReader in) {
        in.enter(in.length());
        int last = 0;
        while (!in.atEnd()) {
            int tag = in.tag();
            Slot slot = metadata.slot(WireReader.number(tag));
            if (slot == null || tag != slot.tag || slot.number < last) {
                return false;
            }
            last = slot.number;
            if (slot.type() == Type.MESSAGE) {
                WireReader inner = new WireReader(in.bytes());
                while (!inner.atEnd()) {
                    inner.skip(inner.tag());
                }
            } else {
                in.skip(tag);
            }
        }
        return last > 0;
    }
}

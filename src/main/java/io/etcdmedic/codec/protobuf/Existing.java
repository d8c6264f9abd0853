package io.etcdmedic.codec.protobuf;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.protobuf.UnknownFields.Spans;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.document.JsonOutput;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.wire.WireFault;
import io.etcdmedic.wire.WireReader;

/// A message that is stored already, to keep its spelling where a document says the same: zeros that an older
/// release did not write, the nanoseconds of a time, white space in JSON.
final class Existing {
    static final Existing NONE = new Existing(Bytes.EMPTY, new Spans(new long[0], 0));

    private final Bytes message;
    private final Spans spans;

    private Existing(Bytes message, Spans spans) {
        this.message = message;
        this.spans = spans;
    }

    /// The object in a stored value; none when it cannot be read.
    static Existing object(Shapes shapes, Bytes value) {
        try {
            WireReader in = new WireReader(value);
            in.skipBytes(StoredEnvelope.MAGIC.length());
            StoredEnvelope envelope = StoredEnvelope.read(in);
            WireReader raw = new WireReader(in.array(), envelope.rawFrom(), envelope.rawLength());
            KnownKinds.Known kind = new KnownKinds(shapes).of(envelope, in);
            return envelope.isOpaque() ? NONE : of(Canonical.of(kind.shape(), raw));
        } catch (WireFault _) {
            return NONE;
        }
    }

    private static Existing of(Bytes message) {
        WireReader in = new WireReader(message);
        while (!in.atEnd()) {
            in.skip(in.tag());
        }
        return new Existing(message, Spans.of(in, message.arrayOffset(), _ -> true));
    }

    boolean isNone() {
        return this == NONE;
    }

    boolean has(int number) {
        return first(number) >= 0;
    }

    private int first(int number) {
        int low = 0;
        int high = spans.count();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (spans.number(middle) < number) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < spans.count() && spans.number(low) == number ? low : -1;
    }

    /// The message in the field's value of this index; none where there is none.
    Existing child(Slot slot, int index) {
        int at = first(slot.number);
        if (at < 0 || at + index >= spans.count() || spans.number(at + index) != slot.number) {
            return NONE;
        }
        if (slot.content != Content.MESSAGE) {
            return NONE;
        }
        WireReader in = at(at + index);
        in.tag();
        return of(in.bytes());
    }

    private WireReader at(int span) {
        int from = spans.position(span);
        return new WireReader(message.sharedArray(), from, message.arrayOffset() + message.length() - from);
    }

    /// The whole field, tag and value.
    Bytes only(int number) {
        WireReader in = at(first(number));
        int from = in.position();
        in.skip(in.tag());
        return Bytes.owned(in.array(), from, in.position() - from);
    }

    /// Whether the field is there once, and means `value`.
    boolean says(Slot slot, Document value, Shapes shapes) {
        int at = first(slot.number);
        boolean once = at >= 0 && (at + 1 == spans.count() || spans.number(at + 1) != slot.number);
        if (!once) {
            return false;
        }
        JsonOutput json = new JsonOutput(256);
        try {
            WireReader in = at(at);
            in.tag();
            new Transcoder(shapes, json).appendValue(slot, in);
            json.finish();
            return Json.read(json.view()).equals(value);
        } catch (WireFault | Failure _) {
            return false;
        }
    }
}

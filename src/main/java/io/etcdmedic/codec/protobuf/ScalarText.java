package io.etcdmedic.codec.protobuf;

import io.etcdmedic.document.JsonOutput;
import io.etcdmedic.wire.WireFault;
import io.etcdmedic.wire.WireReader;

/// Single values as JSON. Every method writes one, and says whether it was anything but zero.
final class ScalarText {
    private static final int LENGTH_1 = 1 << 3 | WireReader.LENGTH;
    private static final int VARINT_1 = 1 << 3;
    private static final int VARINT_2 = 2 << 3;
    private static final int LENGTH_3 = 3 << 3 | WireReader.LENGTH;

    private final JsonOutput out;

    ScalarText(JsonOutput out) {
        this.out = out;
    }

    boolean varint(Content content, long wire) {
        switch (content) {
            case TRUTH -> out.truth(wire != 0);
            case SIGNED_32 -> out.whole((int) wire);
            case UNSIGNED_32 -> out.whole(wire & 0xffff_ffffL);
            case SIGNED_64 -> out.whole(wire);
            case ZIGZAG -> out.whole(MapKeys.unzigzag(wire));
            default -> unsigned(wire);
        }
        return wire != 0;
    }

    boolean fixed32(Content content, WireReader in) {
        int wire = in.fixed32();
        switch (content) {
            case FIXED_32 -> out.whole(wire & 0xffff_ffffL);
            case SIGNED_FIXED_32 -> out.whole(wire);
            default -> {
                float value = Float.intBitsToFloat(wire);
                if (Float.isNaN(value) || Float.isInfinite(value)) {
                    throw new WireFault(value + ", which JSON cannot write", in.offset());
                }
                out.lexeme(GoNumbers.json(value));
            }
        }
        return wire != 0;
    }

    boolean fixed64(Content content, WireReader in) {
        long wire = in.fixed64();
        switch (content) {
            case FIXED_64 -> unsigned(wire);
            case SIGNED_FIXED_64 -> out.whole(wire);
            default -> {
                double value = Double.longBitsToDouble(wire);
                if (Double.isNaN(value) || Double.isInfinite(value)) {
                    throw new WireFault(value + ", which JSON cannot write", in.offset());
                }
                out.lexeme(GoNumbers.json(value));
            }
        }
        return wire != 0;
    }

    private void unsigned(long wire) {
        if (wire >= 0) {
            out.whole(wire);
        } else {
            out.lexeme(Long.toUnsignedString(wire));
        }
    }

    /// A message that is one value in JSON.
    boolean form(Content content, WireReader in) {
        int outer = in.enter(in.length());
        boolean any = switch (content) {
            case TIME -> time(in, false);
            case MICRO_TIME -> time(in, true);
            case DURATION -> duration(in);
            case QUANTITY -> quantity(in);
            default -> intOrString(in);
        };
        in.leave(outer);
        return any;
    }

    private boolean time(WireReader in, boolean micro) {
        if (in.atEnd()) {
            out.nil();
            return false;
        }
        long seconds = 0;
        int nanos = 0;
        while (!in.atEnd()) {
            int tag = in.tag();
            switch (tag) {
                case VARINT_1 -> seconds = in.varint();
                case VARINT_2 -> nanos = (int) in.varint();
                default -> in.skip(tag);
            }
        }
        if (seconds == Calendar.ZERO_SECONDS && (!micro || nanos == 0)) {
            out.nil();
            return false;
        }
        if (!Calendar.holds(seconds) || nanos < 0 || nanos > 999_999_999) {
            throw new WireFault("a time outside the years 0000 to 9999", in.offset());
        }
        Calendar.write(seconds, micro ? nanos / 1000 : -1, out);
        return true;
    }

    private boolean duration(WireReader in) {
        long nanos = 0;
        while (!in.atEnd()) {
            int tag = in.tag();
            if (tag == VARINT_1) {
                nanos = in.varint();
            } else {
                in.skip(tag);
            }
        }
        out.text(GoNumbers.duration(nanos));
        return nanos != 0;
    }

    private boolean quantity(WireReader in) {
        int from = 0;
        int length = 0;
        while (!in.atEnd()) {
            int tag = in.tag();
            if (tag == LENGTH_1) {
                length = in.length();
                from = in.position();
                in.skipBytes(length);
            } else {
                in.skip(tag);
            }
        }
        if (length == 0) {
            out.text("0");
        } else {
            out.text(in.array(), from, length);
        }
        return length > 0;
    }

    private boolean intOrString(WireReader in) {
        long kind = 0;
        int number = 0;
        int from = 0;
        int length = 0;
        while (!in.atEnd()) {
            int tag = in.tag();
            switch (tag) {
                case VARINT_1 -> kind = in.varint();
                case VARINT_2 -> number = (int) in.varint();
                case LENGTH_3 -> {
                    length = in.length();
                    from = in.position();
                    in.skipBytes(length);
                }
                default -> in.skip(tag);
            }
        }
        if (kind == 0) {
            out.whole(number);
        } else if (kind == 1) {
            out.text(in.array(), from, length);
        } else {
            throw new WireFault("an int-or-string that is neither (type " + kind + ")", in.offset());
        }
        return kind == 1 || number != 0;
    }
}

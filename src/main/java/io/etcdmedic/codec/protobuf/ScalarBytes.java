package io.etcdmedic.codec.protobuf;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Decimal;
import io.etcdmedic.document.Document.Mapping;
import io.etcdmedic.document.Document.Nil;
import io.etcdmedic.document.Document.Redacted;
import io.etcdmedic.document.Document.Sequence;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.Document.Truth;
import io.etcdmedic.document.Document.Whole;
import io.etcdmedic.schema.Type;
import io.etcdmedic.wire.WireWriter;
import java.math.BigInteger;
import java.util.Base64;

/// Single values from JSON to the wire, the last byte first; null stands for zero.
final class ScalarBytes {
    private static final BigInteger UNSIGNED_MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    private final WireWriter out;

    ScalarBytes(WireWriter out) {
        this.out = out;
    }

    /// One value of a field that is no message, with its tag.
    void write(Slot slot, int number, Document value) {
        if (slot.type() == Type.STRING) {
            out.field(number, Bytes.utf8(text(value)));
        } else if (slot.type() == Type.BYTES) {
            out.field(number, base64(text(value)));
        } else {
            number(slot.type(), value);
            out.tag(number, slot.type().wireType());
        }
    }

    private void number(Type type, Document value) {
        switch (type) {
            case BOOL -> out.varint(truth(value) ? 1 : 0);
            case INT32, ENUM -> out.varint(whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case INT64 -> out.varint(whole(value, Long.MIN_VALUE, Long.MAX_VALUE));
            case UINT32 -> out.varint(whole(value, 0, 0xffff_ffffL));
            case UINT64 -> out.varint(unsigned(value));
            case SINT32 -> out.varint(zigzag(whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE)));
            case SINT64 -> out.varint(zigzag(whole(value, Long.MIN_VALUE, Long.MAX_VALUE)));
            case FIXED32 -> out.fixed32((int) whole(value, 0, 0xffff_ffffL));
            case SFIXED32 -> out.fixed32((int) whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case FIXED64 -> out.fixed64(unsigned(value));
            case SFIXED64 -> out.fixed64(whole(value, Long.MIN_VALUE, Long.MAX_VALUE));
            case FLOAT -> out.fixed32(Float.floatToRawIntBits((float) fraction(value)));
            case DOUBLE -> out.fixed64(Double.doubleToRawLongBits(fraction(value)));
            case STRING, BYTES, MESSAGE -> throw new IllegalArgumentException(type + " is no number");
        }
    }

    private static long zigzag(long number) {
        return number << 1 ^ number >> 63;
    }

    /// The fields of a message that is one value in JSON.
    void form(Content content, Document value) {
        switch (content) {
            case TIME, MICRO_TIME -> time(value, content == Content.MICRO_TIME);
            case DURATION -> {
                String text = value instanceof Nil ? "0s" : text(value);
                out.field(1, GoNumbers.duration(text).orElseThrow(() -> new Mismatch(text, "a duration: 1h30m0s")));
            }
            case QUANTITY -> out.field(1, Bytes.utf8(quantity(value)));
            default -> intOrString(value);
        }
    }

    private void time(Document value, boolean micro) {
        if (value instanceof Nil) {
            return;
        }
        String text = text(value);
        Calendar.Moment moment =
                Calendar.parse(text).orElseThrow(() -> new Mismatch(text, "a time: 2006-01-02T15:04:05Z"));
        if (moment.seconds() == Calendar.ZERO_SECONDS && (!micro || moment.nanos() == 0)) {
            return;
        }
        out.field(2, micro ? moment.nanos() / 1000 * 1000L : 0);
        out.field(1, moment.seconds());
    }

    private static String quantity(Document value) {
        String text = switch (value) {
            case Nil _ -> "0";
            case Whole whole -> Long.toString(whole.number());
            case Decimal decimal -> decimal.lexeme();
            case Text written -> written.text();
            case Mapping _, Sequence _, Truth _, Redacted _ -> throw new Mismatch(word(value), "a quantity: 100m");
        };
        return StoredQuantity.of(text).orElseThrow(() -> new Mismatch("'" + text + "'", "a quantity: 100m, 1.5Gi"));
    }

    private void intOrString(Document value) {
        if (value instanceof Text text) {
            out.field(3, Bytes.utf8(text.text()));
            out.field(2, 0);
            out.field(1, 1);
        } else {
            out.field(3, Bytes.EMPTY);
            out.field(2, whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE));
            out.field(1, 0);
        }
    }

    void mapKey(Type type, Bytes key) {
        if (type == Type.STRING) {
            out.field(1, key);
            return;
        }
        String text = key.toUtf8();
        number(type, type == Type.BOOL ? Truth.of(text.equals("true")) : numeric(text));
        out.tag(1, type.wireType());
    }

    private static Document numeric(String text) {
        if (!text.matches("-?[0-9]{1,20}")) {
            throw new Mismatch("the key " + text, "a number");
        }
        return new Decimal(text);
    }

    static Bytes base64(String text) {
        try {
            return Bytes.owned(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException wrong) {
            throw new Mismatch("text that is not base64", "base64 with padding");
        }
    }

    private static String text(Document value) {
        return switch (value) {
            case Text text -> text.text();
            case Nil _ -> "";
            case Mapping _, Sequence _, Whole _, Decimal _, Truth _, Redacted _ ->
                throw new Mismatch(word(value), "text; put it in quotes");
        };
    }

    private static boolean truth(Document value) {
        return switch (value) {
            case Truth truth -> truth.value();
            case Nil _ -> false;
            case Mapping _, Sequence _, Whole _, Decimal _, Text _, Redacted _ ->
                throw new Mismatch(word(value), "true or false");
        };
    }

    private static long whole(Document value, long min, long max) {
        BigInteger number = integer(value);
        if (number.compareTo(BigInteger.valueOf(min)) < 0 || number.compareTo(BigInteger.valueOf(max)) > 0) {
            throw new Mismatch("the number " + number, "a number from " + min + " to " + max);
        }
        return number.longValue();
    }

    private static long unsigned(Document value) {
        BigInteger number = integer(value);
        if (number.signum() < 0 || number.compareTo(UNSIGNED_MAX) > 0) {
            throw new Mismatch("the number " + number, "a number from 0 to " + UNSIGNED_MAX);
        }
        return number.longValue();
    }

    private static BigInteger integer(Document value) {
        return switch (value) {
            case Whole whole -> BigInteger.valueOf(whole.number());
            case Nil _ -> BigInteger.ZERO;
            case Decimal decimal -> {
                if (!decimal.lexeme().matches("-?[0-9]{1,40}")) {
                    throw new Mismatch("the number " + decimal.lexeme(), "a whole number");
                }
                yield new BigInteger(decimal.lexeme());
            }
            case Mapping _, Sequence _, Text _, Truth _, Redacted _ -> throw new Mismatch(word(value), "a number");
        };
    }

    private static double fraction(Document value) {
        return switch (value) {
            case Whole whole -> whole.number();
            case Nil _ -> 0;
            case Decimal decimal -> Double.parseDouble(decimal.lexeme());
            case Mapping _, Sequence _, Text _, Truth _, Redacted _ -> throw new Mismatch(word(value), "a number");
        };
    }

    /// What a value is, in a message for people.
    static String word(Document value) {
        return switch (value) {
            case Mapping _ -> "a mapping";
            case Sequence _ -> "a list";
            case Text _ -> "text";
            case Whole _, Decimal _ -> "a number";
            case Truth truth -> Boolean.toString(truth.value());
            case Nil _ -> "null";
            case Redacted _ -> "a value that is not shown";
        };
    }
}

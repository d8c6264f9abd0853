package io.etcdmedic.document;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document.Decimal;
import io.etcdmedic.document.Document.Mapping;
import io.etcdmedic.document.Document.Nil;
import io.etcdmedic.document.Document.Redacted;
import io.etcdmedic.document.Document.Sequence;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.Document.Truth;
import io.etcdmedic.document.Document.Whole;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;

/// Writes one CBOR value.
final class CborWriter {
    private static final BigInteger MINUS_ONE = BigInteger.ONE.negate();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(1024);

    void raw(Bytes bytes) {
        out.writeBytes(bytes.toArray());
    }

    Bytes toBytes() {
        return Bytes.owned(out.toByteArray());
    }

    void value(Document document) {
        switch (document) {
            case Mapping mapping -> {
                head(5, mapping.fields().size());
                mapping.fields().forEach((name, value) -> {
                    text(name);
                    value(value);
                });
            }
            case Sequence sequence -> {
                head(4, sequence.elements().size());
                sequence.elements().forEach(this::value);
            }
            case Text text -> text(text.text());
            case Whole whole -> integer(BigInteger.valueOf(whole.number()));
            case Decimal decimal -> decimal(decimal.lexeme());
            case Truth truth -> out.write(truth.value() ? 0xf5 : 0xf4);
            case Nil _ -> out.write(0xf6);
            case Redacted _ -> throw new IllegalArgumentException("a value that is not shown");
        }
    }

    private void text(String text) {
        Bytes utf8 = Bytes.utf8(text);
        head(2, utf8.length());
        raw(utf8);
    }

    private void decimal(String lexeme) {
        if (lexeme.matches("-?[0-9]+") && !lexeme.equals("-0")) {
            integer(new BigInteger(lexeme));
        } else {
            fraction(Double.parseDouble(lexeme));
        }
    }

    private void integer(BigInteger number) {
        BigInteger magnitude = number.signum() < 0 ? MINUS_ONE.subtract(number) : number;
        if (magnitude.bitLength() <= Long.SIZE) {
            head(number.signum() < 0 ? 1 : 0, magnitude.longValue());
            return;
        }
        head(6, number.signum() < 0 ? 3 : 2);
        byte[] bytes = magnitude.toByteArray();
        int from = bytes[0] == 0 ? 1 : 0;
        head(2, bytes.length - from);
        out.write(bytes, from, bytes.length - from);
    }

    /// In 2, 4 or 8 bytes, the fewest that hold it exactly.
    private void fraction(double value) {
        float single = (float) value;
        short half = Float.floatToFloat16(single);
        if (Float.float16ToFloat(half) == value) {
            out.write(0xf9);
            big(half, 2);
        } else if (single == value) {
            out.write(0xfa);
            big(Float.floatToRawIntBits(single), 4);
        } else {
            out.write(0xfb);
            big(Double.doubleToRawLongBits(value), 8);
        }
    }

    /// @param argument unsigned
    private void head(int major, long argument) {
        int top = major << 5;
        if (argument >= 0 && argument < 24) {
            out.write(top | (int) argument);
        } else if (argument >>> 8 == 0) {
            out.write(top | 24);
            big(argument, 1);
        } else if (argument >>> 16 == 0) {
            out.write(top | 25);
            big(argument, 2);
        } else if (argument >>> 32 == 0) {
            out.write(top | 26);
            big(argument, 4);
        } else {
            out.write(top | 27);
            big(argument, 8);
        }
    }

    private void big(long number, int bytes) {
        for (int i = bytes - 1; i >= 0; i--) {
            out.write((int) (number >>> 8 * i));
        }
    }
}

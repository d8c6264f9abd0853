package io.etcdmedic.document;

import io.etcdmedic.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;

/// Writes CBOR the way kube-apiserver does.
final class CborWriter {
    private static final BigInteger UNSIGNED_MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(1024);

    void raw(Bytes bytes) {
        out.writeBytes(bytes.toArray());
    }

    Bytes toBytes() {
        return Bytes.owned(out.toByteArray());
    }

    void write(Document document) {
        switch (document) {
            case Document.Mapping mapping -> {
                head(5, mapping.fields().size());
                mapping.fields().forEach((name, value) -> {
                    text(name);
                    write(value);
                });
            }
            case Document.Sequence sequence -> {
                head(4, sequence.elements().size());
                sequence.elements().forEach(this::write);
            }
            case Document.Text text -> text(text.text());
            case Document.Whole whole -> whole(whole.number());
            case Document.Decimal decimal -> decimal(decimal.lexeme());
            case Document.Truth truth -> out.write(truth.value() ? 0xf5 : 0xf4);
            case Document.Nil _ -> out.write(0xf6);
            case Document.Redacted _ -> throw new IllegalArgumentException("a redacted value cannot be stored");
        }
    }

    private void text(String text) {
        Bytes utf8 = Bytes.utf8(text);
        head(2, utf8.length());
        raw(utf8);
    }

    private void whole(long number) {
        head(number < 0 ? 1 : 0, number < 0 ? ~number : number);
    }

    private void decimal(String lexeme) {
        BigDecimal exact = new BigDecimal(lexeme);
        boolean written = lexeme.indexOf('.') < 0 && lexeme.indexOf('e') < 0 && lexeme.indexOf('E') < 0;
        BigInteger magnitude = written ? exact.toBigInteger() : BigInteger.ZERO;
        boolean negative = magnitude.signum() < 0;
        BigInteger argument = negative ? magnitude.not() : magnitude;
        // What is short was a float: a whole number of 64 bits is a Whole.
        if (written && argument.bitLength() >= Long.SIZE - 1 && argument.compareTo(UNSIGNED_MAX) <= 0) {
            head(negative ? 1 : 0, argument.longValue());
        } else if (written && argument.compareTo(UNSIGNED_MAX) > 0) {
            bignum(negative, argument);
        } else {
            number(lexeme.equals("-0") ? -0.0 : exact.doubleValue());
        }
    }

    /// More than 64 bits: tag 2 or 3 and the bytes of `argument`.
    private void bignum(boolean negative, BigInteger argument) {
        byte[] bytes = argument.toByteArray();
        int from = bytes[0] == 0 ? 1 : 0;
        head(6, negative ? 3 : 2);
        head(2, bytes.length - from);
        out.write(bytes, from, bytes.length - from);
    }

    /// In the shortest of the three forms that keeps it exact.
    private void number(double value) {
        float single = (float) value;
        short half = Float.floatToFloat16(single);
        if (Double.compare(Float.float16ToFloat(half), value) == 0) {
            out.write(0xf9);
            bigEndian(half, 2);
        } else if (Double.compare(single, value) == 0) {
            out.write(0xfa);
            bigEndian(Float.floatToIntBits(single), 4);
        } else {
            out.write(0xfb);
            bigEndian(Double.doubleToLongBits(value), 8);
        }
    }

    private void head(int major, long argument) {
        if (argument >= 0 && argument < 24) {
            out.write(major << 5 | (int) argument);
            return;
        }
        int size = argument < 0 ? 8 : argument < 1L << 8 ? 1 : argument < 1L << 16 ? 2 : argument < 1L << 32 ? 4 : 8;
        out.write(major << 5 | 24 + Integer.numberOfTrailingZeros(size));
        bigEndian(argument, size);
    }

    private void bigEndian(long value, int count) {
        for (int shift = 8 * (count - 1); shift >= 0; shift -= 8) {
            out.write((int) (value >>> shift));
        }
    }
}

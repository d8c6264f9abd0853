package io.etcdmedic.document;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document.Decimal;
import io.etcdmedic.document.Document.Nil;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.Document.Truth;
import io.etcdmedic.document.Document.Whole;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.HexFormat;

/// Reads one CBOR value without recursion: no length is believed before it is compared with what is left.
final class CborReader {
    private static final int BIGNUM = 2;
    private static final int NEGATIVE_BIGNUM = 3;
    private static final int INDEFINITE = 31;
    /// Tags in a row; Kubernetes writes at most two.
    private static final int TAGS_MAX = 16;

    private final Bytes cbor;
    private final TreeBuilder tree = new TreeBuilder();
    /// For each open collection what is left of it: values of a list, names and values of a mapping; -1 until a break.
    private final long[] left = new long[Json.DEPTH_MAX + 1];

    private final boolean[] mapping = new boolean[Json.DEPTH_MAX + 1];
    private final boolean[] nameNext = new boolean[Json.DEPTH_MAX + 1];
    private int depth;
    private int at;

    CborReader(Bytes cbor) {
        this.cbor = cbor;
        tree.onDuplicate(path -> {
            throw corrupt("the field " + path + " twice", at);
        });
    }

    Document read() {
        do {
            item();
            closeFull();
        } while (depth > 0);
        if (at != cbor.length()) {
            throw corrupt("more after the end of the value", at);
        }
        return tree.result();
    }

    private void closeFull() {
        while (depth > 0 && left[depth] == 0) {
            close();
        }
    }

    private void close() {
        depth--;
        tree.end();
    }

    private void item() {
        int start = at;
        long tag = -1;
        int tags = 0;
        int head = next();
        while (head >>> 5 == 6) {
            if (++tags > TAGS_MAX) {
                throw corrupt("more than " + TAGS_MAX + " tags in a row", start);
            }
            tag = argument(head);
            head = next();
        }
        if (head == 0xff) {
            end(start);
            return;
        }
        if (depth > 0 && nameNext[depth]) {
            counted();
            nameNext[depth] = false;
            tree.name(name(head, start));
            return;
        }
        if (depth > 0) {
            counted();
            nameNext[depth] = mapping[depth];
        }
        value(head, tag, start);
    }

    private void counted() {
        if (left[depth] > 0) {
            left[depth]--;
        }
    }

    private void end(int start) {
        if (depth == 0 || left[depth] >= 0 || mapping[depth] && !nameNext[depth]) {
            throw corrupt("a break where nothing ends", start);
        }
        close();
    }

    private String name(int head, int start) {
        return switch (head >>> 5) {
            case 2, 3 -> utf8(string(head), start);
            case 0 -> Long.toUnsignedString(argument(head));
            case 1 -> negative(argument(head)).toString();
            default -> throw corrupt("a field's name that is neither text nor a number", start);
        };
    }

    private void value(int head, long tag, int start) {
        switch (head >>> 5) {
            case 0 -> tree.add(number(new BigInteger(Long.toUnsignedString(argument(head)))));
            case 1 -> tree.add(number(negative(argument(head))));
            case 2 -> tree.add(bytes(string(head), tag, start));
            case 3 -> tree.add(new Text(utf8(string(head), start)));
            case 4 -> begin(head, false, start);
            case 5 -> begin(head, true, start);
            default -> tree.add(simple(head, start));
        }
    }

    private static BigInteger negative(long argument) {
        return BigInteger.ONE.negate().subtract(new BigInteger(Long.toUnsignedString(argument)));
    }

    private static Document number(BigInteger value) {
        return value.bitLength() < Long.SIZE ? new Whole(value.longValue()) : new Decimal(value.toString());
    }

    /// A byte string by its tag: a number, text in an encoding, or, as Kubernetes has it, text itself.
    private Document bytes(Bytes bytes, long tag, int start) {
        if (tag == BIGNUM || tag == NEGATIVE_BIGNUM) {
            if (bytes.length() > 1024) {
                throw corrupt("a number of " + bytes.length() + " bytes", start);
            }
            BigInteger magnitude = new BigInteger(1, bytes.toArray());
            return number(tag == BIGNUM ? magnitude : BigInteger.ONE.negate().subtract(magnitude));
        }
        if (tag == 21) {
            return new Text(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toArray()));
        }
        if (tag == 22) {
            return new Text(Base64.getEncoder().encodeToString(bytes.toArray()));
        }
        return new Text(tag == 23 ? HexFormat.of().formatHex(bytes.toArray()) : utf8(bytes, start));
    }

    private void begin(int head, boolean isMapping, int start) {
        boolean indefinite = (head & 31) == INDEFINITE;
        long count = indefinite ? -1 : argument(head);
        long perEntry = isMapping ? 2 : 1;
        if (!indefinite && (count < 0 || count > (cbor.length() - at) / perEntry)) {
            throw corrupt(Long.toUnsignedString(count) + " elements where " + (cbor.length() - at) + " bytes are left", start);
        }
        if (depth == Json.DEPTH_MAX) {
            throw corrupt("values nested more than " + Json.DEPTH_MAX + " deep", start);
        }
        depth++;
        left[depth] = indefinite ? -1 : count * perEntry;
        mapping[depth] = isMapping;
        nameNext[depth] = isMapping;
        if (isMapping) {
            tree.beginMapping();
        } else {
            tree.beginSequence();
        }
    }

    private Document simple(int head, int start) {
        return switch (head & 31) {
            case 20 -> Truth.FALSE;
            case 21 -> Truth.TRUE;
            case 22, 23 -> Nil.NULL;
            case 25 -> fraction(Float.float16ToFloat((short) big(2)), start);
            case 26 -> fraction(Float.intBitsToFloat((int) big(4)), start);
            case 27 -> fraction(Double.longBitsToDouble(big(8)), start);
            default -> throw corrupt("the simple value " + (head & 31), start);
        };
    }

    /// With its point, so that it stays a fraction: `1.0`.
    private Document fraction(double value, int start) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw corrupt(value + ", which no JSON has", start);
        }
        String lexeme = Double.toString(value);
        return new Decimal(lexeme.contains("E") && Math.abs(value) < 1e21 && Math.abs(value) >= 1e-6
                ? new BigDecimal(lexeme).toPlainString() + (value == Math.rint(value) ? ".0" : "")
                : lexeme);
    }

    private Bytes string(int head) {
        if ((head & 31) != INDEFINITE) {
            return take(head);
        }
        java.io.ByteArrayOutputStream joined = new java.io.ByteArrayOutputStream();
        int start = at;
        int chunk = next();
        while (chunk != 0xff) {
            if (chunk >>> 5 != head >>> 5 || (chunk & 31) == INDEFINITE) {
                throw corrupt("a chunk of another type", start);
            }
            joined.writeBytes(take(chunk).toArray());
            start = at;
            chunk = next();
        }
        return Bytes.owned(joined.toByteArray());
    }

    private Bytes take(int head) {
        int start = at;
        long length = argument(head);
        if (length < 0 || length > cbor.length() - at) {
            throw corrupt(
                    "a length of " + Long.toUnsignedString(length) + " where " + (cbor.length() - at) + " bytes are left",
                    start);
        }
        at += (int) length;
        return cbor.slice(at - (int) length, at);
    }

    private String utf8(Bytes bytes, int start) {
        return io.etcdmedic.bytes.Escape.exactUtf8(bytes)
                .orElseThrow(() -> corrupt("text that is not UTF-8", start));
    }

    /// What follows a head's first byte; of 64 bits, unsigned.
    private long argument(int head) {
        int small = head & 31;
        return switch (small) {
            case 24 -> big(1);
            case 25 -> big(2);
            case 26 -> big(4);
            case 27 -> big(8);
            default -> {
                if (small > 27) {
                    throw corrupt("a head of an unknown form, " + small, at - 1);
                }
                yield small;
            }
        };
    }

    private long big(int count) {
        long number = 0;
        for (int i = 0; i < count; i++) {
            number = number << 8 | next();
        }
        return number;
    }

    private int next() {
        if (at >= cbor.length()) {
            throw corrupt("the end within a value", at);
        }
        return cbor.at(at++) & 0xff;
    }

    private static Failure corrupt(String found, long offset) {
        return new Failure.Corrupt(Problem.in("reading CBOR").found(found + ", at byte " + offset));
    }
}

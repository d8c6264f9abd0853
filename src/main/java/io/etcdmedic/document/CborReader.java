package io.etcdmedic.document;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Escape;
import io.etcdmedic.document.Document.Decimal;
import io.etcdmedic.document.Document.Nil;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.Document.Truth;
import io.etcdmedic.document.Document.Whole;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HexFormat;

/// Reads CBOR without recursion; believes no length before comparing it with what is left.
final class CborReader {
    private static final int UNSIGNED = 0;
    private static final int NEGATIVE = 1;
    private static final int BYTE_STRING = 2;
    private static final int TEXT_STRING = 3;
    private static final int ARRAY = 4;
    private static final int MAP = 5;
    private static final int TAG = 6;
    private static final int BREAK = 0xff;
    private static final long INDEFINITE = -1;

    private final Bytes cbor;
    private final TreeBuilder tree = new TreeBuilder();
    private final Deque<Open> open = new ArrayDeque<>();
    private int at;
    /// The tag before the value that comes next; 0 for none that matters.
    private long tag;

    /// An array or a map that has not ended.
    private static final class Open {
        private final boolean map;
        /// Values, or pairs, that are still to come; [#INDEFINITE] until a break.
        private long left;

        private boolean nameNext;

        Open(boolean map, long left) {
            this.map = map;
            this.left = left;
            this.nameNext = map;
        }
    }

    CborReader(Bytes cbor) {
        this.cbor = cbor;
        tree.onDuplicate(path -> {
            throw corrupt("the field " + path + " twice");
        });
    }

    Document read() {
        do {
            value();
            endWhatIsFull();
        } while (!tree.complete());
        if (at < cbor.length()) {
            throw corrupt("more after the end of the value");
        }
        return tree.result();
    }

    /// Reads one head and what belongs to it, without the values inside.
    private void value() {
        int head = octet();
        if (head == BREAK) {
            end();
            return;
        }
        int major = head >> 5;
        if (major == TAG) {
            tag = argument(head);
            return;
        }
        Open parent = open.peek();
        if (parent != null && parent.nameNext) {
            if (major != BYTE_STRING && major != TEXT_STRING) {
                throw corrupt("a field's name that is no text");
            }
            tree.name(text(string(head, major)));
            parent.nameNext = false;
            tag = 0;
            return;
        }
        if (major == ARRAY || major == MAP) {
            begin(head, major == MAP);
        } else {
            tree.add(scalar(head, major));
            counted();
        }
        tag = 0;
    }

    private void begin(int head, boolean map) {
        long count = (head & 31) == 31 ? INDEFINITE : argument(head);
        // Each element needs a byte, each pair two.
        if (count != INDEFINITE && (count < 0 || count > (cbor.length() - at) / (map ? 2 : 1))) {
            throw corrupt("a count of " + Long.toUnsignedString(count) + " where " + (cbor.length() - at)
                    + " bytes are left");
        }
        if (open.size() >= Json.DEPTH_MAX) {
            throw corrupt("values nested more than " + Json.DEPTH_MAX + " deep");
        }
        open.push(new Open(map, count));
        if (map) {
            tree.beginMapping();
        } else {
            tree.beginSequence();
        }
    }

    private void end() {
        Open last = open.peek();
        if (last == null || last.left != INDEFINITE || last.map && !last.nameNext) {
            throw corrupt("a break where none belongs");
        }
        close();
    }

    private void endWhatIsFull() {
        while (!open.isEmpty() && open.element().left == 0) {
            close();
        }
    }

    private void close() {
        open.pop();
        tree.end();
        counted();
    }

    private void counted() {
        Open parent = open.peek();
        if (parent != null) {
            parent.left -= parent.left == INDEFINITE ? 0 : 1;
            parent.nameNext = parent.map;
        }
    }

    private Document scalar(int head, int major) {
        return switch (major) {
            case UNSIGNED -> whole(new BigInteger(Long.toUnsignedString(argument(head))));
            case NEGATIVE -> whole(new BigInteger(Long.toUnsignedString(argument(head))).not());
            case BYTE_STRING -> bytes(string(head, major));
            case TEXT_STRING -> new Text(text(string(head, major)));
            default -> simple(head);
        };
    }

    private static Document whole(BigInteger number) {
        return number.bitLength() < Long.SIZE ? new Whole(number.longValue()) : new Decimal(number.toString());
    }

    private Document bytes(Bytes bytes) {
        return switch ((int) Math.clamp(tag, 0, 64)) {
            case 2 -> whole(new BigInteger(1, bytes.toArray()));
            case 3 -> whole(new BigInteger(1, bytes.toArray()).not());
            case 21 -> new Text(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toArray()));
            case 22 -> new Text(Base64.getEncoder().encodeToString(bytes.toArray()));
            case 23 -> new Text(HexFormat.of().formatHex(bytes.toArray()));
            default -> new Text(text(bytes));
        };
    }

    private String text(Bytes utf8) {
        return Escape.exactUtf8(utf8).orElseThrow(() -> corrupt("text that is not UTF-8"));
    }

    private Bytes string(int head, int major) {
        if ((head & 31) != 31) {
            return piece(head);
        }
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (int next = octet(); next != BREAK; next = octet()) {
            if (next >> 5 != major || (next & 31) == 31) {
                throw corrupt("a piece of a string that is of another kind");
            }
            joined.writeBytes(piece(next).toArray());
        }
        return Bytes.owned(joined.toByteArray());
    }

    private Bytes piece(int head) {
        long length = argument(head);
        if (length < 0 || length > cbor.length() - at) {
            throw corrupt("a length of " + Long.toUnsignedString(length) + " where " + (cbor.length() - at)
                    + " bytes are left");
        }
        at += (int) length;
        return cbor.slice(at - (int) length, at);
    }

    private Document simple(int head) {
        return switch (head & 31) {
            case 20 -> Truth.FALSE;
            case 21 -> Truth.TRUE;
            case 22, 23 -> Nil.NULL;
            case 25 -> number(Float.float16ToFloat((short) bigEndian(2)));
            case 26 -> number(Float.intBitsToFloat((int) bigEndian(4)));
            case 27 -> number(Double.longBitsToDouble(bigEndian(8)));
            default -> throw corrupt("the simple value " + (head & 31));
        };
    }

    /// As Go writes it in JSON.
    private Document number(double value) {
        if (!Double.isFinite(value)) {
            throw corrupt("the number " + value + ", which JSON does not have");
        }
        if (value == 0) {
            return new Decimal(1 / value < 0 ? "-0" : "0");
        }
        BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        double size = Math.abs(value);
        if (size >= 1e-6 && size < 1e21) {
            return new Decimal(exact.toPlainString());
        }
        String digits = exact.unscaledValue().abs().toString();
        int exponent = digits.length() - 1 - exact.scale();
        String mantissa = digits.charAt(0) + (digits.length() > 1 ? "." + digits.substring(1) : "");
        return new Decimal((value < 0 ? "-" : "") + mantissa + (exponent < 0 ? "e-" : "e+") + Math.abs(exponent));
    }

    /// The number in a head, or behind it; unsigned.
    private long argument(int head) {
        int info = head & 31;
        return switch (info) {
            case 24 -> bigEndian(1);
            case 25 -> bigEndian(2);
            case 26 -> bigEndian(4);
            case 27 -> bigEndian(8);
            case 28, 29, 30, 31 -> throw corrupt("a head that means nothing");
            default -> info;
        };
    }

    private long bigEndian(int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | octet();
        }
        return value;
    }

    private int octet() {
        if (at >= cbor.length()) {
            throw corrupt("the end within a value");
        }
        return cbor.at(at++) & 0xff;
    }

    private Failure corrupt(String found) {
        return new Failure.Corrupt(Problem.in("reading CBOR").found(found + ", at byte " + at));
    }
}

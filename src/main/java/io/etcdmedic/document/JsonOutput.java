package io.etcdmedic.document;

import io.etcdmedic.bytes.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A growing buffer of JSON text in UTF-8, for writers on a hot path.
///
/// Every value is written with a comma behind it, and what closes takes the last comma away:
/// `beginMapping(); key(…); text(…); endMapping();`. Reused by [#clear()]; not for several threads.
public final class JsonOutput {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BASE64 =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DIGIT_PAIRS = digitPairs();
    private static final byte[] REPLACEMENT = {(byte) 0xEF, (byte) 0xBF, (byte) 0xBD};

    private byte[] buffer;
    private int length;
    private boolean replaced;

    public JsonOutput(int capacity) {
        buffer = new byte[Math.max(64, capacity)];
    }

    public void clear() {
        length = 0;
        replaced = false;
    }

    public int length() {
        return length;
    }

    /// Takes back everything after `mark`, a former [#length()].
    public void truncate(int mark) {
        length = mark;
    }

    /// Whether text that is not UTF-8 had to be written as U+FFFD since the last [#clear()].
    public boolean replaced() {
        return replaced;
    }

    public void beginMapping() {
        put((byte) '{');
    }

    public void endMapping() {
        close((byte) '}');
    }

    public void beginSequence() {
        put((byte) '[');
    }

    public void endSequence() {
        close((byte) ']');
    }

    /// A field's name as prepared bytes: `"name":`.
    public void key(byte[] prepared) {
        raw(prepared, 0, prepared.length);
    }

    /// A field's name, from UTF-8.
    public void key(byte[] utf8, int from, int count) {
        quoted(utf8, from, count);
        put((byte) ':');
    }

    public void key(String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        key(utf8, 0, utf8.length);
    }

    public void text(byte[] utf8, int from, int count) {
        quoted(utf8, from, count);
        put((byte) ',');
    }

    public void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        text(utf8, 0, utf8.length);
    }

    public void truth(boolean value) {
        ascii(value ? "true," : "false,");
    }

    public void nil() {
        ascii("null,");
    }

    /// Characters that are JSON already, with a comma behind.
    public void lexeme(String json) {
        ascii(json);
        put((byte) ',');
    }

    /// Characters as they are, all of them ASCII.
    public void ascii(String text) {
        int count = text.length();
        reserve(count);
        for (int i = 0; i < count; i++) {
            buffer[length + i] = (byte) text.charAt(i);
        }
        length += count;
    }

    public void raw(byte[] bytes, int from, int count) {
        reserve(count);
        System.arraycopy(bytes, from, buffer, length, count);
        length += count;
    }

    public void put(byte b) {
        if (length == buffer.length) {
            grow(1);
        }
        buffer[length++] = b;
    }

    public void whole(long number) {
        reserve(21);
        if (number < 0) {
            if (number == Long.MIN_VALUE) {
                lexeme("-9223372036854775808");
                return;
            }
            buffer[length++] = '-';
            number = -number;
        }
        digits(number);
        buffer[length++] = ',';
    }

    /// A number that JSON has as text: `"747"`.
    public void quoted(long number) {
        put((byte) '"');
        whole(number);
        buffer[length - 1] = '"';
        put((byte) ',');
    }

    /// Exactly `count` digits of a number that has no more, without a comma behind.
    public void padded(int number, int count) {
        reserve(count);
        for (int i = count - 1; i >= 0; i--) {
            buffer[length + i] = (byte) ('0' + number % 10);
            number /= 10;
        }
        length += count;
    }

    /// `"2026-11-25T03:04:05Z"`, or with six digits more.
    ///
    /// @param second of the day
    /// @param micros from 0 to 999,999; negative for whole seconds
    public void moment(int year, int month, int day, int second, int micros) {
        reserve(32);
        buffer[length++] = '"';
        padded(year, 4);
        buffer[length++] = '-';
        padded(month, 2);
        buffer[length++] = '-';
        padded(day, 2);
        buffer[length++] = 'T';
        padded(second / 3600, 2);
        buffer[length++] = ':';
        padded(second / 60 % 60, 2);
        buffer[length++] = ':';
        padded(second % 60, 2);
        if (micros >= 0) {
            buffer[length++] = '.';
            padded(micros, 6);
        }
        buffer[length++] = 'Z';
        buffer[length++] = '"';
        buffer[length++] = ',';
    }

    /// Base64 with padding, as Go writes `[]byte`.
    public void base64(byte[] bytes, int from, int count) {
        reserve((int) Math.min(Integer.MAX_VALUE - 8, (count + 2L) / 3 * 4 + 3));
        byte[] out = buffer;
        int at = length;
        out[at++] = '"';
        int i = from;
        for (int end = from + count - 2; i < end; i += 3) {
            int bits = (bytes[i] & 0xff) << 16 | (bytes[i + 1] & 0xff) << 8 | bytes[i + 2] & 0xff;
            out[at] = BASE64[bits >>> 18];
            out[at + 1] = BASE64[bits >>> 12 & 63];
            out[at + 2] = BASE64[bits >>> 6 & 63];
            out[at + 3] = BASE64[bits & 63];
            at += 4;
        }
        int left = from + count - i;
        if (left > 0) {
            int bits = (bytes[i] & 0xff) << 16 | (left == 2 ? (bytes[i + 1] & 0xff) << 8 : 0);
            out[at++] = BASE64[bits >>> 18];
            out[at++] = BASE64[bits >>> 12 & 63];
            out[at++] = left == 2 ? BASE64[bits >>> 6 & 63] : (byte) '=';
            out[at++] = '=';
        }
        out[at++] = '"';
        out[at++] = ',';
        length = at;
    }

    /// Ends a whole document: takes the last comma away.
    public void finish() {
        if (length > 0 && buffer[length - 1] == ',') {
            length--;
        }
    }

    public Bytes toBytes() {
        return Bytes.owned(Arrays.copyOf(buffer, length));
    }

    /// What was written, in the buffer itself: valid until the next write.
    public Bytes view() {
        return Bytes.owned(buffer, 0, length);
    }

    public void writeTo(OutputStream out) throws IOException {
        out.write(buffer, 0, length);
    }

    private void close(byte bracket) {
        if (buffer[length - 1] == ',') {
            buffer[length - 1] = bracket;
        } else {
            put(bracket);
        }
        put((byte) ',');
    }

    private void quoted(byte[] utf8, int from, int count) {
        reserve(count + 3);
        buffer[length++] = '"';
        int clean = clean(utf8, from, from + count);
        System.arraycopy(utf8, from, buffer, length, clean - from);
        length += clean - from;
        if (clean < from + count) {
            escaped(utf8, clean, from + count);
        }
        put((byte) '"');
    }

    /// The first byte from `from` on that needs a closer look: a control, a quote, a backslash, or no ASCII.
    private static int clean(byte[] utf8, int from, int to) {
        int i = from;
        for (; i + 8 <= to; i += 8) {
            long word = (long) LONGS.get(utf8, i);
            long quote = word ^ (ONES * '"');
            long slash = word ^ (ONES * '\\');
            long hit = (word - ONES * 0x20) | (quote - ONES) | (slash - ONES) | word;
            if ((hit & HIGHS) != 0) {
                break;
            }
        }
        while (i < to && utf8[i] >= 0x20 && utf8[i] != '"' && utf8[i] != '\\') {
            i++;
        }
        return i;
    }

    private void escaped(byte[] utf8, int from, int to) {
        int i = from;
        while (i < to) {
            byte b = utf8[i];
            if (b < 0) {
                i = multibyte(utf8, i, to);
            } else if (b >= 0x20 && b != '"' && b != '\\') {
                int clean = clean(utf8, i, to);
                raw(utf8, i, clean - i);
                i = clean;
            } else {
                escape(b);
                i++;
            }
        }
    }

    private void escape(byte b) {
        reserve(6);
        buffer[length++] = '\\';
        switch (b) {
            case '\n' -> buffer[length++] = 'n';
            case '\t' -> buffer[length++] = 't';
            case '\r' -> buffer[length++] = 'r';
            case '"', '\\' -> buffer[length++] = b;
            default -> {
                buffer[length++] = 'u';
                buffer[length++] = '0';
                buffer[length++] = '0';
                buffer[length++] = HEX[b >> 4 & 15];
                buffer[length++] = HEX[b & 15];
            }
        }
    }

    private int multibyte(byte[] utf8, int at, int to) {
        int count = sequenceLength(utf8, at, to);
        if (count == 0) {
            replaced = true;
            raw(REPLACEMENT, 0, REPLACEMENT.length);
            return at + 1;
        }
        raw(utf8, at, count);
        return at + count;
    }

    /// The length of the well-formed UTF-8 sequence that begins at `at`, or 0.
    static int sequenceLength(byte[] utf8, int at, int to) {
        int first = utf8[at] & 0xff;
        int count = first >= 0xC2 && first < 0xE0
                ? 2
                : first >= 0xE0 && first < 0xF0 ? 3 : first >= 0xF0 && first < 0xF5 ? 4 : 0;
        if (count == 0 || at + count > to) {
            return 0;
        }
        int second = utf8[at + 1] & 0xff;
        int low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        if (second < low || second > high) {
            return 0;
        }
        for (int i = 2; i < count; i++) {
            if ((utf8[at + i] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return count;
    }

    private void digits(long number) {
        int count = 1;
        for (long limit = 10; count < 19 && number >= limit; limit *= 10) {
            count++;
        }
        int at = length + count;
        length = at;
        while (number >= 100) {
            int pair = (int) (number % 100) << 1;
            number /= 100;
            buffer[--at] = DIGIT_PAIRS[pair + 1];
            buffer[--at] = DIGIT_PAIRS[pair];
        }
        if (number >= 10) {
            buffer[--at] = DIGIT_PAIRS[((int) number << 1) + 1];
            buffer[--at] = DIGIT_PAIRS[(int) number << 1];
        } else {
            buffer[--at] = (byte) ('0' + number);
        }
    }

    private void reserve(int count) {
        if (buffer.length - length < count) {
            grow(count);
        }
    }

    private void grow(int count) {
        long wanted = Math.max((long) length + count, buffer.length * 2L);
        buffer = Arrays.copyOf(buffer, (int) Math.min(Integer.MAX_VALUE - 8, wanted));
    }

    private static byte[] digitPairs() {
        byte[] pairs = new byte[200];
        for (int i = 0; i < 100; i++) {
            pairs[2 * i] = (byte) ('0' + i / 10);
            pairs[2 * i + 1] = (byte) ('0' + i % 10);
        }
        return pairs;
    }
}

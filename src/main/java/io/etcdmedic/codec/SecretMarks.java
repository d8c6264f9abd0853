package io.etcdmedic.codec;

import io.etcdmedic.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The words by which a value shows that it may hold what is hidden, searched for in one pass.
///
/// Every value of a listing goes through here, so most bytes are not even looked at: where a window of six bytes
/// ends in one that stands nowhere in the beginning of a word, the next window begins after it. Source: Wu and
/// Manber, A fast algorithm for multi-pattern searching (1994).
final class SecretMarks {
    private static final List<byte[]> WORDS = List.of(
            ascii("Secret"),
            ascii("PRIVATE KEY-----"),
            ascii("LS0tLS1CRUdJTi"),
            ascii("client-key-data"),
            ascii("eyJhbGciOi"));

    private static final int WINDOW = 6;
    /// How far the window may go on when its last byte is this one.
    private static final byte[] SHIFT = new byte[256];

    static {
        java.util.Arrays.fill(SHIFT, (byte) WINDOW);
        for (byte[] word : WORDS) {
            for (int i = 0; i < WINDOW; i++) {
                int at = word[i] & 0xFF;
                SHIFT[at] = (byte) Math.min(SHIFT[at], WINDOW - 1 - i);
            }
        }
    }

    private SecretMarks() {}

    /// Whether one of the words stands anywhere in `value`.
    static boolean areIn(Bytes value) {
        byte[] array = value.sharedArray();
        int end = value.arrayOffset() + value.length();
        int last = value.arrayOffset() + WINDOW - 1;
        while (last < end) {
            int shift = SHIFT[array[last] & 0xFF];
            if (shift == 0 && startsAt(array, last - WINDOW + 1, end)) {
                return true;
            }
            last += Math.max(shift, 1);
        }
        return false;
    }

    private static boolean startsAt(byte[] array, int start, int end) {
        for (byte[] word : WORDS) {
            int stop = start + word.length;
            if (stop <= end && java.util.Arrays.equals(array, start, stop, word, 0, word.length)) {
                return true;
            }
        }
        return false;
    }

    private static byte[] ascii(String word) {
        return word.getBytes(StandardCharsets.US_ASCII);
    }
}

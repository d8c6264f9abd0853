package io.etcdmedic.codec.encryption;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The one-time authenticator Poly1305, in five limbs of 26 bits. Source: RFC 8439, section 2.5.
final class Poly1305 {
    static final int TAG_BYTES = 16;
    private static final VarHandle LITTLE = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LIMB = 0x3ffffff;

    private final long[] r = new long[5];
    private final long[] h = new long[5];
    private final byte[] pad = new byte[TAG_BYTES];

    /// @param key 32 bytes, never used for another message
    private Poly1305(byte[] key) {
        byte[] clamped = java.util.Arrays.copyOf(key, 16);
        for (int i : new int[] {3, 7, 11, 15}) {
            clamped[i] &= 15;
        }
        for (int i : new int[] {4, 8, 12}) {
            clamped[i] &= (byte) 252;
        }
        split(clamped, 0, r);
        System.arraycopy(key, 16, pad, 0, TAG_BYTES);
    }

    static byte[] tag(byte[] key, byte[] message, int from, int length) {
        Poly1305 mac = new Poly1305(key);
        for (int at = 0; at < length; at += 16) {
            mac.block(message, from + at, Math.min(16, length - at));
        }
        return mac.finish();
    }

    private static void split(byte[] block, int from, long[] into) {
        long a = (int) LITTLE.get(block, from) & 0xffffffffL;
        long b = (int) LITTLE.get(block, from + 4) & 0xffffffffL;
        long c = (int) LITTLE.get(block, from + 8) & 0xffffffffL;
        long d = (int) LITTLE.get(block, from + 12) & 0xffffffffL;
        into[0] = a & LIMB;
        into[1] = (a >>> 26 | b << 6) & LIMB;
        into[2] = (b >>> 20 | c << 12) & LIMB;
        into[3] = (c >>> 14 | d << 18) & LIMB;
        into[4] = d >>> 8;
    }

    private void block(byte[] message, int from, int length) {
        byte[] whole = new byte[17];
        System.arraycopy(message, from, whole, 0, length);
        whole[length] = 1;
        long[] m = new long[5];
        split(whole, 0, m);
        m[4] |= (long) whole[16] << 24;
        for (int i = 0; i < 5; i++) {
            h[i] += m[i];
        }
        multiply();
    }

    /// h := h · r mod 2^130 - 5
    private void multiply() {
        long[] d = new long[5];
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 5; j++) {
                d[i] += h[j] * (j <= i ? r[i - j] : 5 * r[5 + i - j]);
            }
        }
        carry(d);
        System.arraycopy(d, 0, h, 0, 5);
    }

    private static void carry(long[] d) {
        long over = 0;
        for (int i = 0; i < 5; i++) {
            d[i] += over;
            over = d[i] >>> 26;
            d[i] &= LIMB;
        }
        d[0] += 5 * over;
        d[1] += d[0] >>> 26;
        d[0] &= LIMB;
    }

    private byte[] finish() {
        carry(h);
        carry(h);
        long[] less = h.clone();
        less[0] += 5;
        for (int i = 0; i < 4; i++) {
            less[i + 1] += less[i] >>> 26;
            less[i] &= LIMB;
        }
        long[] reduced = less[4] >>> 26 != 0 ? less : h;
        reduced[4] &= LIMB;
        long[] words = {
            reduced[0] | reduced[1] << 26,
            reduced[1] >>> 6 | reduced[2] << 20,
            reduced[2] >>> 12 | reduced[3] << 14,
            reduced[3] >>> 18 | reduced[4] << 8
        };
        byte[] tag = new byte[TAG_BYTES];
        long sum = 0;
        for (int i = 0; i < 4; i++) {
            sum += (words[i] & 0xffffffffL) + ((int) LITTLE.get(pad, 4 * i) & 0xffffffffL);
            LITTLE.set(tag, 4 * i, (int) sum);
            sum >>>= 32;
        }
        return tag;
    }
}

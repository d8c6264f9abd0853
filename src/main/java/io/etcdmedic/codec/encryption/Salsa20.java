package io.etcdmedic.codec.encryption;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The XSalsa20 stream cipher: Salsa20 with a nonce of 24 bytes.
///
/// Source: D. J. Bernstein, "The Salsa20 family of stream ciphers" and "Extending the Salsa20 nonce".
final class Salsa20 {
    static final int BLOCK_BYTES = 64;
    private static final VarHandle LITTLE = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    /// "expand 32-byte k"
    private static final int[] SIGMA = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

    private final int[] state = new int[16];

    /// @param key 32 bytes
    /// @param nonce 24 bytes
    Salsa20(byte[] key, byte[] nonce) {
        int[] first =
                state(key, (int) LITTLE.get(nonce, 0), (int) LITTLE.get(nonce, 4), (int) LITTLE.get(nonce, 8), (int)
                        LITTLE.get(nonce, 12));
        rounds(first);
        byte[] subkey = new byte[32];
        int[] words = {first[0], first[5], first[10], first[15], first[6], first[7], first[8], first[9]};
        for (int i = 0; i < words.length; i++) {
            LITTLE.set(subkey, 4 * i, words[i]);
        }
        System.arraycopy(
                state(subkey, (int) LITTLE.get(nonce, 16), (int) LITTLE.get(nonce, 20), 0, 0),
                0,
                state,
                0,
                state.length);
    }

    /// The next 64 bytes of the key stream.
    byte[] block() {
        int[] mixed = state.clone();
        rounds(mixed);
        byte[] block = new byte[BLOCK_BYTES];
        for (int i = 0; i < mixed.length; i++) {
            LITTLE.set(block, 4 * i, mixed[i] + state[i]);
        }
        if (++state[8] == 0) {
            state[9]++;
        }
        return block;
    }

    private static int[] state(byte[] key, int a, int b, int c, int d) {
        int[] words = new int[16];
        for (int i = 0; i < 4; i++) {
            words[5 * i] = SIGMA[i];
            words[1 + i] = (int) LITTLE.get(key, 4 * i);
            words[11 + i] = (int) LITTLE.get(key, 16 + 4 * i);
        }
        words[6] = a;
        words[7] = b;
        words[8] = c;
        words[9] = d;
        return words;
    }

    private static void rounds(int[] x) {
        for (int i = 0; i < 10; i++) {
            quarter(x, 0, 4, 8, 12);
            quarter(x, 5, 9, 13, 1);
            quarter(x, 10, 14, 2, 6);
            quarter(x, 15, 3, 7, 11);
            quarter(x, 0, 1, 2, 3);
            quarter(x, 5, 6, 7, 4);
            quarter(x, 10, 11, 8, 9);
            quarter(x, 15, 12, 13, 14);
        }
    }

    private static void quarter(int[] x, int a, int b, int c, int d) {
        x[b] ^= Integer.rotateLeft(x[a] + x[d], 7);
        x[c] ^= Integer.rotateLeft(x[b] + x[a], 9);
        x[d] ^= Integer.rotateLeft(x[c] + x[b], 13);
        x[a] ^= Integer.rotateLeft(x[d] + x[c], 18);
    }
}

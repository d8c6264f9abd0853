package io.etcdmedic.codec.encryption;

import io.etcdmedic.bytes.Bytes;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// AES-CBC with PKCS#7, not authenticated: `IV16 ‖ blocks`.
///
/// A wrong key gives garbage, which passes the padding once in 256 times; so what does not begin as a stored value
/// is not believed. Source: k8s.io/apiserver pkg/storage/value/encrypt/aes/aes.go.
record AesCbcCipher(Bytes secret) implements Cipher {
    private static final int BLOCK_BYTES = 16;

    @Override
    public Opened open(Bytes payload, Bytes path) {
        if (payload.length() < 2 * BLOCK_BYTES) {
            return Opened.truncated(payload.length(), 2 * BLOCK_BYTES);
        }
        if (payload.length() % BLOCK_BYTES != 0) {
            return new Opened.Not(
                    Opened.Reason.TRUNCATED,
                    "its " + payload.length() + " bytes are no whole number of 16-byte blocks");
        }
        byte[] padded = run(javax.crypto.Cipher.DECRYPT_MODE, payload.slice(0, BLOCK_BYTES), payload.from(BLOCK_BYTES));
        boolean begins = Plausible.is(Bytes.owned(padded));
        int padding = padded[padded.length - 1] & 0xff;
        boolean valid = padding >= 1 && padding <= BLOCK_BYTES;
        for (int i = 1; valid && i <= padding; i++) {
            valid = padded[padded.length - i] == padding;
        }
        if (!valid) {
            return begins
                    ? new Opened.Not(Opened.Reason.DAMAGED, "the key is right, but the end is damaged or cut off")
                    : new Opened.Not(Opened.Reason.WRONG_KEY, "its padding is wrong: it was written with another key");
        }
        Bytes plain = Bytes.owned(padded, 0, padded.length - padding);
        return begins
                ? new Opened.Plain(plain)
                : new Opened.Not(Opened.Reason.WRONG_KEY, "it opens to nothing that Kubernetes stores: another key");
    }

    @Override
    public Bytes seal(Bytes plain, Bytes path, SecureRandom random) {
        byte[] iv = new byte[BLOCK_BYTES];
        random.nextBytes(iv);
        int padding = BLOCK_BYTES - plain.length() % BLOCK_BYTES;
        byte[] padded = java.util.Arrays.copyOf(plain.toArray(), plain.length() + padding);
        java.util.Arrays.fill(padded, plain.length(), padded.length, (byte) padding);
        Bytes start = Bytes.owned(iv);
        return start.concat(Bytes.owned(run(javax.crypto.Cipher.ENCRYPT_MODE, start, Bytes.owned(padded))));
    }

    private byte[] run(int mode, Bytes iv, Bytes blocks) {
        try {
            javax.crypto.Cipher cipher = javax.crypto.Cipher.getInstance("AES/CBC/NoPadding");
            cipher.init(mode, new SecretKeySpec(secret.toArray(), "AES"), new IvParameterSpec(iv.toArray()));
            return cipher.doFinal(blocks.sharedArray(), blocks.arrayOffset(), blocks.length());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-CBC", e);
        }
    }

    @Override
    public String toString() {
        return "aescbc";
    }
}

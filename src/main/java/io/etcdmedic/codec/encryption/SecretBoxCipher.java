package io.etcdmedic.codec.encryption;

import io.etcdmedic.bytes.Bytes;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/// NaCl's secretbox, XSalsa20 with Poly1305: `nonce24 ‖ tag16 ‖ ciphertext`. The etcd key is not authenticated.
///
/// The JDK has neither part; both are short and have published vectors.
/// Source: golang.org/x/crypto/nacl/secretbox; k8s.io/apiserver pkg/storage/value/encrypt/secretbox.
record SecretBoxCipher(Bytes secret) implements Cipher {
    private static final int NONCE_BYTES = 24;
    /// The first half of the first block is the authenticator's key, the second half begins the key stream.
    private static final int FIRST_BYTES = 32;

    @Override
    public Opened open(Bytes payload, Bytes path) {
        if (payload.length() < NONCE_BYTES + Poly1305.TAG_BYTES) {
            return Opened.truncated(payload.length(), NONCE_BYTES + Poly1305.TAG_BYTES);
        }
        byte[] nonce = payload.slice(0, NONCE_BYTES).toArray();
        byte[] tag =
                payload.slice(NONCE_BYTES, NONCE_BYTES + Poly1305.TAG_BYTES).toArray();
        byte[] text = payload.from(NONCE_BYTES + Poly1305.TAG_BYTES).toArray();
        Salsa20 stream = new Salsa20(secret.toArray(), nonce);
        byte[] first = stream.block();
        boolean whole = MessageDigest.isEqual(tag, tag(first, text));
        apply(stream, first, text);
        Bytes plain = Bytes.owned(text);
        if (whole) {
            return new Opened.Plain(plain);
        }
        return Plausible.is(plain)
                ? new Opened.Not(
                        Opened.Reason.DAMAGED, "the key is right, but the bytes are not those that were written")
                : new Opened.Not(Opened.Reason.WRONG_KEY, "it was written with another key");
    }

    @Override
    public Bytes seal(Bytes plain, Bytes path, SecureRandom random) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        return seal(plain, nonce);
    }

    Bytes seal(Bytes plain, byte[] nonce) {
        byte[] text = plain.toArray();
        Salsa20 stream = new Salsa20(secret.toArray(), nonce);
        byte[] first = stream.block();
        apply(stream, first, text);
        return Bytes.copyOf(nonce).concat(Bytes.owned(tag(first, text))).concat(Bytes.owned(text));
    }

    private static byte[] tag(byte[] first, byte[] ciphertext) {
        return Poly1305.tag(Arrays.copyOf(first, FIRST_BYTES), ciphertext, 0, ciphertext.length);
    }

    private static void apply(Salsa20 stream, byte[] first, byte[] text) {
        byte[] block = first;
        int used = FIRST_BYTES;
        for (int i = 0; i < text.length; i++) {
            if (used == Salsa20.BLOCK_BYTES) {
                block = stream.block();
                used = 0;
            }
            text[i] ^= block[used++];
        }
    }

    @Override
    public String toString() {
        return "secretbox";
    }
}

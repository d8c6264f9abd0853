package io.etcdmedic.codec.encryption;

import io.etcdmedic.bytes.Bytes;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// AES-GCM, which authenticates the etcd key with the value: `nonce12 ‖ ciphertext ‖ tag16`.
///
/// When the tag does not fit, the value is decrypted once more without it, only to tell what is wrong: the key, the
/// bytes, or the place it lies in. Source: k8s.io/apiserver pkg/storage/value/encrypt/aes/aes.go; NIST SP 800-38D.
record AesGcmCipher(Bytes secret) implements Cipher {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;

    @Override
    public Opened open(Bytes payload, Bytes path) {
        if (payload.length() < NONCE_BYTES + TAG_BYTES) {
            return Opened.truncated(payload.length(), NONCE_BYTES + TAG_BYTES);
        }
        Bytes nonce = payload.slice(0, NONCE_BYTES);
        Bytes sealed = payload.from(NONCE_BYTES);
        try {
            return new Opened.Plain(Bytes.owned(run(javax.crypto.Cipher.DECRYPT_MODE, nonce, path, sealed)));
        } catch (AEADBadTagException refused) {
            return why(nonce, sealed, path);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM", e);
        }
    }

    private Opened why(Bytes nonce, Bytes sealed, Bytes path) {
        Bytes unverified = counted(nonce, sealed.slice(0, sealed.length() - TAG_BYTES));
        if (!Plausible.is(unverified)) {
            return new Opened.Not(Opened.Reason.WRONG_KEY, "it was written with another key");
        }
        return Plausible.names(unverified, path)
                ? new Opened.Not(
                        Opened.Reason.DAMAGED,
                        "the key is right, but the bytes are not those that were written,"
                                + " or they were written under another prefix or namespace")
                : new Opened.Not(
                        Opened.Reason.MOVED,
                        "the key is right, but the value was written under another etcd key, and that is authenticated");
    }

    /// GCM is counter mode with a tag: the first block of text has the counter 2.
    private Bytes counted(Bytes nonce, Bytes text) {
        byte[] counter = Arrays.copyOf(nonce.toArray(), 16);
        counter[15] = 2;
        try {
            javax.crypto.Cipher cipher = javax.crypto.Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(javax.crypto.Cipher.DECRYPT_MODE, key(), new IvParameterSpec(counter));
            return Bytes.owned(cipher.doFinal(text.toArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-CTR", e);
        }
    }

    @Override
    public Bytes seal(Bytes plain, Bytes path, SecureRandom random) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        Bytes start = Bytes.owned(nonce);
        try {
            return start.concat(Bytes.owned(run(javax.crypto.Cipher.ENCRYPT_MODE, start, path, plain)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM", e);
        }
    }

    private byte[] run(int mode, Bytes nonce, Bytes path, Bytes text) throws GeneralSecurityException {
        javax.crypto.Cipher cipher = javax.crypto.Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key(), new GCMParameterSpec(8 * TAG_BYTES, nonce.toArray()));
        cipher.updateAAD(path.toArray());
        return cipher.doFinal(text.sharedArray(), text.arrayOffset(), text.length());
    }

    private SecretKeySpec key() {
        return new SecretKeySpec(secret.toArray(), "AES");
    }

    @Override
    public String toString() {
        return "aesgcm";
    }
}

package io.etcdmedic.bytes;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// A SHA-256 digest, as 64 lower-case hexadecimal digits.
public record Sha256(String hex) {
    public static final int HEX_LENGTH = 64;

    public Sha256 {
        if (!isOne(hex)) {
            throw new IllegalArgumentException("a SHA-256 digest has 64 lower-case hexadecimal digits");
        }
    }

    /// By hand: there is one for each value of a keyspace.
    private static boolean isOne(String hex) {
        boolean digits = hex.length() == HEX_LENGTH;
        for (int i = 0; digits && i < HEX_LENGTH; i++) {
            char c = hex.charAt(i);
            digits = c >= '0' && c <= '9' || c >= 'a' && c <= 'f';
        }
        return digits;
    }

    public static Sha256 of(Bytes bytes) {
        MessageDigest digest = digester();
        digest.update(bytes.sharedArray(), bytes.arrayOffset(), bytes.length());
        return of(digest);
    }

    /// What `digest` has taken in so far; it begins anew.
    public static Sha256 of(MessageDigest digest) {
        return new Sha256(Bytes.owned(digest.digest()).toHex());
    }

    /// A fresh SHA-256 to feed piece by piece.
    public static MessageDigest digester() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    @Override
    public String toString() {
        return hex;
    }
}

package io.etcdmedic.etcd;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// Reads a private key in any of the forms that Kubernetes distributions write, with the JDK alone: PKCS#1 (RKE1),
/// SEC1 (kubeadm with EC keys, k3s), PKCS#8, and PKCS#8 encrypted with a passphrase; RSA, EC and Ed25519.
///
/// PKCS#1 and SEC1 are only what PKCS#8 wraps, so they are wrapped. Source: RFC 8017 A.1.2, RFC 5915, RFC 5958.
final class PemKey {
    private static final byte[] RSA_OID = Bytes.hex("06092a864886f70d010101").toArray();
    private static final byte[] EC_OID = Bytes.hex("06072a8648ce3d0201").toArray();
    private static final byte[] NULL = {5, 0};
    private static final byte[] VERSION_0 = {2, 1, 0};
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int OID = 0x06;
    private static final int CURVE_TAG = 0xa0;

    private PemKey() {}

    /// @param passphrase asked only when the key is encrypted
    /// @throws Failure.Usage when the file holds no private key that we can read
    /// @throws Failure.Locked when the passphrase is wrong
    static PrivateKey read(Path file, Supplier<char[]> passphrase) {
        return of(file.toString(), PemBlock.read(file, "the client key"), passphrase);
    }

    /// @param file what it is called in failures
    static PrivateKey of(String file, List<PemBlock> blocks, Supplier<char[]> passphrase) {
        PemBlock key = blocks.stream()
                .filter(b -> b.label().endsWith("PRIVATE KEY"))
                .findFirst()
                .orElseThrow(() -> wrong(
                        file, "no private key in it, only " + blocks.getFirst().label()));
        if (key.headers().contains("ENCRYPTED")) {
            throw new Failure.Usage(Problem.in("reading the client key " + file)
                    .found("it is encrypted in OpenSSL's old way")
                    .expected("PKCS#8")
                    .hint("convert it: openssl pkcs8 -topk8 -in " + file + " -out NEW"));
        }
        return switch (key.label()) {
            case "RSA PRIVATE KEY" -> pkcs8(file, wrap(concat(RSA_OID, NULL), key.der()));
            case "EC PRIVATE KEY" -> pkcs8(file, wrap(concat(EC_OID, curve(file, key.der(), blocks)), key.der()));
            case "ENCRYPTED PRIVATE KEY" -> decrypted(file, key.der(), passphrase);
            default -> pkcs8(file, key.der().toArray());
        };
    }

    private static byte[] wrap(byte[] algorithm, Bytes inner) {
        return der(SEQUENCE, concat(VERSION_0, der(SEQUENCE, algorithm), der(OCTET_STRING, inner.toArray())));
    }

    /// The curve of a SEC1 key: its own field [0], or the block EC PARAMETERS before it.
    private static byte[] curve(String file, Bytes sec1, List<PemBlock> blocks) {
        return parametersIn(sec1)
                .or(() -> blocks.stream()
                        .filter(b -> b.label().equals("EC PARAMETERS"))
                        .findFirst()
                        .map(b -> b.der().toArray()))
                .orElseThrow(() -> wrong(file, "an EC key that does not name its curve"));
    }

    private static Optional<byte[]> parametersIn(Bytes sec1) {
        byte[] der = sec1.toArray();
        for (int at = content(der, 0); at >= 0 && at + 1 < der.length; ) {
            int start = content(der, at);
            int end = start + length(der, at);
            if (start < 0 || end > der.length || end < start) {
                return Optional.empty();
            }
            if (start < end && (der[at] & 0xff) == CURVE_TAG && der[start] == OID) {
                return Optional.of(Arrays.copyOfRange(der, start, end));
            }
            at = end;
        }
        return Optional.empty();
    }

    private static int content(byte[] der, int at) {
        if (at + 1 >= der.length) {
            return -1;
        }
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    private static int length(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < Math.min(first & 0x7f, 4) && at + 2 + i < der.length; i++) {
            length = length << 8 | der[at + 2 + i] & 0xff;
        }
        return length;
    }

    private static byte[] der(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            int bytes = (32 - Integer.numberOfLeadingZeros(content.length) + 7) / 8;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(content.length >> 8 * i);
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static PrivateKey decrypted(String file, Bytes der, Supplier<char[]> passphrase) {
        char[] secret = passphrase.get();
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der.toArray());
            String algorithm = info.getAlgName();
            // PBES2's name is in its parameters: PBEWithHmacSHA256AndAES_256.
            String scheme = algorithm.equals("PBES2") || algorithm.equals("1.2.840.113549.1.5.13")
                    ? info.getAlgParameters().toString()
                    : algorithm;
            SecretKey key = SecretKeyFactory.getInstance(scheme).generateSecret(new PBEKeySpec(secret));
            Cipher cipher = Cipher.getInstance(scheme);
            cipher.init(Cipher.DECRYPT_MODE, key, info.getAlgParameters());
            return pkcs8(file, info.getKeySpec(cipher).getEncoded());
        } catch (java.security.NoSuchAlgorithmException | IOException unknown) {
            throw new Failure.Usage(Problem.in("reading the client key " + file)
                            .found("it is encrypted in a way that Java does not know: " + unknown.getMessage())
                            .hint("convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -in " + file + " -out NEW"))
                    .because(unknown);
        } catch (GeneralSecurityException e) {
            throw new Failure.Locked(
                            Problem.in("reading the client key " + file).found("the passphrase is wrong"))
                    .because(e);
        } finally {
            Arrays.fill(secret, ' ');
        }
    }

    private static PrivateKey pkcs8(String file, byte[] der) {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
        for (String algorithm : List.of("RSA", "EC", "Ed25519", "Ed448")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (GeneralSecurityException another) {
                // The next algorithm may fit.
            }
        }
        throw wrong(file, "a private key that is neither RSA, EC nor Ed25519, or is damaged");
    }

    private static Failure.Usage wrong(String file, String found) {
        return new Failure.Usage(
                Problem.in("reading the client key " + file).found(found).expected("an RSA, EC or Ed25519 key in PEM"));
    }
}

package io.etcdmedic.node.certs;

import io.etcdmedic.bytes.Bytes;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the checks need to know of a private key: never the key itself.
///
/// @param format the PEM block's name: `RSA PRIVATE KEY` is PKCS#1, `PRIVATE KEY` PKCS#8, `EC PRIVATE KEY` SEC 1
/// @param publicPrint SHA-256 of the modulus (RSA) or of the point (EC), in hexadecimal; empty when not to be had
/// @param trouble why it cannot be read; empty when it can
public record KeyFact(String format, String publicPrint, String trouble) {
    private static final String WITHHELD = "WITHHELD KEY";
    private static final Pattern BLOCK = Pattern.compile(
            "(?:\\A|\n)-----BEGIN ([A-Z0-9 ]*KEY)-----[ \t]*\r?\n(.*?)-----END \\1-----", Pattern.DOTALL);

    private static final Pattern INDENTED =
            Pattern.compile("[^\n]-----BEGIN ([A-Z0-9 ]*PRIVATE KEY|" + WITHHELD + ")-----");
    private static final byte[] RSA_ALGORITHM = HexFormat.of().parseHex("300d06092a864886f70d0101010500");

    /// The first private key in `text`; empty when there is none.
    public static Optional<KeyFact> read(String text) {
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            String label = matcher.group(1);
            if (label.equals(WITHHELD)) {
                return Optional.of(new KeyFact(
                        line(matcher.group(2), "format"),
                        line(matcher.group(2), "public"),
                        line(matcher.group(2), "trouble")));
            }
            if (label.endsWith("PRIVATE KEY")) {
                return Optional.of(parse(label, matcher.group(2)));
            }
        }
        if (INDENTED.matcher(text).find()) {
            return Optional.of(new KeyFact("", "", "its BEGIN line does not begin a line, so Go does not see it"));
        }
        return text.contains("PRIVATE KEY-----")
                ? Optional.of(new KeyFact("", "", "its PEM block does not end, or ends with another name"))
                : Optional.empty();
    }

    /// What takes a key's place where facts are saved.
    public static String withheldBlock(String pem) {
        KeyFact fact = read(pem.replace("\\n", "\n")).orElse(new KeyFact("", "", "not a PEM block"));
        return "-----BEGIN %s-----%nformat: %s%npublic: %s%ntrouble: %s%n-----END %s-----"
                .formatted(WITHHELD, fact.format, fact.publicPrint, fact.trouble, WITHHELD);
    }

    /// The same print of a certificate's key.
    public static String print(PublicKey key) {
        if (key instanceof java.security.interfaces.RSAPublicKey rsa) {
            return sha256(rsa.getModulus().toByteArray());
        }
        byte[] encoded = key.getEncoded();
        // An EC SubjectPublicKeyInfo ends with the point: 65, 97 or 133 bytes for P-256, P-384, P-521.
        int point = encoded.length < 100 ? 65 : encoded.length < 140 ? 97 : 133;
        return encoded.length < point
                ? ""
                : sha256(java.util.Arrays.copyOfRange(encoded, encoded.length - point, encoded.length));
    }

    private static KeyFact parse(String label, String body) {
        if (label.contains("ENCRYPTED") || body.contains("ENCRYPTED")) {
            return new KeyFact(label, "", "it is encrypted with a passphrase, which no Kubernetes service can give");
        }
        if (label.startsWith("OPENSSH")) {
            return new KeyFact(label, "", "it is an SSH key");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(body.strip());
            return switch (label) {
                case "RSA PRIVATE KEY" -> new KeyFact(label, rsaPrint(wrapPkcs1(der)), "");
                case "EC PRIVATE KEY" -> new KeyFact(label, ecPrint(der), "");
                case "PRIVATE KEY" -> new KeyFact(label, pkcs8Print(der), "");
                default -> new KeyFact(label, "", "its format is not one that Kubernetes reads");
            };
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return new KeyFact(label, "", "its content cannot be decoded: " + e.getMessage());
        }
    }

    private static String pkcs8Print(byte[] der) throws GeneralSecurityException {
        try {
            return rsaPrint(der);
        } catch (GeneralSecurityException notRsa) {
            return otherPrint(der);
        }
    }

    /// The public half of an Ed25519 key is not in it: Go takes such a key, and whether it fits is not told from
    /// it.
    private static String otherPrint(byte[] der) throws GeneralSecurityException {
        try {
            PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
            return key.getAlgorithm().equals("EC") ? ecPrint(der) : "";
        } catch (GeneralSecurityException notOfACurve) {
            KeyFactory.getInstance("EdDSA").generatePrivate(new PKCS8EncodedKeySpec(der));
            return "";
        }
    }

    private static String rsaPrint(byte[] pkcs8) throws GeneralSecurityException {
        KeyFactory factory = KeyFactory.getInstance("RSA");
        if (factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8)) instanceof RSAPrivateCrtKey key) {
            return print(factory.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent())));
        }
        return "";
    }

    /// The public point that Go and OpenSSL append to an EC key: the last bit string, `[1] { 03 len 00 04 … }`.
    private static String ecPrint(byte[] der) {
        for (int point : new int[] {65, 97, 133}) {
            int at = der.length - point;
            if (at > 4 && der[at] == 4 && der[at - 1] == 0 && (der[at - 2] & 0xff) == point + 1) {
                return sha256(java.util.Arrays.copyOfRange(der, at, der.length));
            }
        }
        return "";
    }

    /// PKCS#1 inside PKCS#8: `SEQUENCE { 0, rsaEncryption, OCTET STRING { key } }`.
    private static byte[] wrapPkcs1(byte[] pkcs1) {
        Bytes inner = Bytes.hex("020100").concat(Bytes.owned(RSA_ALGORITHM)).concat(tagged(0x04, Bytes.owned(pkcs1)));
        return tagged(0x30, inner).toArray();
    }

    private static Bytes tagged(int tag, Bytes content) {
        int n = content.length();
        byte[] header = n < 128
                ? new byte[] {(byte) tag, (byte) n}
                : new byte[] {(byte) tag, (byte) 0x82, (byte) (n >> 8), (byte) n};
        return Bytes.owned(header).concat(content);
    }

    private static String line(String body, String name) {
        return body.lines()
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElse("");
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

package io.etcdmedic.node.nix;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;

/// Whether a service account token (a JSON Web Token) was signed by a key. Source: RFC 7515, RFC 7518 3.3 and 3.4.
final class TokenSignature {
    private TokenSignature() {}

    static boolean fits(String token, PublicKey key) {
        int dot = token.lastIndexOf('.');
        if (dot <= 0) {
            return false;
        }
        try {
            boolean rsa = key.getAlgorithm().equals("RSA");
            byte[] signature = Base64.getUrlDecoder().decode(token.substring(dot + 1));
            Signature verifier = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
            verifier.initVerify(key);
            verifier.update(token.substring(0, dot).getBytes(StandardCharsets.US_ASCII));
            return verifier.verify(Arrays.copyOf(signature, signature.length));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }
}

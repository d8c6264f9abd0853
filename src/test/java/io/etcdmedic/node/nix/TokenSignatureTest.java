package io.etcdmedic.node.nix;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenSignatureTest {
    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

    @ParameterizedTest
    @CsvSource({"RSA, 2048, SHA256withRSA", "EC, 256, SHA256withECDSAinP1363Format"})
    void aTokenFitsTheKeyThatSignedItAndNoOther(String algorithm, int bits, String signature)
            throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        KeyPair own = generator.generateKeyPair();
        String signed = URL.encodeToString("{}".getBytes(StandardCharsets.UTF_8)) + "."
                + URL.encodeToString("{\"iss\":\"rke\"}".getBytes(StandardCharsets.UTF_8));
        Signature signer = Signature.getInstance(signature);
        signer.initSign(own.getPrivate());
        signer.update(signed.getBytes(StandardCharsets.US_ASCII));
        String token = signed + "." + URL.encodeToString(signer.sign());

        assertThat(TokenSignature.fits(token, own.getPublic())).isTrue();
        assertThat(TokenSignature.fits(token, generator.generateKeyPair().getPublic()))
                .isFalse();
        assertThat(TokenSignature.fits("x" + token, own.getPublic())).isFalse();
        assertThat(TokenSignature.fits("no token", own.getPublic())).isFalse();
        assertThat(TokenSignature.fits("a.b.%%%", own.getPublic())).isFalse();
    }
}

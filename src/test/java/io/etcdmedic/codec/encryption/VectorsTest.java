package io.etcdmedic.codec.encryption;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.bytes.Bytes;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Published vectors for what the JDK does not have, or has in another form.
class VectorsTest {
    /// NaCl's tests/secretbox.c and secretbox.out; our shape has the nonce in front.
    private static final String KEY = "1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389";

    private static final String NONCE = "69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37";
    private static final String MESSAGE = "be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffc"
            + "e5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb31"
            + "0e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde"
            + "048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f93776384864"
            + "5e0705";
    private static final String BOX = "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce"
            + "48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c972"
            + "71d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae"
            + "90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b3"
            + "7973f622a43d14a6599b1f654cb45a74e355a5";

    @Test
    void secretbox() {
        SecretBoxCipher cipher = new SecretBoxCipher(Bytes.hex(KEY));
        assertThat(cipher.seal(Bytes.hex(MESSAGE), HexFormat.of().parseHex(NONCE))
                        .toHex())
                .isEqualTo(NONCE + BOX);
        assertThat(cipher.open(Bytes.hex(NONCE + BOX), Bytes.EMPTY)).isEqualTo(new Opened.Plain(Bytes.hex(MESSAGE)));
    }

    /// RFC 8439, section 2.5.2 and appendix A.3, vectors 7 to 11: carries and the last reduction.
    @ParameterizedTest
    @CsvSource({
        "85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b,"
                + "43727970746f6772617068696320466f72756d2052657365617263682047726f7570,a8061dc1305136c6c22b8baf0c0127a9",
        "0200000000000000000000000000000000000000000000000000000000000000,"
                + "ffffffffffffffffffffffffffffffff,03000000000000000000000000000000",
        "02000000000000000000000000000000ffffffffffffffffffffffffffffffff,"
                + "02000000000000000000000000000000,03000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000,"
                + "fffffffffffffffffffffffffffffffff0ffffffffffffffffffffffffffffff11000000000000000000000000000000,"
                + "05000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000,"
                + "fffffffffffffffffffffffffffffffffbfefefefefefefefefefefefefefefe01010101010101010101010101010101,"
                + "00000000000000000000000000000000",
        "0200000000000000000000000000000000000000000000000000000000000000,"
                + "fdffffffffffffffffffffffffffffff,faffffffffffffffffffffffffffffff",
    })
    void poly1305(String key, String message, String tag) {
        HexFormat hex = HexFormat.of();
        byte[] bytes = hex.parseHex(message);
        assertThat(hex.formatHex(Poly1305.tag(hex.parseHex(key), bytes, 0, bytes.length)))
                .isEqualTo(tag);
    }

    /// RFC 5869, appendix A.1: the first 32 bytes of its output.
    @Test
    void hkdfExpandOnly() {
        assertThat(KmsCipher.derived(
                                Bytes.hex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"),
                                Bytes.hex("f0f1f2f3f4f5f6f7f8f9"))
                        .toHex())
                .isEqualTo("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
    }
}

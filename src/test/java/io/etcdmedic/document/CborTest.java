package io.etcdmedic.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CborTest {
    /// RFC 8949, appendix A, in so far as JSON has it; byte strings are text to Kubernetes.
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '\u0001',
            value = {
                "00 0",
                "17 23",
                "1818 24",
                "1903e8 1000",
                "1b000000e8d4a51000 1000000000000",
                "1bffffffffffffffff 18446744073709551615",
                "20 -1",
                "3903e7 -1000",
                "3bffffffffffffffff -18446744073709551616",
                "c249010000000000000000 18446744073709551616",
                "c349010000000000000000 -18446744073709551617",
                "1b0020000000000001 9007199254740993",
                "f90000 0",
                "f98000 -0",
                "f93c00 1",
                "fb3ff199999999999a 1.1",
                "f93e00 1.5",
                "fa47c35000 100000",
                "fb7e37e43c8800759c 1e+300",
                "fb3eb0c6f7a0b5ed8d 0.000001",
                "fb3e7ad7f29abcaf48 1e-7",
                "f4 false",
                "f5 true",
                "f6 null",
                "f7 null",
                "60 \"\"",
                "6161 \"a\"",
                "43616263 \"abc\"",
                "d643000102 \"AAEC\"",
                "d543fbffff \"-___\"",
                "d743000102 \"000102\"",
                "62c3bc \"ü\"",
                "7f657374726561646d696e67ff \"streaming\"",
                "5f42616241634141ff \"abcA\"",
                "80 []",
                "83010203 [1,2,3]",
                "8301820203820405 [1,[2,3],[4,5]]",
                "9f018202039f0405ffff [1,[2,3],[4,5]]",
                "a0 {}",
                "a26161016162820203 {\"a\":1,\"b\":[2,3]}",
                "bf61610161629f0203ffff {\"a\":1,\"b\":[2,3]}",
                "d9d9f7a14161f5 {\"a\":true}",
                "c074323031332d30332d32315432303a30343a30305a \"2013-03-21T20:04:00Z\"",
            })
    void isRead(String hex, String json) {
        assertThat(Json.compact(Cbor.read(Bytes.hex(hex)))).isEqualTo(json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "d9d9f7",
                "1c",
                "1900",
                "4361",
                "62c328",
                "5bffffffffffffffff00",
                "9bffffffffffffffff00",
                "9b0000000100000000",
                "bb7fffffffffffffff00",
                "a16161",
                "a10101",
                "a2616101616102",
                "ff",
                "9f",
                "bf6161ff",
                "82ff",
                "5f6161ff",
                "5f5f4161ffff",
                "f97c00",
                "f97e00",
                "f8ff",
                "0000"
            })
    void whatIsBrokenIsRefusedWithItsOffset(String hex) {
        assertThatThrownBy(() -> Cbor.read(Bytes.hex(hex)))
                .isInstanceOf(Failure.Corrupt.class)
                .hasMessageContaining("at byte");
    }

    @Test
    void depthIsBounded() {
        Bytes deep = Bytes.hex("81".repeat(100_000) + "00");
        assertThatThrownBy(() -> Cbor.read(deep))
                .isInstanceOf(Failure.Corrupt.class)
                .hasMessageContaining("deep");
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        String json = "{\"a\":[1,-7,23,24,65536,4294967296,-9223372036854775808,9223372036854775807,"
                + "9223372036854775808,18446744073709551615],\"s\":\"☃\",\"f\":[0.5,1.1,3.25,1e+100,100000.5],"
                + "\"t\":true,\"n\":null,\"m\":{},\"e\":[]}";
        Bytes written = Cbor.write(Json.read(json));
        assertThat(Json.compact(Cbor.read(written))).isEqualTo(json);
        assertThat(Cbor.write(Cbor.read(written))).isEqualTo(written);
    }

    @Test
    void rubbishEndsInAFailure() {
        Random random = new Random(7);
        Bytes good = Cbor.write(Json.read("{\"a\":{\"b\":[1,2,{\"c\":\"text\"}],\"d\":1.5},\"e\":null}"));
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.toArray();
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            Throwable thrown = catchThrowable(() -> Cbor.read(Bytes.owned(bytes)));
            if (thrown != null) {
                assertThat(thrown).isInstanceOf(Failure.Corrupt.class);
            }
        }
    }
}

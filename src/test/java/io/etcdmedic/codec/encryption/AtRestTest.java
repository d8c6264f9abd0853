package io.etcdmedic.codec.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.kubernetes.Resource;
import io.etcdmedic.kubernetes.Resources;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AtRestTest {
    private static final String K16 = "AAECAwQFBgcICQoLDA0ODw==";
    private static final String K32 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String OTHER = "Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA=";
    private static final Resource SECRETS = Resources.builtIn().named("secrets").orElseThrow();
    private static final Bytes PATH = Bytes.utf8("/registry/secrets/shop/web");
    private static final Bytes PLAIN = Bytes.utf8("k8s\0 whatever names web, in more than one block of it");

    @ParameterizedTest
    @ValueSource(strings = {"aescbc", "aesgcm", "secretbox"})
    void whatIsSealedOpensAgainUnderEachKeyInItsTurn(String provider) {
        AtRest first = atRest(provider, "k2", OTHER);
        Bytes stored = first.seal(PATH, Optional.of(SECRETS), PLAIN);
        assertThat(stored.toUtf8())
                .startsWith("k8s:enc:" + provider + ":v1:k2:")
                .doesNotContain("whatever");
        assertThat(stored).isNotEqualTo(first.seal(PATH, Optional.of(SECRETS), PLAIN));
        AtRest rotated = new AtRest(
                config("- " + provider + ": {keys: [{name: k3, secret: \"" + K32 + "\"}, {name: k2, secret: \"" + K32
                        + "\"}, {name: k2, secret: \"" + OTHER + "\"}]}\n"),
                _ -> {
                    throw new AssertionError();
                },
                new SecureRandom());
        assertThat(rotated.open(PATH, Optional.of(SECRETS), stored)).isEqualTo(PLAIN);
        assertThat(rotated.open(PATH, Optional.empty(), stored)).isEqualTo(PLAIN);
        assertThat(rotated.open(PATH, Optional.of(SECRETS), PLAIN)).isEqualTo(PLAIN);
    }

    @ParameterizedTest
    @CsvSource({"aescbc", "aesgcm", "secretbox"})
    void aWrongKeyIsSaidToBeOne(String provider) {
        Bytes stored = atRest(provider, "k1", K32).seal(PATH, Optional.of(SECRETS), PLAIN);
        AtRest wrong = atRest(provider, "k1", OTHER);
        Failure.Locked locked =
                catchThrowableOfType(Failure.Locked.class, () -> wrong.open(PATH, Optional.of(SECRETS), stored));
        assertThat(locked).hasMessageContaining(provider + ", key k1").hasMessageContaining("another key");
    }

    @ParameterizedTest
    @CsvSource({
        "aescbc, 20, at least 32 belong there",
        "aescbc, 50, whole number of 16-byte blocks",
        "aesgcm, 27, at least 28 belong there",
        "secretbox, 39, at least 40 belong there"
    })
    void aTruncatedValueSaysSo(String provider, int kept, String said) {
        AtRest atRest = atRest(provider, "k1", K32);
        Bytes stored = atRest.seal(PATH, Optional.of(SECRETS), PLAIN);
        int prefix = ("k8s:enc:" + provider + ":v1:k1:").length();
        assertThatThrownBy(() -> atRest.open(PATH, Optional.of(SECRETS), stored.slice(0, prefix + kept)))
                .isInstanceOf(Failure.Corrupt.class)
                .hasMessageContaining(said);
        for (int length = 0; length < stored.length(); length++) {
            Bytes cut = stored.slice(0, length);
            if (cut.startsWith(Envelope.PREFIX)) {
                assertThatThrownBy(() -> atRest.open(PATH, Optional.of(SECRETS), cut))
                        .isInstanceOf(Failure.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"aesgcm", "secretbox"})
    void aFlippedBitIsDamageAndNotAWrongKey(String provider) {
        AtRest atRest = atRest(provider, "k1", K32);
        byte[] stored = atRest.seal(PATH, Optional.of(SECRETS), PLAIN).toArray();
        stored[stored.length - 1] ^= 1;
        assertThatThrownBy(() -> atRest.open(PATH, Optional.of(SECRETS), Bytes.owned(stored)))
                .isInstanceOf(Failure.Corrupt.class)
                .hasMessageContaining("not those that were written");
    }

    @Test
    void aValueUnderAnotherKeyIsNamedAsThat() {
        AtRest atRest = atRest("aesgcm", "k1", K16);
        Bytes stored = atRest.seal(PATH, Optional.of(SECRETS), PLAIN);
        assertThatThrownBy(
                        () -> atRest.open(Bytes.utf8("/registry/secrets/shop/renamed"), Optional.of(SECRETS), stored))
                .isInstanceOf(Failure.Corrupt.class)
                .hasMessageContaining("under another etcd key");
        AtRest cbc = atRest("aescbc", "k1", K16);
        assertThat(cbc.open(Bytes.utf8("/elsewhere"), Optional.empty(), cbc.seal(PATH, Optional.of(SECRETS), PLAIN)))
                .isEqualTo(PLAIN);
    }

    @Test
    void withoutAKeyProviderAndNameAreShown() {
        Bytes stored = atRest("aescbc", "k1", K32).seal(PATH, Optional.of(SECRETS), PLAIN);
        assertThatThrownBy(() -> AtRest.locked().open(PATH, Optional.of(SECRETS), stored))
                .isInstanceOf(Failure.Locked.class)
                .hasMessage("decrypting /registry/secrets/shop/web: it is encrypted at rest, aescbc, key k1");
        assertThatThrownBy(() -> atRest("aescbc", "k7", K32).open(PATH, Optional.of(SECRETS), stored))
                .isInstanceOf(Failure.Locked.class)
                .hasMessageContaining("the configuration has other names: k7");
        assertThatThrownBy(() -> atRest("secretbox", "k1", K32).open(PATH, Optional.of(SECRETS), stored))
                .isInstanceOf(Failure.Locked.class)
                .hasMessageContaining("the configuration has no provider aescbc");
        for (String odd : new String[] {"k8s:enc:", "k8s:enc:x", "k8s:enc:::::", "k8s:enc:aescbc:v9:k1:0123456789"}) {
            assertThatThrownBy(() -> atRest("aescbc", "k1", K32).open(PATH, Optional.of(SECRETS), Bytes.utf8(odd)))
                    .isInstanceOf(Failure.Locked.class);
        }
    }

    @Test
    void kmsOfVersion1IsNamedAndStaysLocked() {
        AtRest atRest = new AtRest(
                config("- kms: {name: old, endpoint: \"unix:///run/old.sock\"}\n"),
                _ -> {
                    throw new AssertionError();
                },
                new SecureRandom());
        assertThatThrownBy(() -> atRest.open(PATH, Optional.of(SECRETS), Bytes.utf8("k8s:enc:kms:v1:old:xxxx")))
                .isInstanceOf(Failure.Locked.class)
                .hasMessageContaining("kms v1, plugin old")
                .hasMessageContaining("deprecated");
        assertThatThrownBy(() -> atRest.seal(PATH, Optional.of(SECRETS), PLAIN))
                .isInstanceOf(Failure.Refused.class)
                .hasMessageContaining("KMS v1");
    }

    @Test
    void aResourceWithoutARuleIsStoredAsItIs() {
        Resource pods = Resources.builtIn().named("pods").orElseThrow();
        assertThat(atRest("aescbc", "k1", K32).seal(Bytes.utf8("/registry/pods/a/b"), Optional.of(pods), PLAIN))
                .isEqualTo(PLAIN);
    }

    private static AtRest atRest(String provider, String name, String secret) {
        return new AtRest(
                config("- " + provider + ": {keys: [{name: " + name + ", secret: \"" + secret + "\"}]}\n"),
                _ -> {
                    throw new AssertionError();
                },
                new SecureRandom());
    }

    private static EncryptionConfiguration config(String provider) {
        return EncryptionConfiguration.read(
                Bytes.utf8("apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n"
                        + "- resources: [secrets]\n  providers:\n  " + provider),
                "test.yaml");
    }
}

package io.etcdmedic.codec.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.kubernetes.Resources;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptionConfigurationTest {
    private static final String HEAD = "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\n";
    private static final String KEYS = "keys: [{name: a, secret: \"AAECAwQFBgcICQoLDA0ODw==\"}]";

    @Test
    void aNarrowerRuleComesBeforeAWiderOne() {
        EncryptionConfiguration config = read(
                HEAD + "resources:\n"
                        + "- {resources: [secrets, deployments.apps], providers: [{aescbc: {" + KEYS + "}}]}\n"
                        + "- {resources: ['*.apps'], providers: [{aesgcm: {" + KEYS + "}}]}\n"
                        + "- {resources: ['*.'], providers: [{identity: {}}]}\n"
                        + "- {resources: ['*.*'], providers: [{kms: {apiVersion: v2, name: p, endpoint: unix:///p, timeout: 1m2s}}]}\n");
        assertThat(words(config, "secrets")).containsExactly("aescbc");
        assertThat(words(config, "deployments")).containsExactly("aescbc");
        assertThat(words(config, "daemonsets")).containsExactly("aesgcm");
        assertThat(words(config, "pods")).containsExactly("identity");
        assertThat(words(config, "jobs")).containsExactly("kms");
        assertThat(config.all().getLast()).isEqualTo(new Provider.Kms("p", "v2", "unix:///p", Duration.ofSeconds(62)));
    }

    @Test
    void theOldKindIsRead() {
        assertThat(words(
                        read(
                                "kind: EncryptionConfig\napiVersion: v1\nresources:\n- resources:\n  - secrets\n  providers:\n"
                                        + "  - aescbc:\n      " + KEYS + "\n  - identity: {}\n"),
                        "secrets"))
                .containsExactly("aescbc", "identity");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "aescbc: {keys: [{name: a, secret: 'c2VjcmV0IWNhbmFyeSE='}]}"
                        + "|resources[0].providers[0].aescbc.keys[0].secret is a key of 14 bytes",
                "secretbox: {keys: [{name: a, secret: 'c2VjcmV0IWNhbmFyeXh4eA=='}]}|expected 32 bytes",
                "aesgcm: {keys: [{name: a, secret: 'c2VjcmV0IWNhbmFyeSE*'}]}|aesgcm.keys[0].secret is not base64",
                "aesgcm: {keys: [{name: a, secret: 'c2VjcmV0IWNhbmFyeXh4eA'}]}|without its padding",
                "aesgcm: {keys: [{secret: 'c2VjcmV0IWNhbmFyeXh4eA=='}]}|aesgcm.keys[0] has no name",
                "aesgcm: {keys: []}|nothing in resources[0].providers[0].aesgcm.keys",
                "aesgcm: {}|nothing in resources[0].providers[0].aesgcm.keys",
                "rot13: {}|a provider that this version does not know, resources[0].providers[0].rot13",
                "{identity: {}, aescbc: {}}|has 2 fields",
                "kms: {name: p, endpoint: 'http://p'}|a Unix socket",
                "kms: {apiVersion: v3, name: p, endpoint: 'unix:///p'}|expected v1 or v2",
                "kms: {apiVersion: v2, name: 'p:q', endpoint: 'unix:///p'}|a name without a colon",
                "kms: {apiVersion: v2, name: p, endpoint: 'unix:///p', timeout: soon}|timeout is 'soon'",
                "kms: {apiVersion: v2, name: p, endpoint: 'unix:///p', timeout: 0s}|a time above zero"
            })
    void aFaultIsNamedWithItsPlaceAndNeverWithTheKey(String provider, String said) {
        Failure.Corrupt corrupt =
                refused(HEAD + "resources: [{resources: [secrets], providers: [" + braced(provider) + "]}]");
        assertThat(corrupt).hasMessageContaining(said).hasMessageContaining("test.yaml");
        StringBuilder everything = new StringBuilder();
        for (Throwable t = corrupt; t != null; t = t.getCause()) {
            everything.append(t);
        }
        assertThat(everything.toString()).doesNotContain("canary").doesNotContain("c2Vjcm");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "kind: Pod\napiVersion: v1\n",
                "[]",
                "a: &x 1\nb: *x\n",
                "kind: EncryptionConfiguration\nkind: EncryptionConfiguration\n",
                "resources: [",
                HEAD,
                HEAD + "resources: [{resources: ['*'], providers: [{identity: {}}]}]",
                HEAD + "resources: [{resources: ['pods.*'], providers: [{identity: {}}]}]",
                HEAD + "resources: [{resources: [], providers: [{identity: {}}]}]",
                HEAD + "resources: [{resources: [pods], providers: []}]",
                HEAD + "resources: [{resources: ['*.*'], providers: [{identity: {}}]},"
                        + " {resources: [pods], providers: [{identity: {}}]}]",
            })
    void whatIsNoConfigurationIsRefused(String yaml) {
        assertThat(refused(yaml)).hasMessageContaining("test.yaml");
    }

    private static String braced(String provider) {
        return provider.startsWith("{") ? provider : "{" + provider + "}";
    }

    private static Failure.Corrupt refused(String yaml) {
        Failure.Corrupt corrupt = catchThrowableOfType(Failure.Corrupt.class, () -> read(yaml));
        assertThat(corrupt).as(yaml).isNotNull();
        return corrupt;
    }

    private static List<String> words(EncryptionConfiguration config, String resource) {
        return config.providers(Resources.builtIn().named(resource).orElseThrow()).stream()
                .map(Provider::word)
                .toList();
    }

    private static EncryptionConfiguration read(String yaml) {
        return EncryptionConfiguration.read(Bytes.utf8(yaml), "test.yaml");
    }
}

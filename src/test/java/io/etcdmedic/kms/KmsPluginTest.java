package io.etcdmedic.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.encryption.AtRest;
import io.etcdmedic.codec.encryption.EncryptionConfiguration;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.kubernetes.Resource;
import io.etcdmedic.kubernetes.Resources;
import io.etcdmedic.wire.WireWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A real gRPC plugin on a real socket: two seconds in all, for gRPC's first start and the hanging one.
class KmsPluginTest {
    private static final Resource SECRETS = Resources.builtIn().named("secrets").orElseThrow();
    private static final Bytes PATH = Bytes.utf8("/registry/secrets/shop/web");
    private static final Bytes PLAIN = Bytes.utf8("k8s\0 the value of web");

    @TempDir
    private Path folder = Path.of("");

    private final KmsPlugins plugins = new KmsPlugins();
    private AtRest atRest = AtRest.locked();

    @BeforeEach
    void configure() {
        atRest = new AtRest(configuration(socket(), "20s"), plugins, new SecureRandom());
    }

    @AfterEach
    void close() {
        plugins.close();
    }

    @Test
    void aValueOpensAndManyShareOneCall() throws IOException {
        try (PluginForTests plugin = new PluginForTests(socket())) {
            Bytes stored = seal();
            assertThat(stored.toUtf8()).startsWith("k8s:enc:kms:v2:vault:");
            assertThat(open(stored)).isEqualTo(PLAIN);
            assertThat(open(seal())).isEqualTo(PLAIN);
            assertThat(plugin.calls).as("the seed was wrapped once").hasValue(1);
            AtRest later = new AtRest(configuration(socket(), "20s"), plugins, new SecureRandom());
            for (int i = 0; i < 5; i++) {
                assertThat(later.open(PATH, Optional.of(SECRETS), stored)).isEqualTo(PLAIN);
            }
            assertThat(plugin.calls).as("and unwrapped once").hasValue(2);
            assertThatThrownBy(() ->
                            later.open(Bytes.utf8("/registry/secrets/shop/renamed"), Optional.of(SECRETS), stored))
                    .isInstanceOf(Failure.Corrupt.class)
                    .hasMessageContaining("under another etcd key");
        }
    }

    @Test
    void aKeyThatIsNoSeedOpensToo() throws Exception {
        try (PluginForTests plugin = new PluginForTests(socket())) {
            assertThat(open(storedWithAKey())).isEqualTo(PLAIN);
            assertThat(plugin.calls).hasValue(1);
        }
    }

    @Test
    void aTruncatedEnvelopeIsCorrupt() throws IOException {
        try (PluginForTests plugin = new PluginForTests(socket())) {
            plugin.feel(PluginForTests.Mood.WELL);
            Bytes stored = seal();
            int prefix = "k8s:enc:kms:v2:vault:".length();
            for (int length = prefix; length < stored.length(); length++) {
                Bytes cut = stored.slice(0, length);
                assertThatThrownBy(() -> open(cut)).isInstanceOf(Failure.class);
            }
            Bytes cut = stored.slice(0, prefix + 20);
            assertThatThrownBy(() -> open(cut))
                    .isInstanceOf(Failure.Corrupt.class)
                    .hasMessageContaining("its envelope is broken or cut off");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NONSENSE|the plugin's answer is not what the protocol says",
                "SHORT_KEY|the plugin answered with a seed of 7 bytes",
                "OTHER_KEY|it was written with another key",
                "REFUSING|refused: PERMISSION_DENIED, the HSM is sealed",
                "HANGING|did not answer within 500 ms"
            })
    void aPluginThatDoesNotHelpIsNamed(PluginForTests.Mood mood, String said) throws IOException {
        try (PluginForTests plugin = new PluginForTests(socket())) {
            Bytes stored = seal();
            plugin.feel(mood);
            String timeout = mood == PluginForTests.Mood.HANGING ? "500ms" : "20s";
            atRest = new AtRest(configuration(socket(), timeout), plugins, new SecureRandom());
            assertThatThrownBy(() -> open(stored))
                    .isInstanceOf(Failure.Locked.class)
                    .hasMessageContaining("kms v2, plugin vault")
                    .hasMessageContaining(said);
        }
    }

    @Test
    void aHangingPluginIsAskedOnceForAWholeListing() throws IOException {
        try (PluginForTests plugin = new PluginForTests(socket())) {
            Bytes stored = seal();
            plugin.feel(PluginForTests.Mood.HANGING);
            atRest = new AtRest(configuration(socket(), "500ms"), plugins, new SecureRandom());
            long start = System.nanoTime();
            for (int i = 0; i < 100; i++) {
                assertThatThrownBy(() -> open(stored)).isInstanceOf(Failure.Locked.class);
            }
            assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
            assertThat(plugin.calls.get()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void aPluginThatIsNotThereIsSaidToBeAbsent() throws IOException {
        Bytes stored;
        try (PluginForTests plugin = new PluginForTests(socket())) {
            stored = seal();
            assertThat(plugin.calls).hasValue(1);
        }
        atRest = new AtRest(configuration(folder.resolve("gone.sock"), "20s"), plugins, new SecureRandom());
        assertThatThrownBy(() -> open(stored))
                .isInstanceOf(Failure.Locked.class)
                .hasMessageContaining("gone.sock is not there");
        assertThatThrownBy(this::seal)
                .isInstanceOf(Failure.Unreachable.class)
                .hasMessageContaining("gone.sock is not there");
        atRest = new AtRest(configuration(Path.of("/@abstract"), "20s"), plugins, new SecureRandom());
        assertThatThrownBy(() -> open(stored))
                .isInstanceOf(Failure.Locked.class)
                .hasMessageContaining("abstract name");
    }

    private Bytes seal() {
        return atRest.seal(PATH, Optional.of(SECRETS), PLAIN);
    }

    private Bytes open(Bytes stored) {
        return atRest.open(PATH, Optional.of(SECRETS), stored);
    }

    private Path socket() {
        return folder.resolve("kms.sock");
    }

    /// As an apiserver before 1.29 wrote it: type 0, the wrapped key is the AES key.
    private static Bytes storedWithAKey() throws GeneralSecurityException {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) 7);
        byte[] nonce = new byte[12];
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
        cipher.updateAAD(PATH.toArray());
        Bytes data = Bytes.owned(nonce).concat(Bytes.owned(cipher.doFinal(PLAIN.toArray())));
        WireWriter out = new WireWriter(256);
        out.field(2, Bytes.utf8("yes"));
        out.field(1, Bytes.utf8("turned.example.com"));
        out.message(4, 0);
        out.field(3, PluginForTests.turned(Bytes.owned(key)));
        out.field(2, Bytes.utf8("kek-1"));
        out.field(1, data);
        return Bytes.utf8("k8s:enc:kms:v2:vault:").concat(out.toBytes());
    }

    private static EncryptionConfiguration configuration(Path socket, String timeout) {
        return EncryptionConfiguration.read(
                Bytes.utf8("apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n"
                        + "- resources: [secrets]\n  providers:\n"
                        + "  - kms: {apiVersion: v2, name: vault, timeout: " + timeout
                        + ", endpoint: \"unix://" + socket
                        + "\"}\n"),
                "test.yaml");
    }
}

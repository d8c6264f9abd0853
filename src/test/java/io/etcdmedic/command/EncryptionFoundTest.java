package io.etcdmedic.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.Codec;
import io.etcdmedic.codec.encryption.AtRest;
import io.etcdmedic.codec.encryption.EncryptionConfiguration;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.kubernetes.RegistryKeys;
import io.etcdmedic.kubernetes.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The keys that the kube-apiserver of this machine was started with.
class EncryptionFoundTest {
    private static final String YAML = """
            apiVersion: apiserver.config.k8s.io/v1
            kind: EncryptionConfiguration
            resources:
            - resources: [secrets]
              providers: [{aesgcm: {keys: [{name: k, secret: "AAECAwQFBgcICQoLDA0ODw=="}]}}]
            """;
    private static final Key KEY = Key.of("/registry/secrets/shop/web");
    private static final Bytes PLAIN = Bytes.utf8("{\"kind\":\"Secret\"}");
    private final List<String> notes = new ArrayList<>();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void areFoundByItsArgumentsWhenAValueNeedsThem() throws IOException, InterruptedException {
        Path file = folder.resolve("encryption.yaml");
        Files.writeString(file, YAML);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        Process apiServer = new ProcessBuilder(
                        "bash", "-c", "exec -a kube-apiserver bash -c 'read wait' --encryption-provider-config=" + file)
                .start();
        try {
            Codec codec = codec(true);
            assertThat(codec.document(KEY, PLAIN)).isEqualTo(Json.read(PLAIN));
            assertThat(notes).as("nothing is looked for before it is needed").isEmpty();
            Document decrypted = awaited(codec);
            assertThat(decrypted).isEqualTo(Json.read(PLAIN));
            assertThat(notes)
                    .anySatisfy(n -> assertThat(n).contains("--encryption-provider-config=" + file))
                    .anySatisfy(n -> assertThat(n).contains("chmod 0600 " + file));
            assertThatThrownBy(() -> codec(false).document(KEY, sealed())).isInstanceOf(Failure.Locked.class);
        } finally {
            apiServer.destroyForcibly().waitFor();
        }
    }

    /// The process takes its name a moment after it was started.
    private Document awaited(Codec first) throws InterruptedException {
        Codec codec = first;
        for (int i = 0; ; i++) {
            try {
                return codec.document(KEY, sealed());
            } catch (Failure.Locked notYet) {
                assertThat(i).as("tries to find a process named kube-apiserver").isLessThan(100);
                Thread.sleep(100);
                notes.clear();
                codec = codec(true);
            }
        }
    }

    private Codec codec(boolean live) {
        return new CodecOpening(new ValueOptions(), live, _ -> {}, notes::add).open(new RegistryKeys("/registry"));
    }

    private static Bytes sealed() {
        return new AtRest(
                        EncryptionConfiguration.read(Bytes.utf8(YAML), "test"),
                        _ -> {
                            throw new AssertionError("no plugin");
                        },
                        new SecureRandom())
                .seal(
                        KEY.bytes(),
                        Optional.of(Resources.builtIn().named("secrets").orElseThrow()),
                        PLAIN);
    }
}

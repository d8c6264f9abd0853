package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.Codec;
import io.etcdmedic.codec.encryption.AtRest;
import io.etcdmedic.codec.encryption.EncryptionConfiguration;
import io.etcdmedic.command.Ran;
import io.etcdmedic.document.Json;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.kubernetes.RegistryKeys;
import io.etcdmedic.node.rke.ClusterState;
import io.etcdmedic.node.rke.StateFiles;
import io.etcdmedic.schema.Schema;
import io.etcdmedic.snapshot.RealEtcd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `node certs extract` as it is typed: from a real etcd and a snapshot of it, also where the state is encrypted.
class CertsExtractTest {
    private static final String STATE = """
            {"currentState": {"certificatesBundle": {
               "kube-ca": {"certificatePEM": "CA", "keyPEM": "CAKEY"},
               "kube-node": {"certificatePEM": "N", "keyPEM": "NKEY", "config": "apiVersion: v1"}}}}""";

    @TempDir
    Path dir = Path.of("");

    @ParameterizedTest
    @CsvSource({
        "aescbc, MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        "secretbox, MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    })
    void anEncryptedSecretIsOpenedWithItsConfiguration(String provider, String secret) throws Exception {
        String yaml = """
                apiVersion: apiserver.config.k8s.io/v1
                kind: EncryptionConfiguration
                resources:
                - resources: [secrets]
                  providers:
                  - %s: {keys: [{name: key-1, secret: %s}]}
                  - identity: {}
                """.formatted(provider, secret);
        Files.writeString(dir.resolve("encryption.yaml"), yaml);
        Key key = Key.of("/registry/secrets/kube-system/full-cluster-state");
        Codec codec = new Codec(
                Schema.builtIn(),
                new AtRest(
                        EncryptionConfiguration.read(Bytes.utf8(yaml), "test"),
                        _ -> {
                            throw new AssertionError("no plugin is configured");
                        },
                        new SecureRandom()),
                new RegistryKeys("/registry"));
        Bytes sealed = codec.encode(key, Json.read(secret()), Bytes.EMPTY);
        assertThat(sealed.startsWith(Bytes.utf8("k8s:enc:" + provider))).isTrue();

        try (RealEtcd etcd = RealEtcd.start(RealEtcd.binaries().getFirst(), dir.resolve("data"), List.of())) {
            etcd.commit(List.of(new Write.Put(key, sealed, LeaseId.NONE)));
            etcd.save(dir.resolve("snap.db"));

            assertThat(extract("locked", "--from", file("snap.db")).status()).isEqualTo(6);
            assertThat(dir.resolve("locked")).doesNotExist();
            Ran saved = extract("saved", "--from", file("snap.db"), "--encryption-config", file("encryption.yaml"));
            assertThat(saved.status()).as(saved.stderr()).isZero();
            Ran live = extract(
                    "live",
                    "--from",
                    "live",
                    "--endpoints",
                    etcd.endpoint(),
                    "--encryption-config",
                    file("encryption.yaml"));
            assertThat(live.status()).as(live.stderr()).isZero();
        }
        for (String out : List.of("saved", "live")) {
            assertThat(dir.resolve(out).resolve("kube-ca-key.pem")).hasContent("CAKEY\n");
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(dir.resolve(out).resolve("kubecfg-kube-node.yaml"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void nothingThatIsThereIsWrittenOver() throws IOException {
        Files.writeString(dir.resolve("cluster.rkestate"), STATE);
        Path out = Files.createDirectory(
                dir.resolve("out"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path victim = Files.writeString(dir.resolve("victim"), "mine");
        Files.createSymbolicLink(out.resolve("kube-node.pem"), victim);

        Ran ran = extract("out", "--from", file("cluster.rkestate"));

        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.stderr()).contains("kube-node.pem is there already", "nothing was written");
        assertThat(out.toFile().list()).containsExactly("kube-node.pem");
        assertThat(victim).hasContent("mine");
        Files.delete(out.resolve("kube-node.pem"));
        Files.createSymbolicLink(out.resolve("kube-ca.pem"), dir.resolve("nowhere"));
        assertThat(extract("out", "--from", file("cluster.rkestate")).status())
                .as("a link that leads nowhere is there, too")
                .isEqualTo(2);
        assertThat(Files.exists(dir.resolve("nowhere"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
    }

    @Test
    void namesThatAreNoneAndNamesThatCollideAreLeftOut() {
        StateFiles files = StateFiles.of(ClusterState.parse("test", Bytes.utf8("""
                {"currentState": {"certificatesBundle": {
                   "kube-ca": {"certificatePEM": "CA", "keyPEM": "CAKEY"},
                   "kube-ca-key": {"certificatePEM": "FORGED"},
                   "../up": {"certificatePEM": "X"}, "a/b": {"certificatePEM": "X"}, "": {"certificatePEM": "X"},
                   "/etc/cron.d/x": {"certificatePEM": "X"}, "..": {"certificatePEM": "X"}, "a\\u0000b": {"certificatePEM": "X"},
                   "-rf": {"certificatePEM": "X"}, "line\\nbreak": {"certificatePEM": "X"}}}}""")));

        assertThat(files.contents()).containsOnlyKeys("kube-ca.pem", "kube-ca-key.pem");
        assertThat(files.contents().get("kube-ca-key.pem")).isEqualTo(Bytes.utf8("CAKEY\n"));
        assertThat(files.skipped()).hasSize(9).anyMatch(s -> s.contains("a second 'kube-ca-key.pem'"));
    }

    @Test
    void aStateWithoutCertificatesIsSaidAndWritesNothing() throws IOException {
        Files.writeString(
                dir.resolve("cluster.rkestate"),
                "{\"currentState\": {\"certificatesBundle\": {}}, \"desiredState\": {}}");

        Ran ran = extract("out", "--from", file("cluster.rkestate"));

        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.stderr()).contains("it holds no certificate");
        assertThat(dir.resolve("out")).doesNotExist();
    }

    private static String secret() {
        return "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"data\":{\"full-cluster-state\":\""
                + Base64.getEncoder().encodeToString(STATE.getBytes(StandardCharsets.UTF_8)) + "\"}}";
    }

    private Ran extract(String out, String... words) {
        List<String> all = new java.util.ArrayList<>(List.of("node", "certs", "extract", "--out", file(out)));
        all.addAll(List.of(words));
        return Ran.of(all.toArray(String[]::new));
    }

    private String file(String name) {
        return dir.resolve(name).toString();
    }
}

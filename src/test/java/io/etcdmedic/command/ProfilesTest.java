package io.etcdmedic.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.etcd.RealCluster;
import io.etcdmedic.installation.Installation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Connections under a name, and those that lie on the machine: a real etcd, started once.
class ProfilesTest {
    @TempDir
    static Path folder = Path.of("");

    private static RealCluster cluster;

    @TempDir
    Path config = Path.of("");

    @BeforeAll
    static void start() throws Exception {
        cluster = RealCluster.start(RealCluster.binaries().getFirst(), folder.resolve("one"), 1);
        cluster.etcdctl("put", "/registry/namespaces/kube-system", "{}");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void keysAreOurs() throws Exception {
        Files.setPosixFilePermissions(cluster.client().key(), PosixFilePermissions.fromString("rw-------"));
    }

    private Ran medic(String... words) {
        return Ran.in(Map.of("XDG_CONFIG_HOME", config.toString()), Installation::nothing, List.of(words));
    }

    private Ran save(RealCluster to, String... more) {
        List<String> words = new ArrayList<>(List.of("profile", "save", "prod"));
        words.addAll(to.options());
        words.addAll(List.of(more));
        return medic(words.toArray(String[]::new));
    }

    @Test
    void savedShownTestedUsedAndRemoved() throws Exception {
        assertThat(save(cluster, "--read-only", "--command-timeout", "9s").status())
                .isZero();
        Path file = config.resolve("etcd-medic/profiles.yaml");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(medic("profile", "show", "prod").text()).contains("readOnly: true", "9000ms");
        assertThat(medic("ls", "--profile", "prod").text()).contains("/registry/namespaces/kube-system");
        assertThat(Files.readString(file)).contains("clusterId: ");
        Ran tested = medic("profile", "test", "prod");
        assertThat(tested.status()).as(tested.stderr()).isZero();
        assertThat(tested.text()).contains(cluster.endpoint(0));
        assertThat(medic("profile", "list", "-o", "name").text()).isEqualTo("prod\n");
        assertThat(save(cluster).status()).isEqualTo(2);
        assertThat(medic("profile", "remove", "prod").status()).isZero();
        Ran gone = medic("ls", "--profile", "prod");
        assertThat(gone.status()).isEqualTo(2);
        assertThat(gone.stderr()).contains("none of this name");
    }

    private void store(String key, Path value) {
        List<String> put = new ArrayList<>(List.of("put", key, "--raw", "--file", value.toString(), "--plan"));
        Path plan = config.resolve("plan");
        put.add(plan.toString());
        put.addAll(cluster.options());
        Ran planned = medic(put.toArray(String[]::new));
        assertThat(planned.status()).as(planned.stderr()).isZero();
        List<String> apply = new ArrayList<>(List.of("plan", "apply", plan.toString(), "--approve"));
        apply.add(planned.text().strip());
        apply.addAll(List.of("--state-dir", config.resolve("state").toString()));
        apply.addAll(cluster.options());
        Ran applied = medic(apply.toArray(String[]::new));
        assertThat(applied.status()).as(applied.stderr()).isZero();
    }

    /// Secrets at rest are read with the keys that the profile names, without a word more.
    @Test
    void anEncryptionConfigurationBelongsToAProfile() throws Exception {
        Path config = Files.copy(
                Path.of("src/test/resources/fixtures/kubernetes-1.36-encrypted/encryption-config.yaml"),
                this.config.resolve("encryption-config.yaml"));
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-------"));
        Path fixture = Path.of("src/test/resources/fixtures/kubernetes-1.36-encrypted/snapshot.db");
        String key = "/registry/secrets/shop/db-credentials";
        Path value = this.config.resolve("value");
        Files.write(
                value,
                medic("get", key, "-o", "raw", "--show-secrets", "--snapshot", fixture.toString())
                        .stdout()
                        .toArray());
        assertThat(Files.readString(value, StandardCharsets.ISO_8859_1)).startsWith("k8s:enc:");
        store(key, value);
        assertThat(save(cluster, "--encryption-config", config.toString()).status())
                .isZero();
        assertThat(medic("profile", "show", "prod").text()).contains("encryptionConfig: " + config);
        Ran read = medic("get", key, "-o", "yaml", "--show-secrets", "--profile", "prod");
        assertThat(read.status()).as(read.stderr()).isZero();
        assertThat(read.text()).contains("password: Y29ycmVj");
        Ran decoded =
                medic("decode", value.toString(), "--key", key, "--show-secrets", "-o", "yaml", "--profile", "prod");
        assertThat(decoded.status()).as(decoded.stderr()).isZero();
        assertThat(decoded.text()).contains("password: Y29ycmVj");
        save(cluster, "--replace");
        assertThat(medic("get", key, "-o", "yaml", "--show-secrets", "--profile", "prod")
                        .stderr())
                .contains("encrypted");
    }

    @Test
    void anotherClusterBehindTheSameNameIsRefused() throws Exception {
        save(cluster);
        assertThat(medic("profile", "test", "prod").status()).isZero();
        try (RealCluster other = RealCluster.start(RealCluster.binaries().getFirst(), folder.resolve("two"), 1)) {
            Path file = config.resolve("etcd-medic/profiles.yaml");
            String pinned = Files.readString(file)
                    .lines()
                    .filter(l -> l.contains("clusterId"))
                    .findFirst()
                    .orElseThrow();
            assertThat(save(other, "--replace").status()).isZero();
            Files.writeString(file, Files.readString(file).stripTrailing() + "\n" + pinned + "\n");
            Ran ran = medic("ls", "--profile", "prod");
            assertThat(ran.status()).isEqualTo(2);
            assertThat(ran.stderr()).contains("which answered before");
        }
    }

    @Test
    void aKeyThatOthersCanReadIsRefused() throws Exception {
        save(cluster);
        Files.setPosixFilePermissions(cluster.client().key(), PosixFilePermissions.fromString("rw-r--r--"));
        Ran ran = medic("ls", "--profile", "prod");
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.stderr()).contains("others can read", "chmod 600");
    }

    @Test
    void aProfileThatOthersCanWriteIsRefused() throws Exception {
        save(cluster);
        Path file = config.resolve("etcd-medic/profiles.yaml");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(medic("profile", "list").stderr()).contains("others can write to it");
    }

    /// Nor is it written to: what stands in it may be all that is left of somebody's connections.
    @Test
    void aBrokenFileIsNotTakenForAnEmptyOne() throws Exception {
        Path file = config.resolve("etcd-medic/profiles.yaml");
        Files.createDirectories(config.resolve("etcd-medic"));
        for (String text : List.of(
                "profiles: [a",
                "profiles: 3\n",
                "a: b\n",
                "profiles:\n  a: 3\n",
                "profiles:\n  a:\n    endpoint: x\n",
                "profiles:\n  a:\n    readOnly: maybe\n",
                "profiles: {}\nprofiles: {}\n",
                "\ufeff\u0000")) {
            Files.writeString(file, text);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            for (Ran ran : List.of(medic("ls", "--profile", "a"), medic("profile", "list"), save(cluster))) {
                assertThat(ran.status()).as(text).isEqualTo(2);
                assertThat(ran.stderr()).contains("hint: mend " + file);
            }
            assertThat(Files.readString(file)).isEqualTo(text);
        }
        Files.writeString(file, "\n");
        assertThat(save(cluster).status()).isZero();
    }

    @Test
    void aCertificateWithoutItsKeyNamesTheMissingHalf() {
        String url = cluster.endpoint(0);
        assertThat(medic(
                                "ls",
                                "--endpoints",
                                url,
                                "--cert",
                                cluster.client().certificate().toString())
                        .stderr())
                .contains("without its key; expected --key FILE with it");
        assertThat(medic(
                                "ls",
                                "--endpoints",
                                url,
                                "--key",
                                cluster.client().key().toString())
                        .stderr())
                .contains("without its certificate; expected --cert FILE with it");
    }

    @Test
    void theEnvironmentOfEtcdctlIsUnderstood() {
        Map<String, String> environment = Map.of(
                "ETCDCTL_ENDPOINTS", cluster.endpoint(0),
                "ETCDCTL_CACERT", cluster.pki().ca().toString(),
                "ETCDCTL_CERT", cluster.client().certificate().toString(),
                "ETCDCTL_KEY", cluster.client().key().toString());
        assertThat(Ran.in(environment, Installation::nothing, List.of("ls")).text())
                .contains("/registry/namespaces/kube-system");
        Map<String, String> insecure = Map.of("ETCDCTL_INSECURE_SKIP_TLS_VERIFY", "true");
        Ran refused = Ran.in(insecure, Installation::nothing, List.of("ls"));
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.stderr()).contains("ETCDCTL_INSECURE_SKIP_TLS_VERIFY");
    }

    @Test
    void whatLiesOnTheMachineIsFoundAndSaid() throws Exception {
        Path root = folder.resolve("machine");
        Path unit = root.resolve("etc/systemd/system/kube-apiserver.service");
        Files.createDirectories(unit.getParent());
        Files.writeString(unit, """
                [Service]
                ExecStart=/usr/bin/kube-apiserver --etcd-servers=%s --etcd-cafile=%s --etcd-certfile=%s --etcd-keyfile=%s
                """.formatted(
                        cluster.endpoint(0),
                        cluster.pki().ca(),
                        cluster.client().certificate(),
                        cluster.client().key()));
        Ran ran = Ran.in(Map.of(), () -> Installation.below(root), List.of("ls"));
        assertThat(ran.status()).as(ran.stderr()).isZero();
        assertThat(ran.text()).contains("/registry/namespaces/kube-system");
        assertThat(ran.stderr()).contains("medic: source: etcd " + cluster.endpoint(0), "kube-apiserver");
        try (Stream<Path> left = Files.list(root)) {
            assertThat(left).hasSize(1);
        }
    }
}

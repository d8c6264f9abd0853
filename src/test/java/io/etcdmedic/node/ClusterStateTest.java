package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.Codec;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Memory;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.node.cni.CniPods;
import io.etcdmedic.node.rke.ClusterState;
import io.etcdmedic.node.rke.ClusterStore;
import io.etcdmedic.node.rke.NodeObject;
import io.etcdmedic.node.rke.StateFiles;
import io.etcdmedic.node.rke.StateSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterStateTest {
    private static final String STATE = """
            {"desiredState": {}, "currentState": {
              "rkeConfig": {"clusterName": "home", "nodes": [{"address": "51.81.64.31"}], "kubernetesVersion": "v1.26.8-rancher1-1"},
              "certificatesBundle": {
                "kube-ca": {"certificatePEM": "CA", "keyPEM": "CAKEY"},
                "kube-admin": {"certificatePEM": "A", "keyPEM": "AKEY", "config": "apiVersion: v1"},
                "../../etc/cron.d/x": {"certificatePEM": "EVIL"}},
              "encryptionConfig": "kind: EncryptionConfiguration"}}""";

    @TempDir
    Path folder = Path.of("");

    @Test
    void theSecretIsReadAndTheConfigMapOfBefore() {
        String data = Base64.getEncoder().encodeToString(STATE.getBytes(StandardCharsets.UTF_8));
        ClusterState secret = ClusterState.required(store(Map.of(
                "/registry/secrets/kube-system/full-cluster-state",
                "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"data\":{\"full-cluster-state\":\"" + data + "\"}}")));
        assertThat(secret.from()).isEqualTo("Secret kube-system/full-cluster-state");
        assertThat(secret.certificates()).hasSize(3);
        assertThat(secret.toString()).doesNotContain("CAKEY");

        ClusterState map = ClusterState.required(store(Map.of(
                "/registry/configmaps/kube-system/full-cluster-state",
                "{\"kind\":\"ConfigMap\",\"data\":{\"full-cluster-state\":" + quoted(STATE) + "}}")));
        assertThat(map.encryptionConfig()).hasValue("kind: EncryptionConfiguration");
    }

    @Test
    void absentLockedAndBrokenAreEachSaid() {
        assertThatThrownBy(() -> ClusterState.required(store(Map.of())))
                .isInstanceOf(Failure.Absent.class)
                .hasMessageContaining("neither Secret nor ConfigMap kube-system/full-cluster-state");
        String key = "/registry/secrets/kube-system/full-cluster-state";
        assertThatThrownBy(() -> ClusterState.required(
                        store(Map.of(key, "k8s:enc:aescbc:v1:key1:0123456789abcdef0123456789abcdef"))))
                .isInstanceOf(Failure.Locked.class);
        assertThatThrownBy(() -> ClusterState.required(
                        store(Map.of(key, "{\"data\":{\"full-cluster-state\":\"bm90IGpzb24=\"}}"))))
                .isInstanceOf(Failure.Corrupt.class);
        assertThatThrownBy(() -> ClusterState.required(store(Map.of(key, "{\"data\":{}}"))))
                .isInstanceOf(Failure.Corrupt.class);
    }

    @Test
    void filesArePrivateNewAndInTheirFolder() throws IOException {
        StateFiles files = StateFiles.of(ClusterState.parse("test", Bytes.utf8(STATE)));
        Path out = folder.resolve("out");

        assertThat(files.write(out))
                .containsExactly(
                        "encryption.yaml",
                        "kube-admin-key.pem",
                        "kube-admin.pem",
                        "kube-ca-key.pem",
                        "kube-ca.pem",
                        "kubecfg-kube-admin.yaml");
        assertThat(files.skipped()).singleElement().satisfies(s -> assertThat(s).contains("../../etc/cron.d/x"));
        for (String name : List.of("kube-ca-key.pem", "encryption.yaml")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out.resolve(name))))
                    .isEqualTo("rw-------");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out)))
                .isEqualTo("rwx------");

        Files.delete(out.resolve("encryption.yaml"));
        assertThatThrownBy(() -> files.write(out)).isInstanceOf(Failure.Refused.class);
        assertThat(out.resolve("encryption.yaml")).doesNotExist();
    }

    @Test
    void theStateIsFoundBesideAPublishedSnapshotToo() throws IOException {
        Path zip = folder.resolve("snap.zip");
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream entries = new ZipOutputStream(out)) {
            entries.putNextEntry(new ZipEntry("backup/snap"));
            entries.write(1);
            entries.putNextEntry(new ZipEntry("backup/snap.rkestate"));
            entries.write(STATE.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(StateSource.in(zip).orElseThrow().from()).endsWith("snap.zip, backup/snap.rkestate");
        assertThat(StateSource.in(Files.writeString(folder.resolve("cluster.rkestate"), STATE)))
                .isPresent();
        assertThat(StateSource.in(Files.writeString(folder.resolve("snap.db"), "\0\0\0")))
                .isEmpty();
        assertThat(StateSource.in(folder.resolve("none"))).isEmpty();
    }

    @Test
    void thePodThatInstallsPluginsIsNamed() {
        ClusterStore store = store(Map.of(
                "/registry/pods/kube-system/canal-x7abc",
                "{\"metadata\":{\"name\":\"canal-x7abc\",\"namespace\":\"kube-system\"},\"spec\":{\"nodeName\":\"51.81.64.31\","
                        + "\"volumes\":[{\"hostPath\":{\"path\":\"/opt/cni/bin\"}}]}}",
                "/registry/pods/kube-system/canal-other",
                "{\"metadata\":{\"name\":\"canal-other\",\"namespace\":\"kube-system\"},\"spec\":{\"nodeName\":\"10.0.0.9\","
                        + "\"volumes\":[{\"hostPath\":{\"path\":\"/opt/cni/bin\"}}]}}",
                "/registry/minions/51.81.64.31",
                "{\"metadata\":{\"name\":\"51.81.64.31\"},\"status\":{\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"51.81.64.31\"}],"
                        + "\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}",
                "/registry/minions/broken",
                "\1\2"));

        assertThat(NodeObject.all(store))
                .singleElement()
                .satisfies(node -> assertThat(node.ready()).isTrue());
        assertThat(CniPods.of(store, "51.81.64.31", List.of("/opt/cni/bin")).names())
                .containsExactly("kube-system/canal-x7abc");
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    private ClusterStore store(Map<String, String> objects) {
        List<Write> writes = objects.entrySet().stream()
                .<Write>map(e -> new Write.Put(Key.of(e.getKey()), Bytes.utf8(e.getValue()), LeaseId.NONE))
                .toList();
        return new ClusterStore(Memory.after(List.of(writes)), "/registry", Codec.plain());
    }
}

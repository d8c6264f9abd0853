package io.etcdmedic.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.snapshot.RealEtcd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every runbook rehearsed over a snapshot of a cluster in which each has something to do: it goes through, says
/// what it would do, and nothing is written. Starting an etcd takes up to a second.
class FixOverSnapshotTest {
    private static final String META =
            "{\"apiVersion\":\"v1\",\"kind\":\"%s\",\"metadata\":{\"name\":\"%s\",\"uid\":\"u-%s\"";
    private static final String MANAGED =
            ",\"labels\":{\"ipaddress.kubernetes.io/managed-by\":\"ipallocator.k8s.io\"}}";
    private static final String DELETED = ",\"deletionTimestamp\":\"2026-11-23T17:29:19Z\"";

    @TempDir
    static Path folder = Path.of("");

    private static Path snapshot = Path.of("");

    @BeforeAll
    static void save() throws IOException, InterruptedException {
        snapshot = folder.resolve("snapshot.db");
        try (RealEtcd etcd = RealEtcd.start(RealEtcd.binaries().getFirst(), folder.resolve("etcd"), List.of())) {
            List<Write> writes = new ArrayList<>();
            objects()
                    .forEach((key, json) ->
                            writes.add(new Write.Put(Key.of("/registry/" + key), Bytes.utf8(json), LeaseId.NONE)));
            etcd.commit(writes);
            etcd.commit(List.of(new Write.Put(
                    Key.of("/registry/configmaps/shop/torn"), Bytes.utf8("{\"apiVersion\":"), LeaseId.NONE)));
            etcd.save(snapshot);
        }
    }

    private static Map<String, String> objects() {
        return Map.ofEntries(
                Map.entry("namespaces/kube-system", object("Namespace", "kube-system") + "}}"),
                Map.entry(
                        "namespaces/doomed",
                        object("Namespace", "doomed") + DELETED + "},\"spec\":{\"finalizers\":[\"kubernetes\"]}}"),
                Map.entry("secrets/doomed/left", object("Secret", "left") + ",\"namespace\":\"doomed\"}}"),
                Map.entry(
                        "configmaps/doomed/held",
                        object("ConfigMap", "held") + ",\"namespace\":\"doomed\"" + DELETED
                                + ",\"finalizers\":[\"example.com/a\",\"example.com/b\"]}}"),
                Map.entry(
                        "servicecidrs/kubernetes",
                        object("ServiceCIDR", "kubernetes") + "},\"spec\":{\"cidrs\":[\"10.0.0.0/24\"]}}"),
                Map.entry("services/specs/default/kubernetes", service("default", "kubernetes", "10.0.0.1")),
                Map.entry("services/specs/shop/web", service("shop", "web", "10.43.52.244")),
                Map.entry("services/specs/shop/db", service("shop", "db", "10.0.0.9")),
                Map.entry("ipaddresses/10.0.0.1", address("10.0.0.1", "default", "kubernetes")),
                Map.entry("ipaddresses/10.0.0.9", address("10.0.0.9", "shop", "db")),
                Map.entry("ipaddresses/10.0.0.8", address("10.0.0.8", "shop", "gone")),
                Map.entry("masterleases/10.99.0.7", "{}"),
                Map.entry("configmaps/shop/torn", object("ConfigMap", "torn") + ",\"namespace\":\"shop\"}}"),
                Map.entry(
                        "persistentvolumeclaims/shop/data",
                        object("PersistentVolumeClaim", "data") + ",\"namespace\":\"shop\"" + DELETED
                                + ",\"finalizers\":[\"kubernetes.io/pvc-protection\"]}}"));
    }

    private static String object(String kind, String name) {
        return META.formatted(kind, name, name);
    }

    private static String service(String namespace, String name, String address) {
        return object("Service", name) + ",\"namespace\":\"" + namespace + "\"},\"spec\":{\"clusterIP\":\"" + address
                + "\",\"clusterIPs\":[\"" + address + "\"],\"selector\":{\"a\":\"b\"}}}";
    }

    private static String address(String address, String namespace, String name) {
        return object("IPAddress", address) + MANAGED
                + ",\"spec\":{\"parentRef\":{\"resource\":\"services\",\"namespace\":\"" + namespace
                + "\",\"name\":\"" + name + "\"}}}";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "servicecidr --cidr 10.43.0.0/16",
                "ipaddresses",
                "ipaddresses shop/web",
                "masterleases",
                "undecodable",
                "namespace doomed --accept example.com/a --accept example.com/b",
                "revive pvc/shop/data"
            })
    void goesThroughAndWritesNothing(String words) throws IOException {
        byte[] before = Files.readAllBytes(snapshot);
        Ran ran = rehearsed(words);
        assertThat(ran.status()).as(ran.text() + ran.stderr()).isZero();
        assertThat(ran.text())
                .contains("What was found", "What would be done", "What the dry run did")
                .endsWith("A dry run: every step went through, over a copy in memory. Nothing was changed.\n");
        assertThat(ran.stderr()).isEmpty();
        assertThat(Files.readAllBytes(snapshot)).isEqualTo(before);
        assertThat(folder.resolve("state")).doesNotExist();
    }

    @Test
    void saysWhatOnlyALiveClusterCanTell() {
        assertThat(rehearsed("nospace").text())
                .contains("a snapshot has no member whose space could be given back")
                .endsWith("Nothing to do.\n");
        assertThat(rehearsed("servicecidr --cidr 10.43.0.0/16").text())
                .contains(
                        "a snapshot shows no process: that every kube-apiserver runs with 10.43.0.0/16 is not checked here")
                .contains("whether the kube-apiserver's certificate names 10.43.0.1 is not known here");
    }

    /// The kube-apiserver that is played runs with the range that the plan was made for, though no option says it.
    @Test
    void rehearsesAPlanThatWasWrittenBefore() throws IOException {
        Path plan = folder.resolve("plan.json");
        Ran written = ran("fix", "servicecidr", "--cidr", "10.43.0.0/16", "--plan", plan.toString());
        assertThat(written.status()).as(written.stderr()).isZero();
        Ran rehearsed = ran(
                "plan", "apply", plan.toString(), "--approve", written.text().strip(), "--dry-run");
        assertThat(rehearsed.status()).as(rehearsed.text() + rehearsed.stderr()).isZero();
        assertThat(rehearsed.text()).contains("create service kubernetes with 10.43.0.1");
    }

    /// A good value is not taken from a file that cannot be trusted.
    @Test
    void aDamagedSnapshotGivesNoValues() throws IOException {
        assertThat(rehearsed("undecodable --from " + snapshot).status()).isZero();
        Path damaged = folder.resolve("damaged.db");
        byte[] bytes = Files.readAllBytes(snapshot);
        bytes[bytes.length - 1] ^= 1;
        Files.write(damaged, bytes);
        Ran refused = rehearsed("undecodable --from " + damaged);
        assertThat(refused.status()).isEqualTo(5);
        assertThat(refused.stderr()).contains("its content is not what etcd wrote");
    }

    /// Where a runbook leaves everything as it is, it still says what it leaves.
    @Test
    void saysWhatRemainsWhereThereIsNothingToDo() {
        Ran ran = rehearsed("servicecidr --cidr 10.0.0.0/24");
        assertThat(ran.status()).as(ran.stderr()).isZero();
        assertThat(ran.text())
                .contains("What remains for you")
                .contains("Service shop/web has 10.43.52.244, outside every range")
                .endsWith("Nothing to do.\n");
    }

    private static Ran rehearsed(String words) {
        return ran(("fix " + words + " --dry-run").split(" "));
    }

    private static Ran ran(String... words) {
        List<String> line = new ArrayList<>(List.of(
                "--snapshot",
                snapshot.toString(),
                "--state-dir",
                folder.resolve("state").toString()));
        line.addAll(List.of(words));
        return Ran.of(line.toArray(String[]::new));
    }
}

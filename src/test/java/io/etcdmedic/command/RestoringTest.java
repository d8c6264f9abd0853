package io.etcdmedic.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.snapshot.EtcdOfClass;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// A namespace that comes back while controllers look on. Starting etcd takes a second.
class RestoringTest {
    private static final String NAMESPACE = "/registry/namespaces/shop";
    private static final String ACCOUNT = "/registry/serviceaccounts/shop/default";
    private static final String SETTINGS = "/registry/configmaps/shop/settings";
    private static final String SET = "/registry/replicasets/shop/web-1";
    private static final String DEPLOYMENT = "/registry/deployments/shop/web";

    @TempDir
    Path folder = Path.of("");

    @RegisterExtension
    static final EtcdOfClass ETCD = new EtcdOfClass();

    private Path archive = Path.of("");

    @BeforeEach
    void fillKeepAndDelete() throws Exception {
        etcdctl("del", "--prefix", "/");
        put(NAMESPACE, object("v1", "Namespace", "shop", "").replace(",\"namespace\":\"shop\"", ""));
        put(ACCOUNT, object("v1", "ServiceAccount", "default", ""));
        put(SETTINGS, object("v1", "ConfigMap", "settings", ""));
        put(DEPLOYMENT, object("apps/v1", "Deployment", "web", "").replace("}}", "},\"status\":{\"replicas\":1}}"));
        put(
                SET,
                object(
                        "apps/v1",
                        "ReplicaSet",
                        "web-1",
                        ",\"ownerReferences\":[{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"name\":\"web\","
                                + "\"uid\":\"u-web\",\"controller\":true}]"));
        archive = folder.resolve("shop.tar.gz");
        assertThat(medic("backup", "create", "-n", "shop", archive.toString()).status())
                .isZero();
        etcdctl("del", "--prefix", "/");
    }

    private static String object(String version, String kind, String name, String more) {
        return "{\"kind\":\"%s\",\"apiVersion\":\"%s\",\"metadata\":{\"name\":\"%s\",\"namespace\":\"shop\",\"uid\":\"u-%s\"%s}}"
                .formatted(kind, version, name, name, more);
    }

    /// Until the namespace is there, kube-apiserver lets nobody make anything in it.
    @Test
    void theNamespaceComesLastAndOwnersBeforeWhatTheyOwn() {
        Ran dry = medic("restore", "-n", "shop", "--from", archive.toString(), "--dry-run");
        assertThat(dry.status()).as(dry.stderr()).isZero();
        assertThat(dry.text().lines().filter(line -> line.matches("\\s*\\d+\\s+etcd .*")))
                .satisfiesExactly(
                        step -> assertThat(step).endsWith("serviceaccounts shop/default"),
                        step -> assertThat(step).endsWith("configmaps shop/settings"),
                        step -> assertThat(step).endsWith("deployments.apps shop/web"),
                        step -> assertThat(step).endsWith("replicasets.apps shop/web-1"),
                        step -> assertThat(step).endsWith("namespaces shop"));
        assertThat(dry.text()).contains("its garbage collector may remember that");
    }

    /// What a controller made meanwhile stays; the rest comes back, and the undo takes only that away again.
    @Test
    void whatAControllerMadeMeanwhileIsAsGood() throws Exception {
        String hex = planned();
        put(ACCOUNT, "made anew");
        put(SET, "made anew");
        Ran applied = applied(hex);
        assertThat(applied.status()).as(applied.stderr()).isZero();
        assertThat(applied.text()).contains("APPLIED").containsPattern("stepsSkipped +2");
        assertThat(etcdctl("get", ACCOUNT) + etcdctl("get", SET)).doesNotContain("kind");
        assertThat(etcdctl("get", "--prefix", "/", "--keys-only"))
                .contains(NAMESPACE, ACCOUNT, SETTINGS, SET, DEPLOYMENT);
        String id = medic("journal", "list", "-o", "name").text().strip();
        assertThat(medic(ChangingTest::words, "undo", id).status()).isZero();
        assertThat(etcdctl("get", "--prefix", "/", "--keys-only").lines().filter(line -> !line.isBlank()))
                .containsExactlyInAnyOrder(ACCOUNT, SET);
    }

    @Test
    void whatSomebodyElseMadeMeanwhileStopsIt() throws Exception {
        String hex = planned();
        put(SETTINGS, "made anew");
        assertThat(applied(hex).status()).isEqualTo(4);
        assertThat(etcdctl("get", "--prefix", "/", "--keys-only")).doesNotContain(NAMESPACE, ACCOUNT);
    }

    private String planned() {
        return medic(
                        "restore",
                        "-n",
                        "shop",
                        "--from",
                        archive.toString(),
                        "--plan",
                        folder.resolve("p").toString())
                .text()
                .strip();
    }

    private Ran applied(String hex) {
        return medic("plan", "apply", folder.resolve("p").toString(), "--approve", hex);
    }

    private Ran medic(String... words) {
        return medic(Prompt.NOBODY, words);
    }

    private Ran medic(Prompt prompt, String... words) {
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(List.of("--state-dir", folder.resolve("state").toString()));
        return Ran.run(false, Map.of("ETCDCTL_ENDPOINTS", ETCD.server().endpoint()), prompt, line);
    }

    private static void put(String key, String value) throws Exception {
        ETCD.server().commit(List.of(new Write.Put(Key.of(key), Bytes.utf8(value), LeaseId.NONE)));
    }

    private static String etcdctl(String... words) throws Exception {
        return ETCD.server().etcdctl(List.of(words));
    }
}

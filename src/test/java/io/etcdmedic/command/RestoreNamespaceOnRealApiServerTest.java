package io.etcdmedic.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.apiserver.ApiCollection;
import io.etcdmedic.apiserver.ApiName;
import io.etcdmedic.apiserver.ApiObject;
import io.etcdmedic.apiserver.ApiServer;
import io.etcdmedic.apiserver.KubeApi;
import io.etcdmedic.apiserver.KubeProcess;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Json;
import io.etcdmedic.keyspace.WritePermit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A namespace that somebody deleted comes back out of a snapshot, on a real control plane.
///
/// Slow (a minute): a control plane has to start, and the namespace to end.
@Tag("long")
class RestoreNamespaceOnRealApiServerTest {
    private static final WritePermit TEST = new WritePermit("what the test sets up", Set.of());
    private static final String NAMESPACE = "bookshop";

    private static final ApiName ITSELF = new ApiName("", "v1", "namespaces", "", NAMESPACE);
    private static final ApiName SERVICE = named("", "services", "web");
    private static final ApiName DEPLOYMENT = named("apps", "deployments", "web");

    /// What is made, in the order that the API wants.
    private record Made(ApiName name, String json) {
        static Made of(ApiName name, String kind, String rest) {
            String version = (name.group().isEmpty() ? "" : name.group() + "/") + name.version();
            return new Made(
                    name,
                    "{\"apiVersion\":\"%s\",\"kind\":\"%s\",\"metadata\":{\"name\":\"%s\"%s}%s}"
                            .formatted(
                                    version,
                                    kind,
                                    name.name(),
                                    name.namespace().isEmpty() ? "" : ",\"namespace\":\"" + name.namespace() + "\"",
                                    rest));
        }
    }

    private static final List<Made> OBJECTS = List.of(
            Made.of(ITSELF, "Namespace", ""),
            Made.of(named("", "serviceaccounts", "seller"), "ServiceAccount", ""),
            Made.of(named("", "configmaps", "settings"), "ConfigMap", ",\"data\":{\"shelves\":\"7\"}"),
            Made.of(named("", "secrets", "till"), "Secret", ",\"stringData\":{\"code\":\"4711\"}"),
            Made.of(
                    named("rbac.authorization.k8s.io", "roles", "reader"),
                    "Role",
                    ",\"rules\":[{\"apiGroups\":[\"\"],\"resources\":[\"configmaps\"],\"verbs\":[\"get\"]}]"),
            Made.of(
                    named("rbac.authorization.k8s.io", "rolebindings", "seller-reads"),
                    "RoleBinding",
                    ",\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"Role\",\"name\":\"reader\"},"
                            + "\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"seller\",\"namespace\":\""
                            + NAMESPACE + "\"}]"),
            Made.of(
                    named("", "persistentvolumeclaims", "books"),
                    "PersistentVolumeClaim",
                    ",\"spec\":{\"accessModes\":[\"ReadWriteOnce\"],\"resources\":{\"requests\":{\"storage\":\"1Gi\"}}}"),
            Made.of(SERVICE, "Service", ",\"spec\":{\"selector\":{\"app\":\"web\"},\"ports\":[{\"port\":80}]}"),
            Made.of(
                    DEPLOYMENT,
                    "Deployment",
                    ",\"spec\":{\"replicas\":2,\"selector\":{\"matchLabels\":{\"app\":\"web\"}},\"template\":{\"metadata\":"
                            + "{\"labels\":{\"app\":\"web\"}},\"spec\":{\"serviceAccountName\":\"seller\",\"containers\":"
                            + "[{\"name\":\"web\",\"image\":\"example.com/web:1\"}]}}}"));

    @TempDir
    Path folder = Path.of("");

    @Test
    void comesBackWhole() {
        try (KubeProcess kube =
                        KubeProcess.empty().startApiServer("10.43.0.0/16").startControllerManager();
                KubeApi api = kube.api()) {
            MedicAtKube medic = new MedicAtKube(kube, folder.resolve("state"));
            OBJECTS.forEach(made -> api.create(made.name(), Bytes.utf8(made.json()), TEST));
            KubeProcess.await("the pods of the deployment", Duration.ofMinutes(2), () -> count(api, "pods") == 2);
            List<ApiObject> before = OBJECTS.stream()
                    .map(made -> api.get(made.name()).orElseThrow())
                    .toList();
            Path snapshot = folder.resolve("snapshot.db");
            ran(0, medic.medic("snapshot", "save", snapshot.toString()));

            deleted(api);
            ran(0, medic.medic("restore", "-n", NAMESPACE, "--from", snapshot.toString()));
            for (int i = 0; i < OBJECTS.size(); i++) {
                assertThat(api.get(OBJECTS.get(i).name()).orElseThrow().uid())
                        .isEqualTo(before.get(i).uid());
                usable(api, OBJECTS.get(i).name());
            }
            scales(api, 3);
            ran(4, medic.medic("undo", lastId(medic)));
            intoOneThatIsThere(api, medic, snapshot);
        }
    }

    /// Somebody made the namespace anew, and controllers were quick to make theirs in it.
    private static void intoOneThatIsThere(KubeApi api, MedicAtKube medic, Path snapshot) {
        deleted(api);
        api.create(ITSELF, Bytes.utf8(OBJECTS.getFirst().json()), TEST);
        KubeProcess.await("its service account", Duration.ofMinutes(1), () -> count(api, "serviceaccounts") == 1);
        Ran restored = ran(0, medic.medic("restore", "-n", NAMESPACE, "--from", snapshot.toString()));
        assertThat(restored.stderr()).contains("are left alone (--replace overwrites them): ", "namespaces bookshop");
        OBJECTS.forEach(made -> usable(api, made.name()));
        scales(api, 3);
    }

    private static void deleted(KubeApi api) {
        api.delete(ITSELF, new ApiServer.Same(api.get(ITSELF).orElseThrow().uid(), Optional.empty()), TEST);
        KubeProcess.await(
                "the namespace is gone",
                Duration.ofMinutes(3),
                () -> api.get(ITSELF).isEmpty());
    }

    /// Its controllers go on with what was put back.
    private static void scales(KubeApi api, int replicas) {
        patched(api, DEPLOYMENT, "{\"spec\":{\"replicas\":" + replicas + "}}");
        KubeProcess.await(replicas + " pods", Duration.ofMinutes(1), () -> count(api, "pods") == replicas);
    }

    private static String lastId(MedicAtKube medic) {
        return medic.medic("journal", "list", "-o", "name")
                .text()
                .lines()
                .findFirst()
                .orElseThrow();
    }

    /// The API lists it, and takes a change of it.
    private static void usable(KubeApi api, ApiName name) {
        assertThat(api.list(new ApiCollection(name.group(), name.version(), name.resource(), name.namespace())))
                .as(name.toString())
                .anyMatch(object -> object.text("metadata", "name").equals(Optional.of(name.name())));
        ApiObject labelled = patched(api, name, "{\"metadata\":{\"labels\":{\"back\":\"yes\"}}}");
        assertThat(Json.read(labelled.json()).text("metadata", "labels", "back"))
                .contains("yes");
    }

    private static ApiObject patched(KubeApi api, ApiName name, String patch) {
        return api.patch(
                name,
                new ApiServer.Same(api.get(name).orElseThrow().uid(), Optional.empty()),
                ApiServer.PatchType.MERGE,
                Bytes.utf8(patch),
                TEST);
    }

    private static int count(KubeApi api, String resource) {
        return api.list(new ApiCollection("", "v1", resource, NAMESPACE)).size();
    }

    private static Ran ran(int status, Ran ran) {
        assertThat(ran.status()).as(ran.stderr() + ran.text()).isEqualTo(status);
        return ran;
    }

    private static ApiName named(String group, String resource, String name) {
        return new ApiName(group, "v1", resource, NAMESPACE, name);
    }
}

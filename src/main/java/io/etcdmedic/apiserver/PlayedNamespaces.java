package io.etcdmedic.apiserver;

import io.etcdmedic.document.Document;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.kubernetes.RegistryKeys;
import java.util.List;

/// The namespace controller, played: what is in a namespace that is being deleted goes as soon as no finalizer
/// holds it, and the namespace when nothing is left and every registered API answers.
/// Source: K8S pkg/controller/namespace/deletion.
record PlayedNamespaces(PlayedCluster cluster) {

    /// Something in `namespace` went, or lost a finalizer.
    void react(String namespace) {
        String path = "namespaces/" + namespace;
        boolean ending = cluster.object(path)
                .flatMap(object -> object.text("metadata", "deletionTimestamp"))
                .isPresent();
        if (!ending) {
            return;
        }
        RegistryKeys registry = cluster.registry();
        List<Key> inside = cluster.keys().stream()
                .filter(key -> registry.parse(key.bytes())
                        .filter(name -> name.namespace().equals(namespace))
                        .isPresent())
                .toList();
        List<Key> held = inside.stream().filter(this::isHeld).toList();
        inside.stream().filter(key -> !held.contains(key)).forEach(cluster::remove);
        if (held.isEmpty() && everyApiAnswers()) {
            cluster.remove(cluster.key(path));
        }
    }

    private boolean isHeld(Key key) {
        return cluster.object(key)
                .filter(object -> !object.texts("metadata", "finalizers").isEmpty())
                .isPresent();
    }

    private boolean everyApiAnswers() {
        return cluster.all("apiregistration.k8s.io/apiservices/").stream().noneMatch(PlayedNamespaces::isDead);
    }

    private static boolean isDead(Document service) {
        return service.at("spec", "service").isPresent()
                && service.text("status", "conditions", "type=Available", "status")
                        .filter("False"::equals)
                        .isPresent();
    }
}

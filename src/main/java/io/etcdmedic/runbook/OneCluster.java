package io.etcdmedic.runbook;

import io.etcdmedic.apiserver.ApiName;
import io.etcdmedic.apiserver.ApiObject;
import io.etcdmedic.apiserver.ApiReading;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.util.Optional;

/// That the Kubernetes API and etcd are of one cluster: the first question, before anything else is believed.
public final class OneCluster {
    private static final ApiName KUBE_SYSTEM = new ApiName("", "v1", "namespaces", "", "kube-system");

    private OneCluster() {}

    /// The UID of namespace `kube-system` in etcd, by which a cluster is known.
    public static Optional<String> uid(Registry registry) {
        return registry.get("namespaces/kube-system").map(Stored::uid);
    }

    private static boolean answers(Scene scene, ApiReading api) {
        Optional<String> silence = api.silence();
        silence.ifPresent(why -> scene.narrator()
                .say("The Kubernetes API at " + api.address() + " does not answer or is not ready: " + why));
        return silence.isEmpty();
    }

    /// @return the API, if it answers now
    /// @throws Failure.Refused when the API that answers is of another cluster, or etcd does not say which it is
    /// @throws Failure.Locked when the API does not know who asks, or namespace `kube-system` is encrypted and the
    ///     key is not known
    public static Optional<ApiReading> check(Scene scene, Registry registry) {
        Optional<ApiReading> api = scene.api().filter(named -> answers(scene, named));
        if (api.isEmpty() || !scene.isLive()) {
            return api;
        }
        Optional<String> here = registry.readable("namespaces/kube-system").map(Stored::uid);
        String served = api.get().get(KUBE_SYSTEM).map(ApiObject::uid).orElse("none");
        if (here.isEmpty()) {
            throw new Failure.Refused(Problem.in("comparing the API at "
                            + api.get().address() + " with " + scene.keyspace().source())
                    .found("etcd has no "
                            + registry.key("namespaces/kube-system").display())
                    .expected("the one with UID " + served + ", as in the API")
                    .hint("give --etcd-prefix as the kube-apiserver has it; or this etcd is another cluster's"));
        }
        if (!served.equals(here.get())) {
            throw new Failure.Refused(Problem.in("comparing the API at "
                            + api.get().address() + " with " + scene.keyspace().source())
                    .found("namespace kube-system has UID " + served + " in the API")
                    .expected(here.get() + ", as in etcd")
                    .hint("the kubeconfig is of another cluster: give --kubeconfig FILE"));
        }
        return api;
    }
}

package io.etcdmedic.node.journey;

import static io.etcdmedic.installation.Component.APISERVER;
import static io.etcdmedic.installation.Component.ETCD;
import static io.etcdmedic.installation.Component.KUBELET;

import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Part;
import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.cluster.Member;
import io.etcdmedic.node.nix.HostFolders;
import io.etcdmedic.node.version.KubernetesVersion;
import java.util.List;
import java.util.Optional;

/// How to go back from a stage, while that is possible.
final class Rollback {
    private Rollback() {}

    static String of(Stage stage, RebuildView view) {
        if (stage.ordinal() < Stage.SWITCHED.ordinal()) {
            return stage.rollback();
        }
        Optional<String> etcd = etcdMoved(view);
        Optional<String> kubernetes =
                stage.ordinal() > Stage.APISERVER.ordinal() ? kubernetesMoved(view) : Optional.empty();
        return etcd.or(() -> kubernetes)
                .map(why -> "not to RKE1 any more: " + why + "; only by restoring the snapshot on every member")
                .orElse(stage.rollback().replace("/var/lib/etcd", HostFolders.data(view.before())));
    }

    private static Optional<String> etcdMoved(RebuildView view) {
        String name = view.before().flags(ETCD).get("name").orElse("");
        List<Member> members = view.cluster().map(ClusterFacts::members).orElse(List.of());
        Optional<KubernetesVersion> now = members.stream()
                .filter(m -> m.name().equals(name))
                .map(Member::version)
                .flatMap(v -> KubernetesVersion.parse(v).stream())
                .findFirst();
        return now.flatMap(n -> before(view, ETCD)
                .filter(b -> n.minorsAhead(b) > 0)
                .map(b -> "etcd %s has this data now, which RKE1's %s does not open".formatted(n, b)));
    }

    /// The kubelet says what the host runs: NixOS moves its parts together.
    private static Optional<String> kubernetesMoved(RebuildView view) {
        Optional<KubernetesVersion> now = view.node()
                .filter(n -> !n.runtime().startsWith("docker://"))
                .flatMap(n -> KubernetesVersion.parse(n.kubeletVersion()));
        return now.flatMap(n -> before(view, APISERVER)
                .or(() -> before(view, KUBELET))
                .filter(b -> n.minorsAhead(b) > 0)
                .map(b -> "Kubernetes %s may have stored what RKE1's %s does not read".formatted(n, b)));
    }

    private static Optional<KubernetesVersion> before(RebuildView view, Component component) {
        return view.before().old(component).flatMap(Part::version).flatMap(KubernetesVersion::parse);
    }
}

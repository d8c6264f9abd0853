package io.etcdmedic.command.node;

import io.etcdmedic.command.Session;
import io.etcdmedic.command.node.InspectionView.ClusterView;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.node.cni.CniPods;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.rke.ClusterState;
import io.etcdmedic.node.rke.ClusterStore;
import io.etcdmedic.node.rke.MemberPlace;
import io.etcdmedic.node.rke.NodeObject;
import io.etcdmedic.node.rke.StateSource;
import io.etcdmedic.node.runtime.Containerd;
import io.etcdmedic.snapshot.SnapshotFile;
import io.etcdmedic.snapshot.SnapshotKeyspace;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The cluster's store beside the node's facts: what the options name, and nothing where they name nothing.
final class NodeSource {
    private NodeSource() {}

    static boolean isNamed(Session session) {
        return session.usesSharedSource()
                || session.options().snapshot().isPresent()
                || !session.options().etcd().endpoints().isEmpty()
                || session.options().etcd().profile().isPresent()
                || !session.environment().getOrDefault("ETCDCTL_ENDPOINTS", "").isEmpty();
    }

    /// The store, where a source is named.
    static Optional<ClusterStore> named(Session session) {
        return isNamed(session) ? Optional.of(store(session)) : Optional.empty();
    }

    /// The store of the source that the options name, or that is found on this machine.
    static ClusterStore store(Session session) {
        return new ClusterStore(session.keyspace(), session.registry().prefix(), session.codec());
    }

    /// The pods of this node that install CNI plugins, where a source is named.
    static CniPods cniPods(Session session, NodeFacts facts, RuntimeOptions runtime) {
        return named(session)
                .flatMap(store -> NodeObject.ofMachine(NodeObject.all(store), facts)
                        .map(node -> CniPods.of(
                                store,
                                node.name(),
                                Containerd.of(facts, runtime.config()).config().binFolders())))
                .orElse(CniPods.UNKNOWN);
    }

    /// The members of the source.
    static List<MemberPlace> members(Session session) {
        Optional<SnapshotKeyspace> file = session.file();
        if (file.isPresent()) {
            return file.get().facts().members().stream()
                    .map(m -> new MemberPlace(m.id(), m.name(), m.peerUrls(), m.clientUrls(), m.learner()))
                    .toList();
        }
        return session.cluster().members().stream()
                .map(m -> new MemberPlace(m.hex(), m.name(), m.peerUrls(), m.clientUrls(), m.learner()))
                .toList();
    }

    /// What the store says, for `node inspect`: of a named source, or of the etcd of this machine where that answers.
    static Optional<ClusterView> view(Session session, NodeOptions node) {
        if (isNamed(session)) {
            return Optional.of(view(session));
        }
        if (!node.isThisMachine()) {
            return Optional.empty();
        }
        try {
            return Optional.of(view(session));
        } catch (Failure.Interrupted stopped) {
            throw stopped;
        } catch (Failure notReached) {
            return Optional.of(new ClusterView(
                    List.of(), List.of(), "", notReached.problem().message()));
        }
    }

    private static ClusterView view(Session session) {
        ClusterStore store = store(session);
        return new ClusterView(NodeObject.all(store), members(session), stateWords(store), "");
    }

    private static String stateWords(ClusterStore store) {
        try {
            return ClusterState.in(store)
                    .map(state -> state.from() + ", " + state.certificates().size() + " certificates")
                    .orElse("");
        } catch (Failure unreadable) {
            return unreadable.problem().message();
        }
    }

    /// RKE1's state, wherever `from` is: `live`, a database file, a `cluster.rkestate` or a published snapshot; without
    /// it, in the source that the options name.
    ///
    /// @throws Failure.Absent when it is nowhere there
    static ClusterState state(Session session, Optional<String> from) {
        if (from.isEmpty() || from.get().equals("live")) {
            return ClusterState.required(store(session));
        }
        Path file = Path.of(from.get());
        Optional<ClusterState> state = StateSource.in(file);
        if (state.isPresent()) {
            return state.get();
        }
        Session inner = Session.over(session.surroundings(), session.options(), SnapshotFile.open(file));
        session.atEnd(inner::close);
        return ClusterState.required(store(inner));
    }
}

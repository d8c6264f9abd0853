package io.etcdmedic.runbook;

import io.etcdmedic.etcd.EtcdCluster;
import io.etcdmedic.repair.NamedCheck;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanDraft;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A repair: finds out how things are and plans what to do. It never changes anything itself.
public interface Runbook {
    String name();

    /// When to use it, in one sentence.
    String when();

    /// An empty plan means: nothing to do; its notes say why.
    ///
    /// @throws io.etcdmedic.failure.Failure.Refused when it would not be safe
    Plan plan(Scene scene, Request request);

    /// The code behind the named checks of its plans.
    default Map<String, NamedCheck> checks(Decoder decoder, Clock clock) {
        return Map.of();
    }

    /// The code behind those that ask the cluster itself; empty: there is none.
    default Map<String, NamedCheck> checks(Optional<EtcdCluster> cluster) {
        return Map.of();
    }

    /// Adds to an undo of its plan what has to be seen before that is whole.
    default void undone(Scene scene, PlanDraft undo) {}

    /// How things are after its plan has run, where that is to be seen beside how they were.
    default List<String> afterwards(Scene scene) {
        return List.of();
    }
}

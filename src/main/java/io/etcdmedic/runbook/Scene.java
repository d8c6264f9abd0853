package io.etcdmedic.runbook;

import io.etcdmedic.apiserver.ApiReading;
import io.etcdmedic.etcd.EtcdCluster;
import io.etcdmedic.host.Machine;
import io.etcdmedic.installation.Part;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Source;
import io.etcdmedic.repair.Narrator;
import io.etcdmedic.repair.World;
import io.etcdmedic.repair.plan.Binding;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.PlanId;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Everything that a runbook may look at while it plans. It cannot write.
///
/// @param prefix kube-apiserver's `--etcd-prefix`
/// @param older an earlier state of the same cluster, to take good values from; empty: none was named
/// @param cluster empty for a snapshot
/// @param api empty when the operator named no Kubernetes API
/// @param machine this machine, for certificates and the like
/// @param parts what of Kubernetes runs or is configured on it
/// @param pause for what only shows over time
/// @param narrator hears what takes so long
public record Scene(
        Keyspace keyspace,
        Optional<Keyspace> older,
        Decoder decoder,
        Encoder encoder,
        String prefix,
        Optional<EtcdCluster> cluster,
        Optional<ApiReading> api,
        Machine machine,
        List<Part> parts,
        Binding binding,
        Clock clock,
        RandomGenerator random,
        World.Pause pause,
        Narrator narrator) {
    public Scene {
        parts = List.copyOf(parts);
    }

    /// The objects at the revision that the plan is bound to.
    public Registry registry() {
        return new Registry(keyspace, binding.floor(), decoder, prefix);
    }

    /// Whether there is a cluster behind the keys, and not only a file.
    public boolean isLive() {
        return keyspace.source().kind() == Source.Kind.LIVE;
    }

    public PlanDraft draft(String runbook, String title) {
        return new PlanDraft(runbook, title, binding);
    }

    public Plan build(PlanDraft draft) {
        return draft.build(PlanId.random(random), clock.instant());
    }
}

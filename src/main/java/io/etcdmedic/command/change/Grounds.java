package io.etcdmedic.command.change;

import io.etcdmedic.command.Session;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.node.MachineAccess;
import io.etcdmedic.repair.Health;
import io.etcdmedic.repair.LiveCluster;
import io.etcdmedic.repair.World;
import io.etcdmedic.repair.plan.Binding;
import io.etcdmedic.runbook.Decoder;
import io.etcdmedic.runbook.OneCluster;
import io.etcdmedic.runbook.Registry;
import java.util.List;
import java.util.Optional;

/// What plans about keys of the session's source are made on.
public record Grounds(Session session) {

    /// Where such plans run.
    public Site site() {
        return new EtcdSite(session, decoder(), new MachineAccess(), List.of());
    }

    public Decoder decoder() {
        return session.codec()::document;
    }

    /// The world that a plan made now is good for.
    public Binding binding() {
        Keyspace keyspace = session.keyspace();
        Revision floor = keyspace.revision();
        Optional<String> kubeSystem = OneCluster.uid(
                new Registry(keyspace, floor, decoder(), session.registry().prefix()));
        if (!session.isLive()) {
            return new Binding(keyspace.source().clusterId(), List.of(), floor, "", kubeSystem);
        }
        Health health = new LiveCluster(session.cluster(), World.Pause.REAL).health();
        return new Binding(health.clusterId(), health.memberIds(), floor, health.etcdVersion(), kubeSystem);
    }
}

package io.etcdmedic.command.change;

import io.etcdmedic.apiserver.ApiAccess;
import io.etcdmedic.apiserver.ApiServer;
import io.etcdmedic.apiserver.KubeApi;
import io.etcdmedic.command.Session;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Overlay;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.repair.Health;
import io.etcdmedic.repair.LiveCluster;
import io.etcdmedic.repair.World;
import io.etcdmedic.repair.plan.Binding;
import io.etcdmedic.runbook.Decoder;
import io.etcdmedic.runbook.OneCluster;
import io.etcdmedic.runbook.Registry;
import io.etcdmedic.runbook.Runbooks;
import io.etcdmedic.runbook.StoredDecoder;
import java.util.List;
import java.util.Optional;

/// The grounds of changes to the source that a session names.
///
/// Real is a live cluster only; a database file can be rehearsed on, and is never written.
public record Grounds(Session session) implements Site {

    @Override
    public Ground real() {
        if (!session.isLive()) {
            throw new Failure.Refused(Problem.in("changing " + session.keyspace().source())
                    .found("a database file, which is only read")
                    .expected("a live cluster")
                    .hint("--dry-run shows what would be done"));
        }
        return new Ground(
                session.cluster().keyspace(),
                Optional.of(new LiveCluster(session.cluster(), World.Pause.REAL)),
                api(),
                new NoHost(),
                decoder(),
                Runbooks.checks(decoder(), session.clock()));
    }

    @Override
    public Ground rehearsal() {
        return new Ground(
                new Overlay(session.keyspace()),
                Optional.empty(),
                Optional.empty(),
                new NoHost(),
                decoder(),
                Runbooks.checks(decoder(), session.clock()));
    }

    public Decoder decoder() {
        return new StoredDecoder();
    }

    private Optional<ApiServer> api() {
        return ApiAccess.of(
                        session.options().api().kubeconfig(),
                        session.options().api().context(),
                        session.environment())
                .map(access -> {
                    KubeApi api = KubeApi.open(access);
                    session.atEnd(api::close);
                    return api;
                });
    }

    /// The world that a plan made now is good for.
    public Binding binding() {
        Keyspace keyspace = session.keyspace();
        Revision floor = keyspace.revision();
        Optional<String> kubeSystem =
                OneCluster.uid(new Registry(keyspace, floor, decoder(), session.registry().prefix()));
        if (!session.isLive()) {
            return new Binding(keyspace.source().clusterId(), List.of(), floor, "", kubeSystem);
        }
        Health health = new LiveCluster(session.cluster(), World.Pause.REAL).health();
        return new Binding(health.clusterId(), health.memberIds(), floor, health.etcdVersion(), kubeSystem);
    }
}

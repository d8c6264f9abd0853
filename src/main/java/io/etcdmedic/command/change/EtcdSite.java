package io.etcdmedic.command.change;

import io.etcdmedic.apiserver.ApiReading;
import io.etcdmedic.apiserver.PlayedApi;
import io.etcdmedic.apiserver.PlayedCluster;
import io.etcdmedic.apiserver.PlayedKeyspace;
import io.etcdmedic.command.Session;
import io.etcdmedic.etcd.EtcdCluster;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Overlay;
import io.etcdmedic.keyspace.WritableKeyspace;
import io.etcdmedic.kubernetes.network.Cidr;
import io.etcdmedic.repair.HostAccess;
import io.etcdmedic.repair.LiveCluster;
import io.etcdmedic.repair.RehearsedCluster;
import io.etcdmedic.repair.World;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.runbook.Decoder;
import io.etcdmedic.runbook.Registry;
import io.etcdmedic.runbook.Runbooks;
import io.etcdmedic.runbook.Stored;
import io.etcdmedic.runbook.servicecidr.ServiceCidr;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/// A cluster as the ground of a change: its etcd, and the Kubernetes API that the operator named. Rehearsals run
/// over a copy in memory, where a played kube-apiserver answers.
///
/// @param range what the played kube-apiserver runs with, unless a plan is rehearsed that knows it; empty: what is
/// stored, so that it changes nothing by itself
public record EtcdSite(Session session, Decoder decoder, HostAccess host, List<Cidr> range) implements Site {

    @Override
    public Ground real() {
        if (!(session.keyspace() instanceof WritableKeyspace keyspace)) {
            throw new Failure.Refused(
                    Problem.in("changing " + session.keyspace().source())
                            .found("a database file is only read")
                            .hint("see what would be done: --dry-run"));
        }
        if (!session.isLive()) {
            return played(keyspace);
        }
        EtcdCluster cluster = session.cluster();
        return new Ground(
                keyspace,
                Optional.of(new LiveCluster(cluster, World.Pause.REAL)),
                session.api().map(api -> api),
                host,
                decoder,
                Runbooks.checks(decoder, session.clock(), Optional.of(cluster)));
    }

    /// A cluster that is played in this process: nothing outside it is changed.
    private Ground played(WritableKeyspace keyspace) {
        return new Ground(
                keyspace,
                Optional.empty(),
                session.api().map(api -> api),
                new NoHost(),
                decoder,
                Runbooks.checks(decoder, session.clock()));
    }

    @Override
    public Ground rehearsal(Plan plan) {
        List<Cidr> planned = ServiceCidr.range(plan);
        Copy copy = copy(planned.isEmpty() ? range : planned);
        return new Ground(
                copy.keyspace(),
                session.isLive()
                        ? Optional.of(new RehearsedCluster(new LiveCluster(session.cluster(), World.Pause.REAL)))
                        : Optional.empty(),
                copy.api().map(api -> api),
                new NoHost(),
                decoder,
                Runbooks.checks(decoder, session.clock()));
    }

    /// A copy in memory that takes writes, and who answers for its API.
    ///
    /// @param api empty where no service range is known: nobody can be played then
    public record Copy(WritableKeyspace keyspace, Optional<ApiReading> api) {}

    public Copy copy() {
        return copy(range);
    }

    private Copy copy(List<Cidr> known) {
        Overlay overlay = new Overlay(session.keyspace());
        List<Cidr> flags = known.isEmpty() ? stored(overlay) : known;
        if (flags.isEmpty()) {
            return new Copy(overlay, Optional.empty());
        }
        PlayedCluster cluster = new PlayedCluster(
                overlay, decoder::decode, session.registry().prefix(), flags, session.clock(), new SecureRandom());
        return new Copy(new PlayedKeyspace(cluster), Optional.of(new PlayedApi(cluster)));
    }

    private List<Cidr> stored(Overlay overlay) {
        return new Registry(
                        overlay, overlay.revision(), decoder, session.registry().prefix())
                .get("servicecidrs/kubernetes").map(Stored::document).stream()
                        .flatMap(found -> found.texts("spec", "cidrs").stream())
                        .flatMap(text -> Cidr.parse(text).stream())
                        .toList();
    }
}

package io.etcdmedic.repair;

import io.etcdmedic.apiserver.ApiServer;
import io.etcdmedic.keyspace.WritableKeyspace;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Everything that the engine acts on and is told about, handed in.
///
/// @param cluster empty for an overlay over a snapshot: there is no health to look at then
/// @param api empty: no Kubernetes API was named; a plan with API steps is refused
/// @param named checks by name, see [io.etcdmedic.repair.plan.Check.Named]
public record World(
        WritableKeyspace keyspace,
        Optional<ClusterAccess> cluster,
        Optional<ApiServer> api,
        HostAccess host,
        Documents documents,
        Map<String, NamedCheck> named,
        Clock clock,
        RandomGenerator random,
        Pause pause,
        Narrator narrator,
        Stop stop,
        Faults faults) {

    /// Waiting, so that tests need not.
    public interface Pause {
        void forThe(Duration time);

        Pause REAL = time -> {
            try {
                Thread.sleep(time);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }
}

package io.etcdmedic.runbook;

import io.etcdmedic.etcd.EtcdCluster;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.repair.NamedCheck;
import io.etcdmedic.runbook.servicecidr.IpAddresses;
import io.etcdmedic.runbook.servicecidr.ServiceCidr;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Every runbook, in the order in which they are listed.
public final class Runbooks {
    private static final List<Runbook> ALL = List.of(
            new ServiceCidr(),
            new IpAddresses(),
            new Masterleases(),
            new Undecodable(),
            new Namespaces(),
            new Revive(),
            new NoSpace());

    private Runbooks() {}

    public static List<Runbook> all() {
        return ALL;
    }

    public static Optional<Runbook> find(String name) {
        return ALL.stream().filter(runbook -> runbook.name().equals(name)).findFirst();
    }

    /// @throws Failure.Usage when there is none of that name
    public static Runbook named(String name) {
        return find(name)
                .orElseThrow(() -> new Failure.Usage(Problem.in("looking for the runbook " + name)
                        .found("there is none of that name")
                        .hint("medic fix lists them: "
                                + String.join(
                                        ", ", ALL.stream().map(Runbook::name).toList()))));
    }

    /// The code behind the named checks of every runbook, for the engine: a plan file may be of any of them.
    public static Map<String, NamedCheck> checks(Decoder decoder, Clock clock) {
        return checks(decoder, clock, Optional.empty());
    }

    /// @param cluster whom the checks of the cluster itself ask; empty: they do not hold
    public static Map<String, NamedCheck> checks(Decoder decoder, Clock clock, Optional<EtcdCluster> cluster) {
        Map<String, NamedCheck> checks = new HashMap<>();
        ALL.forEach(runbook -> {
            checks.putAll(runbook.checks(decoder, clock));
            checks.putAll(runbook.checks(cluster));
        });
        return Map.copyOf(checks);
    }
}

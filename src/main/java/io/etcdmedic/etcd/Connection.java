package io.etcdmedic.etcd;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How to reach one cluster, with everything decided.
///
/// @param endpoints at least one
/// @param login a user of etcd's own authentication
/// @param serverName the name that the members' certificates must carry, where it is not the endpoint's
/// @param dialMax how long connecting may take
/// @param commandMax how long one answer may take
/// @param origin who says so, for the operator: `--endpoints`, `profile prod`, `RKE1 files, …`
public record Connection(
        List<Endpoint> endpoints,
        TlsFiles tls,
        Optional<Login> login,
        Optional<String> serverName,
        Duration dialMax,
        Duration commandMax,
        String origin) {
    /// Source: etcdctl's defaults.
    public static final Duration DIAL_MAX = Duration.ofSeconds(2);

    public static final Duration COMMAND_MAX = Duration.ofSeconds(5);

    public Connection {
        endpoints = List.copyOf(endpoints);
    }

    public boolean usesTls() {
        return endpoints.getFirst().tls();
    }

    /// The same way to another member.
    Connection to(Endpoint endpoint) {
        return new Connection(List.of(endpoint), tls, login, serverName, dialMax, commandMax, origin);
    }

    String names() {
        return String.join(",", endpoints.stream().map(Endpoint::toString).toList());
    }
}

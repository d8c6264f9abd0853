package io.etcdmedic.etcd;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Connections for tests.
public final class Connections {
    private Connections() {}

    public static Connection plain(String... endpoints) {
        return of(
                Arrays.stream(endpoints).map(e -> Endpoint.parse(e, false)).toList(),
                new TlsFiles(Optional.empty(), Optional.empty(), Optional.empty(), () -> new char[0]));
    }

    public static Connection tls(List<String> endpoints, Path ca, Optional<TestPki.Pair> client) {
        return of(
                endpoints.stream().map(e -> Endpoint.parse(e, true)).toList(),
                new TlsFiles(
                        Optional.of(ca),
                        client.map(TestPki.Pair::certificate),
                        client.map(TestPki.Pair::key),
                        () -> new char[0]));
    }

    private static Connection of(List<Endpoint> endpoints, TlsFiles files) {
        return new Connection(
                endpoints,
                files,
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                "a test");
    }

    public static Connection patience(Connection own, Duration commandMax) {
        return new Connection(
                own.endpoints(), own.tls(), own.login(), own.serverName(), own.dialMax(), commandMax, own.origin());
    }

    /// To the first member only.
    static Connection first(Connection own) {
        return new Connection(
                List.of(own.endpoints().getFirst()),
                own.tls(),
                own.login(),
                own.serverName(),
                own.dialMax(),
                own.commandMax(),
                own.origin());
    }

    public static Connection login(Connection own, String user, String password) {
        return new Connection(
                own.endpoints(),
                own.tls(),
                Optional.of(new Login(user, password)),
                own.serverName(),
                own.dialMax(),
                own.commandMax(),
                own.origin());
    }
}

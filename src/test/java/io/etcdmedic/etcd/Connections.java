package io.etcdmedic.etcd;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Connections for tests.
public final class Connections {
    private Connections() {}

    public static Connection plain(String... endpoints) {
        return new Connection(
                java.util.Arrays.stream(endpoints)
                        .map(e -> Endpoint.parse(e, false))
                        .toList(),
                new TlsFiles(Optional.empty(), Optional.empty(), Optional.empty(), () -> new char[0]),
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                "a test");
    }

    /// Every etcd that tests can start; the suites run on each.
    static List<java.nio.file.Path> binaries() {
        return io.etcdmedic.snapshot.RealEtcd.binaries();
    }
}

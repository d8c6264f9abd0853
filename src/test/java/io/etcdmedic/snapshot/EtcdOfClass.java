package io.etcdmedic.snapshot;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// The first etcd of this machine, started once for all tests of a class.
public final class EtcdOfClass implements BeforeAllCallback, AfterAllCallback {
    private Optional<RealEtcd> etcd = Optional.empty();
    private Path folder = Path.of("");

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        folder = Files.createTempDirectory("etcd-of-class");
        etcd = Optional.of(RealEtcd.start(RealEtcd.binaries().getFirst(), folder.resolve("data"), List.of()));
    }

    public RealEtcd server() {
        return etcd.orElseThrow();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        server().close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

package io.etcdmedic.command.connect;

import io.etcdmedic.etcd.Endpoint;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.installation.EtcdAccess;
import io.etcdmedic.installation.Installation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A connection made of what lies on this machine, when nobody named one.
final class Found {
    private Found() {}

    /// The most trustworthy way to etcd whose files can be read; said, because nobody asked for it by name.
    ///
    /// @param above what was named without an endpoint; it wins
    /// @throws Failure.Usage when there is none; says what was found and why it will not do
    static Wishes on(Installation installation, Wishes above, Consumer<String> talk) {
        List<String> obstacles = new ArrayList<>(installation.notes());
        for (EtcdAccess access : installation.etcdAccess()) {
            Optional<String> obstacle = obstacle(access);
            if (obstacle.isEmpty()) {
                talk.accept("source: etcd " + String.join(",", access.endpoints()) + ", found in " + access.origin());
                return above.orElse(wishes(access));
            }
            obstacles.add(access.origin() + ": " + obstacle.get());
        }
        throw new Failure.Usage(Problem.in("choosing a source")
                .found(
                        obstacles.isEmpty()
                                ? "none is named"
                                : "none is named, and on this machine: " + String.join("; ", obstacles))
                .hint("name a cluster (--endpoints URL --cacert FILE --cert FILE --key FILE),"
                        + " or a database file (--snapshot FILE)"));
    }

    private static Optional<String> obstacle(EtcdAccess access) {
        Optional<String> file = Stream.of(access.caFile(), access.certFile(), access.keyFile())
                .filter(path -> !path.isEmpty() && !Files.isReadable(Path.of(path)))
                .findFirst();
        if (file.isPresent()) {
            return Optional.of("no permission to read " + file.get() + " (run medic as root)");
        }
        try {
            access.endpoints().forEach(e -> Endpoint.parse(e, !access.caFile().isEmpty()));
            return Optional.empty();
        } catch (Failure unusable) {
            return Optional.of(unusable.problem().found());
        }
    }

    private static Wishes wishes(EtcdAccess access) {
        return new Wishes(
                access.endpoints(),
                path(access.caFile()),
                path(access.certFile()),
                path(access.keyFile()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                access.origin());
    }

    private static Optional<Path> path(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
    }
}

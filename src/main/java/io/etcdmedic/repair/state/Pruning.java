package io.etcdmedic.repair.state;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.IoReason;
import io.etcdmedic.repair.Vault;
import io.etcdmedic.repair.journal.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Which archives may go: never the newest, never one that an open entry needs.
public record Pruning(List<Path> files) {

    /// @param before entries that began before it lose their undo; empty: none does
    public static Pruning of(State state, Optional<Instant> before) {
        List<Progress> entries = state.entries();
        Optional<Progress> newest = entries.reversed().stream()
                .filter(e -> !State.archives(e).isEmpty())
                .findFirst();
        Set<String> needed = entries.stream()
                .filter(e -> !e.isClosed()
                        || Optional.of(e).equals(newest)
                        || state.isUndoable(e) && !isOlder(state, e, before))
                .flatMap(e -> State.archives(e).stream())
                .map(Vault.Kept::file)
                .collect(Collectors.toSet());
        return new Pruning(entries.stream()
                .flatMap(e -> State.archives(e).stream())
                .map(Vault.Kept::file)
                .filter(file -> !needed.contains(file))
                .distinct()
                .map(Path::of)
                .filter(Files::exists)
                .toList());
    }

    private static boolean isOlder(State state, Progress entry, Optional<Instant> before) {
        return before.isPresent() && Instant.parse(state.time(entry)).isBefore(before.get());
    }

    /// @throws Failure.Unreachable when one cannot be removed
    public void remove() {
        for (Path file : files) {
            try {
                Files.delete(file);
            } catch (IOException e) {
                throw new Failure.Unreachable(
                                Problem.in("removing the archive " + file).found(IoReason.of(e)))
                        .because(e);
            }
        }
    }
}

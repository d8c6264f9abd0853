package io.etcdmedic.repair.state;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.DurableFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Where a repair's journal, plans and archives lie: `journal.jsonl`, `plans/`, `archives/`,
/// `snapshots/`.
///
/// The folder is made with mode 0700. One that is a symbolic link, belongs to somebody else or can be written by others
/// is refused: what lies there decides what may be undone.
public record StateFolder(Path path) {

    /// The folder that was named, else `$XDG_STATE_HOME/etcd-medic`, else `~/.local/state/etcd-medic`.
    public static StateFolder of(Optional<Path> named, Map<String, String> environment) {
        return new StateFolder(
                named.orElseGet(() -> inHome(environment)).toAbsolutePath().normalize());
    }

    private static Path inHome(Map<String, String> environment) {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        if (!state.isEmpty()) {
            return Path.of(state, "etcd-medic");
        }
        String home = environment.getOrDefault("HOME", "");
        if (home.isEmpty()) {
            throw new Failure.Refused(Problem.in("choosing the state folder")
                    .found("neither XDG_STATE_HOME nor HOME is set")
                    .hint("give --state-dir DIR"));
        }
        return Path.of(home, ".local", "state", "etcd-medic");
    }

    /// Makes the folder where it is missing, and judges it.
    ///
    /// @throws Failure.Refused when it is not ours alone
    public StateFolder forWriting() {
        for (Path folder : new Path[] {path, plans(), archives(), snapshots()}) {
            requireNoLink(folder);
            DurableFile.folder(folder);
        }
        return this;
    }

    private static void requireNoLink(Path folder) {
        if (Files.isSymbolicLink(folder)) {
            throw new Failure.Refused(Problem.in("opening the state folder " + folder)
                    .found("a symbolic link")
                    .expected("a folder of our own")
                    .hint("give --state-dir the folder itself"));
        }
    }

    public Path journal() {
        return path.resolve("journal.jsonl");
    }

    public Path lock() {
        return path.resolve("lock");
    }

    public Path plans() {
        return path.resolve("plans");
    }

    /// Whole databases that `--with-snapshot` saved.
    public Path snapshots() {
        return path.resolve("snapshots");
    }

    public Path archives() {
        return path.resolve("archives");
    }
}

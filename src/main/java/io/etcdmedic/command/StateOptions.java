package io.etcdmedic.command;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Whether anything may be written, and where it is written down.
public final class StateOptions {
    @Option(names = "--read-only", description = "refuse every change")
    private boolean readOnly;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = "journal, plans and archives (default: $XDG_STATE_HOME/etcd-medic)")
    private Optional<Path> stateDir = Optional.empty();

    StateOptions over(StateOptions before) {
        StateOptions merged = new StateOptions();
        merged.readOnly = readOnly || before.readOnly;
        merged.stateDir = stateDir.or(() -> before.stateDir);
        return merged;
    }

    StateOptions in(Path folder) {
        StateOptions changed = new StateOptions().over(this);
        changed.stateDir = Optional.of(folder);
        return changed;
    }

    StateOptions readOnly(boolean refused) {
        StateOptions changed = new StateOptions().over(this);
        changed.readOnly = refused;
        return changed;
    }

    public boolean readOnly() {
        return readOnly;
    }

    public Optional<Path> stateDir() {
        return stateDir;
    }
}

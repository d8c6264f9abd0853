package io.etcdmedic.repair;

/// Hears what the engine does while it does it; what it says goes to people, not to scripts.
public interface Narrator {
    Narrator SILENT = _ -> {};

    void say(String line);
}

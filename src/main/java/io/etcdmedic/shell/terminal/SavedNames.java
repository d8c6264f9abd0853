package io.etcdmedic.shell.terminal;

import io.etcdmedic.command.Session;
import io.etcdmedic.command.connect.Profiles;
import io.etcdmedic.repair.journal.Progress;
import io.etcdmedic.repair.state.State;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// What was saved on this machine and can be named: each name with what it is. Empty where it cannot be read.
record SavedNames(Session session) {

    /// Connections, as `--profile` and `use` take them.
    Map<String, String> profiles(Duration wait) {
        return KeyNames.apart(this::profiles, wait).orElse(Map.of());
    }

    /// Changes, as `undo` and `journal` take them; the newest first.
    Map<String, String> entries(Duration wait) {
        return KeyNames.apart(this::entries, wait).orElse(Map.of());
    }

    private Map<String, String> profiles() {
        Map<String, String> names = new LinkedHashMap<>();
        Profiles.of(session.environment())
                .all()
                .forEach(profile ->
                        names.put(profile.name(), profile.option("endpoints").orElse("found out")));
        return names;
    }

    private Map<String, String> entries() {
        Map<String, String> names = new LinkedHashMap<>();
        for (Progress entry : State.read(session.state()).entries().reversed()) {
            String title =
                    State.begin(entry).flatMap(begin -> begin.fact("title")).orElse("");
            names.put(entry.entry().substring(0, 8), title);
        }
        return names;
    }
}

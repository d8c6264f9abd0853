package io.etcdmedic.host.systemd;

import io.etcdmedic.host.Machine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Services of a machine: as systemd has loaded them where it runs, else as their files say.
///
/// @param troubles units that are there and could not be read, and why
public record Services(Map<String, ServiceUnit> units, List<String> troubles) {
    public Services {
        troubles = List.copyOf(troubles);
        units = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(units));
    }

    /// @param names without `.service`; systemd is asked once for all
    public static Services of(Machine machine, List<String> names) {
        List<ShownUnit> shown = ShownUnit.of(machine, names);
        Map<String, ServiceUnit> units = new LinkedHashMap<>();
        List<String> troubles = new ArrayList<>();
        for (String name : names) {
            String unit = name + ".service";
            Optional<ShownUnit> told =
                    shown.stream().filter(s -> s.isNamed(unit)).findFirst();
            told.map(s -> shown(machine, s, unit))
                    .orElseGet(() -> files(machine, unit))
                    .ifPresent(found -> units.put(name, found));
            if (!units.containsKey(name)) {
                UnitSources.trouble(machine, unit).ifPresent(troubles::add);
            }
        }
        return new Services(units, troubles);
    }

    public Optional<ServiceUnit> named(String name) {
        return Optional.ofNullable(units.get(name));
    }

    private static Optional<ServiceUnit> shown(Machine machine, ShownUnit shown, String unit) {
        return switch (shown.text("LoadState")) {
            case "loaded" -> shown.sources().map(sources -> ServiceUnit.ofShown(machine, sources, shown, unit));
            case "masked", "not-found" -> Optional.empty();
            // Systemd cannot make sense of it: what its files say is all there is.
            default -> files(machine, unit);
        };
    }

    private static Optional<ServiceUnit> files(Machine machine, String unit) {
        return UnitSources.of(machine, unit).map(sources -> ServiceUnit.ofFiles(machine, sources, unit));
    }
}

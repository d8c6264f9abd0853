package io.etcdmedic.installation;

import io.etcdmedic.document.Document;
import io.etcdmedic.document.YamlReader;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.host.FileContent;
import io.etcdmedic.host.Machine;
import io.etcdmedic.host.systemd.ServiceUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What k3s or RKE2 is told: by its configuration file and the drop-ins beside it, its unit's command line and
/// environment. The command line wins over the files, lists of both add up, the environment is asked last.
///
/// Source: k3s pkg/configfilearg/parser.go, pkg/cli/cmds/{server,agent}.go.
///
/// @param flags k3s's own, under their long names
/// @param sources the files that say so
/// @param troubles files that are there and could not be read, and why
record RancherSettings(Flags flags, List<String> sources, List<String> troubles) {
    /// Short names of k3s's flags that matter here.
    private static final Map<String, String> LONG = Map.of("c", "config", "d", "data-dir", "t", "token", "s", "server");

    RancherSettings {
        sources = List.copyOf(sources);
        troubles = List.copyOf(troubles);
    }

    /// @param argv of the unit or process, the program first; empty when it is not known
    static RancherSettings of(Machine machine, Rancher rancher, List<String> argv, Optional<ServiceUnit> unit) {
        Map<String, String> environment = unit.map(ServiceUnit::environment).orElse(Map.of());
        Map<String, List<String>> line = longNames(Flags.parse(argv));
        String file = Optional.ofNullable(environment.get(rancher.variable("config-file")))
                .or(() -> line.getOrDefault("config", List.of()).stream().reduce((_, last) -> last))
                .orElse(rancher.configFile());
        Reader reader = new Reader(machine);
        reader.file(file);
        machine.list(file + ".d").stream()
                .filter(name -> name.toLowerCase(Locale.ROOT).matches(".*\\.ya?ml"))
                .sorted()
                .forEach(name -> reader.file(file + ".d/" + name));
        unit.ifPresent(u -> reader.sources.add(u.path()));
        Map<String, List<String>> both = longNames(new Flags(reader.values));
        line.forEach((name, values) -> both.merge(
                name,
                values,
                (old, more) -> Stream.concat(old.stream(), more.stream()).toList()));
        Stream.of("node-name", "data-dir", "datastore-endpoint")
                .forEach(name -> Optional.ofNullable(environment.get(rancher.variable(name)))
                        .ifPresent(value -> both.putIfAbsent(name, List.of(value))));
        return new RancherSettings(new Flags(both), reader.sources, reader.troubles);
    }

    private static Map<String, List<String>> longNames(Flags flags) {
        Map<String, List<String>> named = new LinkedHashMap<>();
        flags.values().forEach((name, values) -> named.put(LONG.getOrDefault(name, name), values));
        return named;
    }

    /// Of a flag that may be given more than once: every value, those after a comma, too.
    List<String> items(String flag) {
        return flags.all(flag).stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    boolean isOn(String flag) {
        return flags.get(flag).filter(value -> value.matches("(?i)true|t|1")).isPresent();
    }

    /// The files in their order: a later one replaces, a name that ends in `+` appends.
    private static final class Reader {
        private final Machine machine;
        private final Map<String, List<String>> values = new LinkedHashMap<>();
        private final List<String> sources = new ArrayList<>();
        private final List<String> troubles = new ArrayList<>();

        Reader(Machine machine) {
            this.machine = machine;
        }

        void file(String path) {
            switch (machine.read(path)) {
                case FileContent.Absent _ -> {}
                case FileContent.Unreadable unreadable -> troubles.add(path + ": " + unreadable.why());
                case FileContent.Present file when file.text().isBlank() -> sources.add(path);
                case FileContent.Present file -> parsed(path, file);
            }
        }

        private void parsed(String path, FileContent.Present file) {
            try {
                if (YamlReader.read(file.bytes(), path) instanceof Document.Mapping settings) {
                    settings.fields().forEach(this::setting);
                    sources.add(path);
                } else {
                    troubles.add(path + ": it holds no fields");
                }
            } catch (Failure.Corrupt malformed) {
                troubles.add(path + ": " + malformed.problem().message());
            }
        }

        private void setting(String key, Document value) {
            List<String> given = switch (value) {
                case Document.Sequence list ->
                    list.elements().stream().map(ConfigField::scalar).toList();
                case Document.Nil _ -> List.of("true");
                case Document.Mapping _,
                        Document.Text _,
                        Document.Whole _,
                        Document.Decimal _,
                        Document.Truth _,
                        Document.Redacted _ -> List.of(ConfigField.scalar(value));
            };
            if (key.endsWith("+")) {
                values.merge(
                        key.substring(0, key.length() - 1),
                        given,
                        (old, more) ->
                                Stream.concat(old.stream(), more.stream()).toList());
            } else {
                values.put(key, given);
            }
        }
    }
}

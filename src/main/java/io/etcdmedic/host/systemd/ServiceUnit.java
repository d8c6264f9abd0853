package io.etcdmedic.host.systemd;

import io.etcdmedic.host.Machine;
import io.etcdmedic.host.RunsAs;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A service as systemd starts it.
///
/// @param path of the unit's file
/// @param dropIns the files that change it, in the order in which they are read
/// @param start the argument lists of `ExecStart`, variables and specifiers filled in, without systemd's prefixes
/// @param preStart those of `ExecStartPre`
/// @param as root where the unit names no user
/// @param environment as `EnvironmentFile` and `Environment` set it
/// @param from who says so: "systemd", or "its files" where systemd does not run or does not know it
/// @param stale whether its files changed since systemd read them
public record ServiceUnit(
        String path,
        List<String> dropIns,
        List<List<String>> start,
        List<List<String>> preStart,
        RunsAs as,
        Map<String, String> environment,
        String from,
        boolean stale) {
    public ServiceUnit {
        dropIns = List.copyOf(dropIns);
        start = start.stream().map(List::copyOf).toList();
        preStart = preStart.stream().map(List::copyOf).toList();
        environment = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    }

    /// A unit by its files alone.
    static ServiceUnit ofFiles(Machine machine, UnitSources sources, String unit) {
        return ofTexts(machine, sources, sources.texts(machine), unit);
    }

    /// A unit of which the text is at hand, without drop-ins.
    ///
    /// @param path ends in `NAME.service`
    public static ServiceUnit ofText(Machine machine, String path, String text) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return ofTexts(
                machine,
                new UnitSources(path, List.of()),
                List.of(text),
                name.endsWith(".service") ? name : name + ".service");
    }

    private static ServiceUnit ofTexts(Machine machine, UnitSources sources, List<String> texts, String unit) {
        UnitSettings settings = UnitSettings.of(texts);
        Specifiers specifiers = Specifiers.of(machine, unit);
        Map<String, String> environment = new LinkedHashMap<>();
        settings.all("Environment").forEach(line -> pairs(UnitWords.of(line), specifiers, environment));
        files(
                        machine,
                        settings.all("EnvironmentFile").stream()
                                .map(file -> specifiers.expanded(file.startsWith("-") ? file.substring(1) : file))
                                .toList())
                .forEach(environment::put);
        return new ServiceUnit(
                sources.path(),
                sources.dropIns(),
                commands(settings.all("ExecStart"), specifiers, environment),
                commands(settings.all("ExecStartPre"), specifiers, environment),
                new RunsAs(
                        settings.last("User").map(specifiers::expanded).orElse("root"),
                        settings.last("Group").map(specifiers::expanded),
                        settings.all("SupplementaryGroups").stream()
                                .flatMap(line -> UnitWords.of(line).stream())
                                .map(specifiers::expanded)
                                .toList()),
                environment,
                "its files",
                false);
    }

    /// A unit as systemd tells it. The words of its commands are those of its files where systemd's text is the
    /// same: that text alone does not say where a word ends.
    static ServiceUnit ofShown(Machine machine, UnitSources sources, ShownUnit shown, String unit) {
        Map<String, String> environment = new LinkedHashMap<>();
        pairs(shown.words("Environment"), new Specifiers(unit, "%H"), environment);
        environment.putAll(files(machine, shown.environmentFiles()));
        UnitSettings settings = UnitSettings.of(sources.texts(machine));
        Specifiers specifiers = Specifiers.of(machine, unit);
        return new ServiceUnit(
                sources.path(),
                sources.dropIns(),
                commands(shown, "ExecStart", settings, specifiers, environment),
                commands(shown, "ExecStartPre", settings, specifiers, environment),
                new RunsAs(
                        user(shown, unit),
                        Optional.of(shown.text("Group")).filter(group -> !group.isEmpty()),
                        shown.words("SupplementaryGroups")),
                environment,
                "systemd",
                shown.text("NeedDaemonReload").equals("yes"));
    }

    private static String user(ShownUnit shown, String unit) {
        boolean dynamic = shown.text("DynamicUser").equals("yes");
        String named = shown.text("User");
        return !named.isEmpty() ? named : dynamic ? unit.substring(0, unit.lastIndexOf('.')) : "root";
    }

    private static List<List<String>> commands(
            ShownUnit shown,
            String property,
            UnitSettings settings,
            Specifiers specifiers,
            Map<String, String> environment) {
        List<UnitCommand> written = UnitCommand.of(settings.all(property), specifiers);
        List<String> told = shown.commands(property);
        if (told.equals(written.stream().map(UnitCommand::text).toList())) {
            return written.stream().map(command -> command.argv(environment)).toList();
        }
        return told.stream()
                .map(text -> UnitWords.expanded(Arrays.asList(text.split(" ", -1)), environment))
                .toList();
    }

    private static List<List<String>> commands(
            List<String> lines, Specifiers specifiers, Map<String, String> environment) {
        return UnitCommand.of(lines, specifiers).stream()
                .map(command -> command.argv(environment))
                .toList();
    }

    private static void pairs(List<String> words, Specifiers specifiers, Map<String, String> environment) {
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                environment.put(word.substring(0, equals), specifiers.expanded(word.substring(equals + 1)));
            }
        }
    }

    private static Map<String, String> files(Machine machine, List<String> paths) {
        Map<String, String> environment = new LinkedHashMap<>();
        paths.forEach(path ->
                environment.putAll(EnvironmentFile.read(machine.read(path).textOrEmpty())));
        return environment;
    }
}

package io.etcdmedic.host.systemd;

import io.etcdmedic.host.Machine;
import io.etcdmedic.host.ToolAnswer;
import io.etcdmedic.host.ToolCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What `systemctl show` says of one service: what systemd has loaded, drop-ins and all.
///
/// Shape: lines `Property=value`, an empty line between units. A command is `{ path=… ; argv[]=… ; ignore_errors=…
/// }`, its arguments joined by blanks without quotes, so that where one ends cannot be told from it.
/// Source: systemd src/systemctl/systemctl-show.c; checked with systemd 252.
record ShownUnit(Map<String, List<String>> properties) {
    private static final List<String> ASKED = List.of(
            "Id",
            "Names",
            "LoadState",
            "FragmentPath",
            "DropInPaths",
            "NeedDaemonReload",
            "User",
            "Group",
            "SupplementaryGroups",
            "DynamicUser",
            "Environment",
            "EnvironmentFiles",
            "ExecStart",
            "ExecStartPre");

    /// systemd answers within milliseconds; one that hangs must not hold up every command.
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final Pattern PROPERTY = Pattern.compile("([A-Z][A-Za-z]+)=(.*)");
    private static final Pattern COMMAND = Pattern.compile(
            "\\{ path=.*? ; argv\\[]=(.*) ; (?:ignore_errors|flags)=.* ; start_time=.*", Pattern.DOTALL);

    static ToolCall question(List<String> services) {
        List<String> argv =
                new ArrayList<>(List.of("systemctl", "show", "--no-pager", "--property=" + String.join(",", ASKED)));
        services.forEach(service -> argv.add(service + ".service"));
        return new ToolCall(argv, TIMEOUT, ToolCall.OUTPUT_BYTES_MAX);
    }

    /// Every unit that systemd tells of; none where systemd does not run.
    static List<ShownUnit> of(Machine machine, List<String> services) {
        return machine.run(question(services)) instanceof ToolAnswer.Ran ran && ran.ok() && !ran.cut()
                ? Arrays.stream(ran.stdout().split("\n\n", -1))
                        .map(ShownUnit::parse)
                        .toList()
                : List.of();
    }

    private static ShownUnit parse(String block) {
        Map<String, List<String>> properties = new LinkedHashMap<>();
        String name = "";
        for (String line : block.lines().toList()) {
            Matcher matcher = PROPERTY.matcher(line);
            List<String> values = properties.getOrDefault(name, new ArrayList<>());
            if (matcher.matches() && ASKED.contains(matcher.group(1))) {
                name = matcher.group(1);
                properties.computeIfAbsent(name, _ -> new ArrayList<>()).add(matcher.group(2));
            } else if (!values.isEmpty()) {
                // An argument with a line break in it.
                values.set(values.size() - 1, values.getLast() + "\n" + line);
            }
        }
        return new ShownUnit(properties);
    }

    String text(String property) {
        List<String> values = properties.getOrDefault(property, List.of());
        return values.isEmpty() ? "" : values.getFirst();
    }

    boolean isNamed(String unit) {
        return text("Id").equals(unit) || words("Names").contains(unit);
    }

    /// A list, as systemd quotes its items for a line.
    List<String> words(String property) {
        return UnitWords.of(text(property));
    }

    /// The files of `EnvironmentFile=`, which follow each other.
    List<String> environmentFiles() {
        return properties.getOrDefault("EnvironmentFiles", List.of()).stream()
                .map(value -> value.replaceFirst(" \\(ignore_errors=(yes|no)\\)$", ""))
                .filter(value -> !value.isEmpty())
                .toList();
    }

    /// The commands of `property`, their arguments joined by blanks.
    List<String> commands(String property) {
        return properties.getOrDefault(property, List.of()).stream()
                .map(COMMAND::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1))
                .toList();
    }

    Optional<UnitSources> sources() {
        String path = text("FragmentPath");
        return path.isEmpty() ? Optional.empty() : Optional.of(new UnitSources(path, words("DropInPaths")));
    }
}

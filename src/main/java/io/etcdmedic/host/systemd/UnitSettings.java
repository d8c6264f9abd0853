package io.etcdmedic.host.systemd;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The assignments in the `[Service]` section of a unit and its drop-ins, in the order in which systemd reads them.
///
/// Source: systemd.syntax(7): a backslash at a line's end continues it, comments between are passed over.
record UnitSettings(Map<String, List<String>> assigned) {

    static UnitSettings of(List<String> texts) {
        Map<String, List<String>> assigned = new LinkedHashMap<>();
        for (String text : texts) {
            String section = "";
            for (String line : lines(text)) {
                int equals = line.indexOf('=');
                if (line.startsWith("[")) {
                    section = line;
                } else if (equals > 0 && section.equals("[Service]")) {
                    assigned.computeIfAbsent(line.substring(0, equals).strip(), _ -> new ArrayList<>())
                            .add(line.substring(equals + 1).strip());
                }
            }
        }
        return new UnitSettings(assigned);
    }

    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder whole = new StringBuilder();
        for (String line : text.lines().map(String::strip).toList()) {
            if (line.startsWith("#") || line.startsWith(";")) {
                continue;
            }
            boolean goesOn = line.endsWith("\\");
            whole.append(goesOn ? line.substring(0, line.length() - 1) + " " : line);
            if (!goesOn) {
                lines.add(whole.toString());
                whole.setLength(0);
            }
        }
        lines.add(whole.toString().strip());
        return lines;
    }

    /// The value of a setting that has one: the last assignment's.
    Optional<String> last(String name) {
        List<String> all = assigned.getOrDefault(name, List.of());
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast()).filter(value -> !value.isEmpty());
    }

    /// The values of a setting that adds up: those after its last empty assignment.
    List<String> all(String name) {
        List<String> all = assigned.getOrDefault(name, List.of());
        return all.subList(all.lastIndexOf("") + 1, all.size());
    }
}

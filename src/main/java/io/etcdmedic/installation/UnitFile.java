package io.etcdmedic.installation;

import io.etcdmedic.host.FileContent;
import io.etcdmedic.host.Machine;
import io.etcdmedic.host.RunsAs;
import io.etcdmedic.host.systemd.ServiceUnit;
import io.etcdmedic.host.systemd.Services;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A systemd service of the node: the program that it starts in the end, what runs before, its user and
/// environment.
///
/// A NixOS unit starts `kube-apiserver` through a script in the store when it needs a shell; the script is read,
/// too.
///
/// @param path the unit's file inside the machine
/// @param preStart the text of the `ExecStartPre` scripts that could be read
public record UnitFile(
        String path, List<String> execStart, String preStart, RunsAs as, Map<String, String> environment) {
    /// Every service that a fact is taken from.
    private static final List<String> SERVICES = Stream.concat(
                    Stream.of(Component.values()).map(Component::program), Stream.of("containerd"))
            .toList();

    public static Services services(Machine machine) {
        return Services.of(machine, SERVICES);
    }

    public static UnitFile parse(Machine machine, String path, String text) {
        return of(machine, ServiceUnit.ofText(machine, path, text));
    }

    public static UnitFile of(Machine machine, ServiceUnit unit) {
        List<List<String>> commands =
                unit.start().stream().map(argv -> command(machine, argv)).toList();
        List<String> start = commands.stream()
                .filter(argv -> Component.ofProgram(fileName(argv.getFirst())).isPresent())
                .findFirst()
                .orElse(commands.isEmpty() ? List.of() : commands.getLast());
        String before = unit.preStart().stream()
                .map(argv -> script(machine, argv) + "\n")
                .collect(Collectors.joining());
        return new UnitFile(unit.path(), start, before, unit.as(), unit.environment());
    }

    /// The command itself, or the one that its start script ends with.
    private static List<String> command(Machine machine, List<String> argv) {
        if (Component.ofProgram(fileName(argv.getFirst())).isPresent()) {
            return argv;
        }
        String body = machine.read(argv.getFirst()).textOrEmpty().replace("\\\n", " ");
        return body.lines()
                .map(line -> words(line.strip().replaceFirst("^exec\\s+", "")))
                .filter(line -> !line.isEmpty()
                        && Component.ofProgram(fileName(line.getFirst())).isPresent())
                .reduce((_, last) -> last)
                .orElse(argv);
    }

    private static String script(Machine machine, List<String> argv) {
        return machine.read(argv.getFirst()) instanceof FileContent.Present file
                        && file.text().startsWith("#!")
                ? file.text()
                : String.join(" ", argv);
    }

    /// A line of a shell script, split at blanks; quotes of either kind group.
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote == 0 && Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
                inWord = true;
            } else if (c == quote) {
                quote = 0;
            } else {
                word.append(c == '\\' && i + 1 < line.length() ? line.charAt(++i) : c);
                inWord = true;
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }

    private static String fileName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}

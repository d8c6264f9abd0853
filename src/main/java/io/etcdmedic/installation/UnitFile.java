package io.etcdmedic.installation;

import io.etcdmedic.host.FileContent;
import io.etcdmedic.host.Machine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a systemd service file says: the commands it runs, its user and environment.
///
/// A NixOS unit starts `kube-apiserver` through a script in the store when it needs a shell; the script is read, too.
/// Source: systemd.service(5), systemd.syntax(7): a backslash at a line's end continues it.
///
/// @param path the unit's file inside the machine
/// @param preStart the text of the `ExecStartPre` scripts that could be read
public record UnitFile(
        String path, List<String> execStart, String preStart, String user, Map<String, String> environment) {
    private static final List<String> FOLDERS =
            List.of("/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system");

    public static Optional<UnitFile> read(Machine machine, String service) {
        for (String folder : FOLDERS) {
            String path = folder + "/" + service + ".service";
            if (machine.read(path) instanceof FileContent.Present file) {
                return Optional.of(parse(machine, path, file.text() + dropIns(machine, service)));
            }
        }
        return Optional.empty();
    }

    /// What `SERVICE.service.d/*.conf` adds, by name; of two with one name the folder of higher rank wins.
    private static String dropIns(Machine machine, String service) {
        Map<String, String> byName = new TreeMap<>();
        for (String folder : FOLDERS) {
            String dropIns = folder + "/" + service + ".service.d";
            for (String name : machine.list(dropIns)) {
                if (name.endsWith(".conf")) {
                    byName.putIfAbsent(
                            name, "\n" + machine.read(dropIns + "/" + name).textOrEmpty());
                }
            }
        }
        return String.join("", byName.values());
    }

    public static UnitFile parse(Machine machine, String path, String text) {
        List<String> start = List.of();
        StringBuilder preStart = new StringBuilder();
        String user = "";
        Map<String, String> environment = new LinkedHashMap<>();
        for (String line : text.replace("\\\n", " ").lines().map(String::strip).toList()) {
            int equals = line.indexOf('=');
            String value = equals < 0 ? "" : line.substring(equals + 1).strip();
            switch (equals < 0 ? "" : line.substring(0, equals)) {
                case "ExecStart" -> start = words(value);
                case "ExecStartPre" -> {
                    if (value.isEmpty()) {
                        preStart.setLength(0);
                    }
                    preStart.append(script(machine, words(value))).append('\n');
                }
                case "EnvironmentFile" -> environment.putAll(environmentFile(machine, value));
                case "User" -> user = value;
                case "Environment" ->
                    words(value).forEach(pair -> {
                        int at = pair.indexOf('=');
                        if (at > 0) {
                            environment.put(pair.substring(0, at), pair.substring(at + 1));
                        }
                    });
                default -> {}
            }
        }
        List<String> exec = command(machine, expanded(start, environment));
        return new UnitFile(path, exec, preStart.toString(), user, environment);
    }

    /// Lines `NAME=VALUE`, the value perhaps quoted; a leading `-` says that the file may be missing.
    private static Map<String, String> environmentFile(Machine machine, String value) {
        Map<String, String> environment = new LinkedHashMap<>();
        String text =
                machine.read(value.startsWith("-") ? value.substring(1) : value).textOrEmpty();
        for (String line : text.lines().map(String::strip).toList()) {
            int equals = line.indexOf('=');
            if (equals > 0 && !line.startsWith("#")) {
                environment.put(line.substring(0, equals), String.join(" ", words(line.substring(equals + 1))));
            }
        }
        return environment;
    }

    /// A word `$NAME` stands for the words of the variable, `${NAME}` for its value as one word; systemd.service(5).
    private static List<String> expanded(List<String> words, Map<String, String> environment) {
        List<String> expanded = new ArrayList<>();
        for (String word : words) {
            if (word.matches("\\$[A-Za-z_][A-Za-z0-9_]*")) {
                expanded.addAll(words(environment.getOrDefault(word.substring(1), "")));
            } else if (word.matches("\\$\\{[A-Za-z_][A-Za-z0-9_]*}")) {
                expanded.add(environment.getOrDefault(word.substring(2, word.length() - 1), ""));
            } else {
                expanded.add(word);
            }
        }
        return expanded;
    }

    /// The command itself, or the one that its start script ends with.
    private static List<String> command(Machine machine, List<String> words) {
        List<String> argv = withoutPrefix(words);
        if (argv.isEmpty() || Component.ofProgram(fileName(argv.getFirst())).isPresent()) {
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

    private static String script(Machine machine, List<String> words) {
        List<String> argv = withoutPrefix(words);
        return argv.isEmpty()
                ? ""
                : machine.read(argv.getFirst()) instanceof FileContent.Present file
                                && file.text().startsWith("#!")
                        ? file.text()
                        : String.join(" ", argv);
    }

    /// systemd's `-`, `+`, `!`, `@`, `:` before the program change how it runs, not what.
    private static List<String> withoutPrefix(List<String> words) {
        if (words.isEmpty()) {
            return words;
        }
        List<String> argv = new ArrayList<>(words);
        argv.set(0, argv.getFirst().replaceFirst("^[-+!@:]+", ""));
        return argv;
    }

    /// Splits at blanks; quotes of either kind group.
    static List<String> words(String line) {
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

package io.etcdmedic.host.systemd;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One command of an `Exec…=` setting.
///
/// @param words without systemd's prefixes, specifiers filled in
/// @param expands whether variables are filled in: not after the prefix `:`
record UnitCommand(List<String> words, boolean expands) {
    UnitCommand {
        words = List.copyOf(words);
    }

    /// The commands of `lines`; a `;` of its own parts two of one line.
    static List<UnitCommand> of(List<String> lines, Specifiers specifiers) {
        List<UnitCommand> commands = new ArrayList<>();
        for (String line : lines) {
            List<String> words = new ArrayList<>();
            for (String word : UnitWords.of(line)) {
                if (word.equals(";")) {
                    add(words, specifiers, commands);
                    words.clear();
                } else {
                    words.add(word);
                }
            }
            add(words, specifiers, commands);
        }
        return commands;
    }

    /// systemd's `-`, `+`, `!`, `@`, `:`, `|` before the program change how it runs, not what; with `@` the second
    /// word is only the name that the program is told to have.
    private static void add(List<String> words, Specifiers specifiers, List<UnitCommand> commands) {
        if (words.isEmpty()) {
            return;
        }
        String program = words.getFirst().replaceFirst("^[-+!@:|]+", "");
        String prefixes = words.getFirst().substring(0, words.getFirst().length() - program.length());
        List<String> argv = new ArrayList<>();
        argv.add(specifiers.expanded(program));
        words.stream()
                .skip(prefixes.contains("@") ? 2 : 1)
                .map(specifiers::expanded)
                .forEach(argv::add);
        commands.add(new UnitCommand(argv, !prefixes.contains(":")));
    }

    String text() {
        return String.join(" ", words);
    }

    List<String> argv(Map<String, String> environment) {
        return expands ? UnitWords.expanded(words, environment) : words;
    }
}

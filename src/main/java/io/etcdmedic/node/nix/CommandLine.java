package io.etcdmedic.node.nix;

import io.etcdmedic.host.systemd.UnitWords;
import io.etcdmedic.installation.Component;
import java.util.List;
import java.util.Set;

/// What a module writes into a unit's command, so that systemd gives the program what was meant, and back.
///
/// Source: systemd.service(5), "Command lines"; [UnitWords] for the rest.
final class CommandLine {
    /// Of the kubelet's options only these are words of its command; the others go into its configuration file.
    private static final Set<String> KUBELET_WORDS = Set.of("hostname-override", "node-ip", "root-dir", "v");

    private CommandLine() {}

    /// Whether the modules write the option's text as it is into the unit's command.
    static boolean isWord(FlagRule rule) {
        return rule.component() != Component.ETCD
                && (rule.component() != Component.KUBELET || KUBELET_WORDS.contains(rule.flag()));
    }

    /// `--flag=value` as one word.
    static String argument(String flag, String value) {
        String word = "--" + flag + "=" + value.replace("%", "%%").replace("$", "$$");
        return word.matches("[^\\s\"'\\\\;]+")
                ? word
                : '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /// A value in the middle of a word, where a quote would be read as one.
    static String inside(String value) {
        StringBuilder escaped = new StringBuilder();
        value.codePoints().forEach(c -> {
            switch (c) {
                case '%', '$' -> escaped.appendCodePoint(c).appendCodePoint(c);
                case '\\' -> escaped.append("\\\\");
                case '"', '\'', ' ', '\t', '\n', '\r' -> escaped.append("\\x%02x".formatted(c));
                default -> escaped.appendCodePoint(c);
            }
        });
        return escaped.toString();
    }

    /// The words that the program gets of a line in which nothing but `%%` and `$$` is left to expand.
    static List<String> words(String line) {
        return UnitWords.of(line).stream()
                .map(word -> word.replace("%%", "%").replace("$$", "$"))
                .toList();
    }
}

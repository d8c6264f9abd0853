package io.etcdmedic.node.nix;

import io.etcdmedic.installation.Component;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A unit's command as systemd reads it: words apart by blanks, quotes, C's escapes, `%%` and `$$`.
///
/// Source: systemd.service(5), "Command lines"; systemd.syntax(7), "Quoting".
final class CommandLine {
    /// Of the kubelet's options only these are words of its command; the others go into its configuration file.
    private static final Set<String> KUBELET_WORDS = Set.of("hostname-override", "node-ip", "root-dir", "v");

    private static final String ESCAPES = "abfnrtv\\\"'s";
    private static final String ESCAPED = "\u0007\b\f\n\r\t\u000b\\\"' ";
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private final String line;
    private boolean inWord;
    private int at;

    private CommandLine(String line) {
        this.line = line;
    }

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

    static List<String> words(String line) {
        return new CommandLine(line).split();
    }

    private List<String> split() {
        char quote = 0;
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (c == '\\' && at < line.length()) {
                escape();
            } else if ((c == '%' || c == '$') && at < line.length() && line.charAt(at) == c) {
                take(line.charAt(at++));
            } else if (quote == 0 && Character.isWhitespace(c)) {
                end();
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
                inWord = true;
            } else if (c == quote) {
                quote = 0;
            } else {
                take(c);
            }
        }
        end();
        return words;
    }

    private void take(int c) {
        word.appendCodePoint(c);
        inWord = true;
    }

    private void end() {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }

    /// What follows a backslash; what is no escape stands for itself.
    private void escape() {
        char c = line.charAt(at++);
        int known = ESCAPES.indexOf(c);
        if (known >= 0) {
            take(ESCAPED.charAt(known));
        } else if (c == 'x') {
            number(2, 16, c);
        } else if (c == 'u') {
            number(4, 16, c);
        } else if (c >= '0' && c <= '3') {
            at--;
            number(3, 8, c);
        } else {
            take(c);
        }
    }

    private void number(int digits, int radix, char instead) {
        String text = line.substring(at, Math.min(line.length(), at + digits));
        if (text.length() == digits && text.chars().allMatch(d -> Character.digit(d, radix) >= 0)) {
            at += digits;
            take(Integer.parseInt(text, radix));
        } else {
            take(instead);
        }
    }
}

package io.etcdmedic.node.nix;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Values written in the Nix language, so that nothing in them is obeyed.
///
/// Source: the Nix manual, "String": in double quotes `"`, `\` and `${` are escaped; `$$` is none, but `$${` would be
/// read as a `$` and a literal `{`, so that every `$` before a `{` is escaped.
final class NixText {
    private NixText() {}

    /// `"…"`. Control characters other than newline, return and tab are not in any value that Kubernetes takes: they
    /// become U+FFFD, and are never copied.
    static String string(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '$' -> quoted.append("\\$");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> quoted.appendCodePoint(isControl(c) ? 0xfffd : c);
            }
        });
        return quoted.append('"').toString();
    }

    static String list(List<String> texts) {
        return texts.isEmpty()
                ? "[ ]"
                : texts.stream().map(NixText::string).collect(Collectors.joining(" ", "[ ", " ]"));
    }

    /// A flag's value in the form of its option.
    static String value(FlagRule.Form form, String value) {
        return switch (form) {
            case STR, PATH, ENV, DROP -> string(value);
            case LIST -> list(items(value));
            case BOOL -> isTrue(value) ? "true" : "false";
            case INT -> value.matches("-?[0-9]{1,9}") ? value : string(value);
            case GATES -> gates(value);
        };
    }

    /// A text in a comment: one line, with nothing that a terminal or an editor would obey.
    static String comment(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints()
                .forEach(c ->
                        line.appendCodePoint(c == '\n' || c == '\t' || c == '\r' ? ' ' : isControl(c) ? 0xfffd : c));
        return line.toString();
    }

    /// `heartbeat-interval` as services.etcd.extraConf has it.
    static String environment(String flag) {
        String name = flag.toUpperCase(Locale.ROOT).replace('-', '_');
        return name.matches("[A-Z][A-Z0-9_]*") ? name : string(name);
    }

    static List<String> items(String value) {
        return Arrays.stream(value.split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    static boolean isTrue(String value) {
        return value.equalsIgnoreCase("true") || value.equals("1") || value.equalsIgnoreCase("t");
    }

    private static String gates(String value) {
        return items(value).stream()
                .filter(gate -> gate.matches("[A-Za-z0-9]+=.*"))
                .map(gate -> gate.substring(0, gate.indexOf('=')) + " = "
                        + (isTrue(gate.substring(gate.indexOf('=') + 1)) ? "true" : "false") + ";")
                .collect(Collectors.joining(" ", "{ ", " }"));
    }

    /// Also the marks that turn the direction of text around.
    private static boolean isControl(int c) {
        return Character.isISOControl(c)
                || c >= 0x200b && c <= 0x200f
                || c >= 0x2028 && c <= 0x202e
                || c >= 0x2066 && c <= 0x2069
                || c == 0xfeff
                || c >= 0xd800 && c <= 0xdfff;
    }
}

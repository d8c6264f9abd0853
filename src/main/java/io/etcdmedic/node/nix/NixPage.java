package io.etcdmedic.node.nix;

import java.util.List;

/// A Nix file while it is written: indented, its comments harmless.
final class NixPage {
    private static final int COMMENT_COLUMNS_MAX = 200;
    private final StringBuilder text = new StringBuilder();
    private int depth;

    void line(String line) {
        text.append(line.isEmpty() ? "" : "  ".repeat(depth) + line).append('\n');
    }

    void comment(String comment) {
        String safe = NixText.comment(comment);
        line("# " + (safe.length() > COMMENT_COLUMNS_MAX ? safe.substring(0, COMMENT_COLUMNS_MAX) + "…" : safe));
    }

    /// `name = {`, `{` where there is no name, or what already opens a list.
    void open(String name) {
        line(name.isEmpty() ? "{" : name.endsWith("[") ? name + " {" : name + " = {");
        depth++;
    }

    void close() {
        depth--;
        line(depth == 0 ? "}" : "};");
    }

    void closeList() {
        depth--;
        line("} ];");
    }

    /// `option = value;`, with the fact behind it.
    void set(String option, String value, String fact) {
        line(option + " = " + value + ";" + (fact.isEmpty() ? "" : " # " + NixText.comment(fact)));
    }

    void list(String opening, List<String> elements) {
        line(opening + " [");
        depth++;
        elements.forEach(this::line);
        depth--;
        line("];");
    }

    void script(String option, List<String> lines) {
        line(option + " = lib.mkForce ''");
        depth++;
        lines.forEach(this::line);
        depth--;
        line("'';");
    }

    String text() {
        return text.toString();
    }
}

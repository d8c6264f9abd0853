package io.etcdmedic.node.nix.literal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Strings of both kinds, with what is interpolated in them.
final class Strings {
    private final Scanner in;
    private final Parser parser;
    private final List<Term.Part> parts = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    Strings(Scanner in, Parser parser) {
        this.in = in;
        this.parser = parser;
    }

    /// `"…"`: `\n`, `\t`, `\r`, `\"`, `\\`, `\${`.
    Term quoted() {
        int line = in.line();
        in.expect("\"");
        while (in.peek() != '"' || in.atEnd()) {
            char c = in.next();
            if (c == '\\') {
                char escaped = in.next();
                text.append(
                        switch (escaped) {
                            case 'n' -> '\n';
                            case 't' -> '\t';
                            case 'r' -> '\r';
                            default -> escaped;
                        });
            } else if (c == '$' && in.peek() == '{') {
                interpolated();
            } else if (c == '$' && in.peek() == '$') {
                text.append(c).append(in.next());
            } else {
                text.append(c);
            }
        }
        in.expect("\"");
        flush();
        return new Term.Str(parts, line);
    }

    /// Two single quotes around it; common indentation is taken away; `''$`, `'''`, `''\n` are escapes.
    Term indented() {
        int line = in.line();
        in.expect("''");
        while (true) {
            char c = in.next();
            if (c == '\'' && in.peek() == '\'') {
                in.next();
                if (in.peek() == '$') {
                    text.append(in.next());
                } else if (in.peek() == '\'') {
                    in.next();
                    text.append("''");
                } else if (in.peek() == '\\') {
                    in.next();
                    char escaped = in.next();
                    text.append(escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped);
                } else {
                    flush();
                    return new Term.Str(withoutIndent(), line);
                }
            } else if (c == '$' && in.peek() == '{') {
                interpolated();
            } else {
                text.append(c);
            }
        }
    }

    private void interpolated() {
        flush();
        in.expect("{");
        parts.add(new Term.Part("", Optional.of(parser.expression())));
        in.expect("}");
    }

    private void flush() {
        if (!text.isEmpty()) {
            parts.add(new Term.Part(text.toString(), Optional.empty()));
            text.setLength(0);
        }
    }

    private List<Term.Part> withoutIndent() {
        String whole = String.join(
                "",
                parts.stream()
                        .map(p -> p.expression().isPresent() ? "\u0000" : p.text())
                        .toList());
        int indent = whole.lines()
                .filter(l -> !l.isBlank())
                .mapToInt(l -> l.length() - l.stripLeading().length())
                .min()
                .orElse(0);
        List<Term.Part> stripped = new ArrayList<>();
        boolean lineStart = true;
        for (Term.Part part : parts) {
            if (part.expression().isPresent()) {
                stripped.add(part);
                lineStart = false;
            } else {
                stripped.add(new Term.Part(unindent(part.text(), indent, lineStart), Optional.empty()));
                lineStart = part.text().endsWith("\n");
            }
        }
        return stripped;
    }

    private static String unindent(String text, int indent, boolean lineStart) {
        StringBuilder out = new StringBuilder();
        int skip = lineStart ? indent : 0;
        for (char c : text.toCharArray()) {
            if (c == '\n') {
                out.append(c);
                skip = indent;
            } else if (skip > 0 && (c == ' ' || c == '\t')) {
                skip--;
            } else {
                skip = 0;
                out.append(c);
            }
        }
        return out.length() > 0 && lineStart && out.charAt(0) == '\n' ? out.substring(1) : out.toString();
    }
}

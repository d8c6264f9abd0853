package io.etcdmedic.render;

import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Mapping;
import io.etcdmedic.document.Document.Sequence;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.Json;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// A document as YAML in the shape that kubectl prints: fields sorted, lists not indented below their field.
///
/// Strings are quoted when any YAML 1.1 or 1.2 reader could take them for something else; several lines become a
/// literal block.
public final class Yaml {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z/_][A-Za-z0-9_./@+=-]*(:[A-Za-z0-9_./@+=-]+)*");
    private static final Pattern WORD_WITH_MEANING =
            Pattern.compile("(?i)y|n|yes|no|on|off|true|false|null|nan|inf|[0-9a-f.]+e[+-]?[0-9]+");
    private static final Pattern BLOCK = Pattern.compile("[^\\s][\\P{Cntrl}\\n\\t]*");

    private Yaml() {}

    public static String of(Document document) {
        StringBuilder out = new StringBuilder();
        if (isEmptyOrScalar(document)) {
            scalar(document, "", out);
            return out.append('\n').toString();
        }
        block(document, "", out);
        return out.toString();
    }

    private static void block(Document document, String indent, StringBuilder out) {
        switch (document) {
            case Mapping m -> mapping(m, indent, indent, out);
            case Sequence s -> sequence(s, indent, out);
            case Text _, Document.Whole _, Document.Decimal _, Document.Truth _, Document.Nil _, Document.Redacted _ ->
                scalar(document, indent, out);
        }
    }

    /// @param first what stands before the first field: the indent, or a list's dash
    private static void mapping(Mapping mapping, String first, String indent, StringBuilder out) {
        String lead = first;
        for (Map.Entry<String, Document> field : new TreeMap<>(mapping.fields()).entrySet()) {
            out.append(lead).append(quoted(field.getKey())).append(':');
            lead = indent;
            Document value = field.getValue();
            if (isEmptyOrScalar(value)) {
                out.append(' ');
                scalar(value, indent, out);
                out.append('\n');
            } else {
                out.append('\n');
                block(value, value instanceof Sequence ? indent : indent + "  ", out);
            }
        }
    }

    private static void sequence(Sequence sequence, String indent, StringBuilder out) {
        for (Document element : sequence.elements()) {
            if (isEmptyOrScalar(element)) {
                out.append(indent).append("- ");
                scalar(element, indent, out);
                out.append('\n');
            } else if (element instanceof Mapping m) {
                mapping(m, indent + "- ", indent + "  ", out);
            } else {
                out.append(indent).append("-\n");
                block(element, indent + "  ", out);
            }
        }
    }

    private static boolean isEmptyOrScalar(Document document) {
        return switch (document) {
            case Mapping m -> m.fields().isEmpty();
            case Sequence s -> s.elements().isEmpty();
            case Text _, Document.Whole _, Document.Decimal _, Document.Truth _, Document.Nil _, Document.Redacted _ ->
                true;
        };
    }

    private static void scalar(Document document, String indent, StringBuilder out) {
        if (document instanceof Text text) {
            text(text.text(), indent, out);
        } else if (document instanceof Document.Redacted redacted) {
            out.append(quoted(redacted.toString()));
        } else {
            out.append(Json.compact(document));
        }
    }

    private static void text(String text, String indent, StringBuilder out) {
        if (!text.contains("\n") || !BLOCK.matcher(text).matches()) {
            out.append(quoted(text));
            return;
        }
        boolean ends = text.endsWith("\n");
        boolean keeps = text.endsWith("\n\n");
        out.append(keeps ? "|+" : ends ? "|" : "|-");
        String body = ends ? text.substring(0, text.length() - 1) : text;
        for (String line : body.split("\n", -1)) {
            out.append('\n').append(line.isEmpty() ? "" : indent + "  ").append(line);
        }
    }

    private static String quoted(String text) {
        boolean plain = PLAIN.matcher(text).matches()
                && !WORD_WITH_MEANING.matcher(text).matches();
        return plain ? text : Json.compact(new Text(text));
    }
}

package io.etcdmedic.render;

import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Mapping;
import io.etcdmedic.document.Document.Sequence;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.Json;
import java.util.Map;
import java.util.TreeMap;

/// A document as YAML in the shape that kubectl prints: fields sorted, lists not indented below their field.
///
/// Source: sigs.k8s.io/yaml, which kubectl prints with.
public final class Yaml {
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
        TreeMap<String, Document> sorted = new TreeMap<>(YamlKeyOrder.NATURAL);
        sorted.putAll(mapping.fields());
        for (Map.Entry<String, Document> field : sorted.entrySet()) {
            out.append(lead).append(YamlScalar.key(field.getKey())).append(':');
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
            out.append(YamlScalar.value(text.text(), indent + "  "));
        } else if (document instanceof Document.Redacted redacted) {
            out.append(YamlScalar.key(redacted.toString()));
        } else {
            out.append(Json.compact(document));
        }
    }
}

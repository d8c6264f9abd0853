package io.etcdmedic.resource;

import io.etcdmedic.document.Document;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// A label selector that an object holds, as text: `app=web,tier in (a,b),!legacy`.
///
/// Source: k8s.io/apimachinery pkg/apis/meta/v1/helpers.go and pkg/labels/selector.go.
final class LabelRequirements {
    private LabelRequirements() {}

    /// `<none>` when it selects everything, or nothing.
    static String of(Optional<Document> selector) {
        String text = bare(selector);
        return text.isEmpty() ? Subject.NONE : text;
    }

    static String bare(Optional<Document> selector) {
        TreeMap<String, String> requirements = new TreeMap<>();
        Document found = selector.orElse(Document.Nil.NULL);
        found.mapping("matchLabels").forEach((key, value) -> {
            requirements.merge(key, key + "=" + Subject.scalar(value).orElse(""), (a, b) -> a + "," + b);
        });
        for (Document expression : found.list("matchExpressions")) {
            String key = expression.text("key").orElse("");
            requirements.merge(key, expression(key, expression), (a, b) -> a + "," + b);
        }
        return String.join(",", requirements.values());
    }

    private static String expression(String key, Document expression) {
        List<String> values = expression.texts("values").stream().sorted().toList();
        return switch (expression.text("operator").orElse("")) {
            case "In" -> key + " in (" + String.join(",", values) + ")";
            case "NotIn" -> key + " notin (" + String.join(",", values) + ")";
            case "Exists" -> key;
            case "DoesNotExist" -> "!" + key;
            default -> "<error>";
        };
    }
}

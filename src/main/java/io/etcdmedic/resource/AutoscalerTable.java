package io.etcdmedic.resource;

import io.etcdmedic.document.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A HorizontalPodAutoscaler's row, of version v2 and of v1, which older clusters stored.
///
/// Source: K8S pkg/printers/internalversion/printers.go, formatHPAMetrics.
final class AutoscalerTable {
    private static final int METRICS_MAX = 2;
    static final KindTable TABLE = KindTable.of(
            s -> Subject.row(
                    s.name(),
                    s.text("spec", "scaleTargetRef", "kind") + "/" + s.text("spec", "scaleTargetRef", "name"),
                    targets(s),
                    s.scalar("spec", "minReplicas").orElse(Subject.UNSET),
                    s.number("spec", "maxReplicas"),
                    s.number("status", "currentReplicas"),
                    s.age()),
            "Name",
            "Reference",
            "Targets",
            "MinPods",
            "MaxPods",
            "Replicas",
            "Age");

    private AutoscalerTable() {}

    private static String targets(Subject s) {
        Optional<String> cpu = s.scalar("spec", "targetCPUUtilizationPercentage");
        if (cpu.isPresent()) {
            String current = s.scalar("status", "currentCPUUtilizationPercentage")
                    .map(c -> c + "%")
                    .orElse(Subject.UNKNOWN);
            return "cpu: " + current + "/" + cpu.get() + "%";
        }
        List<Document> specs = s.list("spec", "metrics");
        List<Document> statuses = s.list("status", "currentMetrics");
        if (specs.isEmpty()) {
            return Subject.NONE;
        }
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < Math.min(METRICS_MAX, specs.size()); i++) {
            shown.add(target(specs.get(i), i < statuses.size() ? statuses.get(i) : Document.Nil.NULL));
        }
        int more = specs.size() - METRICS_MAX;
        return String.join(", ", shown) + (more > 0 ? " + " + more + " more..." : "");
    }

    private static String target(Document spec, Document status) {
        String type = spec.text("type").orElse("");
        if (type.isEmpty()) {
            return "<unknown type>";
        }
        String field = type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1);
        Optional<String> average = value(spec, field, "target", "averageValue");
        return switch (type) {
            case "External", "Object" ->
                average.map(a -> current(status, field, "averageValue") + "/" + a + " (avg)")
                        .orElseGet(() -> current(status, field, "value") + "/"
                                + value(spec, field, "target", "value").orElse(""));
            case "Pods" -> current(status, field, "averageValue") + "/" + average.orElse("");
            case "Resource", "ContainerResource" -> {
                String name = spec.text(field, "name").orElse("") + ": ";
                String percent = value(spec, field, "target", "averageUtilization")
                        .map(u -> u + "%")
                        .orElse("<auto>");
                String now = value(status, field, "current", "averageUtilization")
                        .map(u -> u + "%")
                        .orElse(Subject.UNKNOWN);
                yield average.map(a -> name + current(status, field, "averageValue") + "/" + a)
                        .orElse(name + now + "/" + percent);
            }
            default -> "<unknown type>";
        };
    }

    private static String current(Document status, String field, String value) {
        return value(status, field, "current", value).orElse(Subject.UNKNOWN);
    }

    private static Optional<String> value(Document document, String... path) {
        return document.at(path).flatMap(Subject::scalar);
    }
}

package io.etcdmedic.resource;

import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The table of a custom resource, from its definition's `additionalPrinterColumns`.
///
/// A definition lies in etcd as JSON of `v1beta1`, whose columns may stand beside the versions or in each.
/// Source: k8s.io/apiextensions-apiserver pkg/registry/customresource/tableconvertor/tableconvertor.go.
public final class CustomTable {
    private CustomTable() {}

    /// @param path empty for one that cannot be read, whose cells stay empty
    private record Extra(Heading heading, String type, Optional<JsonPath> path) {}

    /// @param definition a CustomResourceDefinition
    public static KindTable of(Document definition) {
        List<Extra> columns = columns(definition);
        if (columns.isEmpty()) {
            return KindTable.NAME_AND_AGE;
        }
        List<Heading> headings = new ArrayList<>(List.of(new Heading("Name", false)));
        columns.forEach(c -> headings.add(c.heading()));
        return new KindTable(headings, subject -> {
            List<Document> row = new ArrayList<>(Subject.row(subject.name()));
            for (Extra column : columns) {
                row.add(column.path()
                        .flatMap(p -> p.first(subject.document()))
                        .map(value -> cell(column.type(), value, subject))
                        .orElse(Document.Nil.NULL));
            }
            return row;
        });
    }

    private static List<Extra> columns(Document definition) {
        List<Document> versions = definition.list("spec", "versions");
        Optional<Document> stored = versions.stream()
                .filter(v -> v.truth("storage").orElse(false))
                .findFirst()
                .or(() -> versions.stream().findFirst());
        List<Document> own = stored.map(v -> v.list("additionalPrinterColumns")).orElse(List.of());
        List<Document> declared = own.isEmpty() ? definition.list("spec", "additionalPrinterColumns") : own;
        return declared.stream().map(CustomTable::column).toList();
    }

    private static Extra column(Document column) {
        String path = column.text("jsonPath").or(() -> column.text("JSONPath")).orElse("");
        boolean wide = column.whole("priority").orElse(0) != 0;
        Optional<JsonPath> parsed;
        try {
            parsed = Optional.of(JsonPath.parse(path));
        } catch (io.etcdmedic.failure.Failure.Usage notUnderstood) {
            parsed = Optional.empty();
        }
        return new Extra(
                new Heading(column.text("name").orElse(""), wide),
                column.text("type").orElse("string"),
                parsed);
    }

    private static Document cell(String type, Document value, Subject subject) {
        return switch (type) {
            case "string" -> new Document.Text(Subject.scalar(value).orElseGet(() -> shown(value)));
            case "date" ->
                value instanceof Document.Text text
                        ? new Document.Text(
                                Subject.time(text.text()).map(subject::since).orElse("<invalid>"))
                        : Document.Nil.NULL;
            case "boolean" -> value instanceof Document.Truth ? value : Document.Nil.NULL;
            case "integer", "number" ->
                value instanceof Document.Whole || value instanceof Document.Decimal ? value : Document.Nil.NULL;
            default -> Document.Nil.NULL;
        };
    }

    private static String shown(Document value) {
        return value instanceof Document.Nil ? "" : Json.compact(value);
    }
}

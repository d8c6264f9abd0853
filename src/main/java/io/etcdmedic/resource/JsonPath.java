package io.etcdmedic.resource;

import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Mapping;
import io.etcdmedic.document.Document.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The part of kubectl's JSONPath that printer columns and `--sort-by` need.
///
/// `.spec.replicas`, `['a.b/c']`, `.items[0]`, `[-1]`, `[*]`, `..name`, `[?(@.type=="Ready")].status`, with or without
/// the braces and the dollar sign. A missing key gives no result. Source: k8s.io/client-go util/jsonpath.
public final class JsonPath {
    private final String text;
    private final List<Step> steps;

    JsonPath(String text, List<Step> steps) {
        this.text = text;
        this.steps = List.copyOf(steps);
    }

    sealed interface Step {
        record Field(String name) implements Step {}

        /// @param index counted from the end when negative
        record Index(int index) implements Step {}

        record Every() implements Step {}

        /// The field, at any depth.
        record Anywhere(String name) implements Step {}

        record Where(JsonPath left, Comparison comparison, Optional<String> right) implements Step {}
    }

    enum Comparison {
        EXISTS,
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL
    }

    /// @throws io.etcdmedic.failure.Failure.Usage with the place that was not understood
    public static JsonPath parse(String text) {
        return new JsonPathReader(text).read();
    }

    /// What the path finds, in order.
    public List<Document> find(Document document) {
        List<Document> found = List.of(document);
        for (Step step : steps) {
            List<Document> next = new ArrayList<>();
            found.forEach(d -> walk(step, d, next));
            found = next;
        }
        return found;
    }

    public Optional<Document> first(Document document) {
        return find(document).stream().findFirst();
    }

    private static void walk(Step step, Document at, List<Document> into) {
        switch (step) {
            case Step.Field field -> {
                if (at instanceof Mapping mapping) {
                    Optional.ofNullable(mapping.fields().get(field.name())).ifPresent(into::add);
                }
            }
            case Step.Index index -> {
                if (at instanceof Sequence sequence) {
                    int size = sequence.elements().size();
                    int i = index.index() < 0 ? size + index.index() : index.index();
                    if (i >= 0 && i < size) {
                        into.add(sequence.elements().get(i));
                    }
                }
            }
            case Step.Every _ -> into.addAll(children(at));
            case Step.Anywhere anywhere -> anywhere(anywhere.name(), at, into);
            case Step.Where where ->
                children(at).stream().filter(child -> matches(where, child)).forEach(into::add);
        }
    }

    private static List<Document> children(Document at) {
        return switch (at) {
            case Sequence sequence -> sequence.elements();
            case Mapping mapping -> List.copyOf(mapping.fields().values());
            case Document.Text _,
                    Document.Whole _,
                    Document.Decimal _,
                    Document.Truth _,
                    Document.Nil _,
                    Document.Redacted _ -> List.of();
        };
    }

    private static void anywhere(String name, Document at, List<Document> into) {
        if (at instanceof Mapping mapping) {
            Optional.ofNullable(mapping.fields().get(name)).ifPresent(into::add);
        }
        children(at).forEach(child -> anywhere(name, child, into));
    }

    private static boolean matches(Step.Where where, Document child) {
        Optional<Document> left = where.left().first(child);
        if (where.comparison() == Comparison.EXISTS) {
            return left.isPresent();
        }
        Optional<String> found = left.flatMap(Subject::scalar);
        if (found.isEmpty()) {
            return false;
        }
        int order = Quantity.compare(found.get(), where.right().orElse(""));
        return switch (where.comparison()) {
            case EXISTS -> true;
            case EQUAL -> found.equals(where.right());
            case NOT_EQUAL -> !found.equals(where.right());
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
        };
    }

    @Override
    public String toString() {
        return text;
    }
}

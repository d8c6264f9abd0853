package io.etcdmedic.document;

import io.etcdmedic.document.Document.Mapping;
import io.etcdmedic.document.Document.Nil;
import io.etcdmedic.document.Document.Sequence;
import io.etcdmedic.document.Document.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// A way into a document, step by step.
///
/// In a mapping a step is a field's name. In a list it is an index (`0`), or `name=web`: the first element whose field
/// `name` is the text `web`.
public record DocumentPath(List<String> steps) {
    public static final DocumentPath ROOT = new DocumentPath(List.of());

    public DocumentPath {
        steps = List.copyOf(steps);
    }

    public static DocumentPath of(String... steps) {
        return new DocumentPath(List.of(steps));
    }

    public DocumentPath then(String step) {
        List<String> longer = new ArrayList<>(steps);
        longer.add(step);
        return new DocumentPath(longer);
    }

    public boolean startsWith(DocumentPath prefix) {
        return steps.size() >= prefix.steps.size()
                && steps.subList(0, prefix.steps.size()).equals(prefix.steps);
    }

    static Optional<Document> child(Document parent, String step) {
        return switch (parent) {
            case Mapping m -> Optional.ofNullable(m.fields().get(step));
            case Sequence s -> {
                int index = index(s, step);
                yield index >= 0 && index < s.elements().size()
                        ? Optional.of(s.elements().get(index))
                        : Optional.empty();
            }
            case Text _, Document.Whole _, Document.Decimal _, Document.Truth _, Nil _, Document.Redacted _ ->
                Optional.empty();
        };
    }

    /// `document` with `value` at this path from its step `depth` on; with nothing there when `value` is empty.
    Document replaced(Document document, int depth, Optional<Document> value) {
        if (depth == steps.size()) {
            return value.orElse(Nil.NULL);
        }
        return switch (document) {
            case Mapping m -> inMapping(m, depth, value);
            case Sequence s -> inSequence(s, depth, value);
            case Nil _ -> inMapping(Mapping.EMPTY, depth, value);
            case Text _, Document.Whole _, Document.Decimal _, Document.Truth _, Document.Redacted _ ->
                throw new IllegalArgumentException("nothing stands below " + new DocumentPath(steps.subList(0, depth)));
        };
    }

    private Mapping inMapping(Mapping mapping, int depth, Optional<Document> value) {
        LinkedHashMap<String, Document> fields = new LinkedHashMap<>(mapping.fields());
        String step = steps.get(depth);
        if (depth == steps.size() - 1 && value.isEmpty()) {
            fields.remove(step);
        } else {
            fields.put(step, replaced(fields.getOrDefault(step, Mapping.EMPTY), depth + 1, value));
        }
        return new Mapping(fields);
    }

    private Sequence inSequence(Sequence sequence, int depth, Optional<Document> value) {
        List<Document> elements = new ArrayList<>(sequence.elements());
        int index = index(sequence, steps.get(depth));
        if (index < 0 || index > elements.size()) {
            throw new IllegalArgumentException("no element " + steps.get(depth) + " in a list of " + elements.size());
        }
        if (depth == steps.size() - 1 && value.isEmpty()) {
            elements.remove(index);
        } else if (index == elements.size()) {
            elements.add(replaced(Mapping.EMPTY, depth + 1, value));
        } else {
            elements.set(index, replaced(elements.get(index), depth + 1, value));
        }
        return new Sequence(elements);
    }

    private static int index(Sequence sequence, String step) {
        int equals = step.indexOf('=');
        if (equals < 0) {
            return step.matches("\\d{1,9}") ? Integer.parseInt(step) : -1;
        }
        Text wanted = new Text(step.substring(equals + 1));
        for (int i = 0; i < sequence.elements().size(); i++) {
            if (child(sequence.elements().get(i), step.substring(0, equals))
                    .filter(wanted::equals)
                    .isPresent()) {
                return i;
            }
        }
        return -1;
    }

    /// As people write it: `spec.containers[name=web].image`, `metadata.annotations["a.b/c"]`.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (String step : steps) {
            if (step.matches("\\d+|[A-Za-z]+=[^\\]]*")) {
                text.append('[').append(step).append(']');
            } else if (step.matches("[$A-Za-z_][\\w:$-]*")) {
                text.append(text.isEmpty() ? "" : ".").append(step);
            } else {
                text.append("[\"").append(step).append("\"]");
            }
        }
        return text.toString();
    }
}

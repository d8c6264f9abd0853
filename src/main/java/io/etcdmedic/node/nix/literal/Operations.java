package io.etcdmedic.node.nix.literal;

import io.etcdmedic.document.Document;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// Operators on values that are known.
final class Operations {
    /// No configuration of a node has longer lists or texts; a recursion that doubles them must not fill the memory.
    static final int ELEMENTS_MAX = 10_000;

    static final int CHARACTERS_MAX = 1 << 20;

    private Operations() {}

    static Value of(Term.Operation operation, Value left, Value right) {
        return switch (operation.operator()) {
            case "//" ->
                left instanceof Value.Attributes a && right instanceof Value.Attributes b
                        ? new Value.Attributes(updated(a, b))
                        : opaque(operation, left, right);
            case "++" ->
                left instanceof Value.Sequence a
                                && right instanceof Value.Sequence b
                                && a.elements().size() + b.elements().size() <= ELEMENTS_MAX
                        ? new Value.Sequence(both(a.elements(), b.elements()))
                        : opaque(operation, left, right);
            case "+" ->
                text(left).isPresent()
                                && text(right).isPresent()
                                && text(left).get().length() + text(right).get().length() <= CHARACTERS_MAX
                        ? new Value.Known(
                                new Document.Text(text(left).get() + text(right).get()))
                        : opaque(operation, left, right);
            case "==", "!=" ->
                left instanceof Value.Known a && right instanceof Value.Known b
                        ? new Value.Known(Document.Truth.of(
                                a.equals(b) == operation.operator().equals("==")))
                        : opaque(operation, left, right);
            default -> opaque(operation, left, right);
        };
    }

    /// Text as `"${…}"` shows it; empty for what is not known or is no text.
    static Optional<String> text(Value value) {
        return value instanceof Value.Known known
                ? switch (known.document()) {
                    case Document.Text text -> Optional.of(text.text());
                    case Document.Whole whole -> Optional.of(Long.toString(whole.number()));
                    case Document.Decimal _,
                            Document.Truth _,
                            Document.Nil _,
                            Document.Mapping _,
                            Document.Sequence _,
                            Document.Redacted _ -> Optional.empty();
                }
                : Optional.empty();
    }

    /// Two definitions of one attribute in one file.
    static Value joined(Value before, Value value) {
        if (before instanceof Value.Attributes a && value instanceof Value.Attributes b) {
            SequencedMap<String, Value.Attribute> fields = new LinkedHashMap<>(a.fields());
            b.fields().forEach((name, attribute) -> {
                Value.Attribute known = fields.get(name);
                fields.put(
                        name,
                        known == null
                                ? attribute
                                : new Value.Attribute(joined(known.value(), attribute.value()), attribute.line()));
            });
            return new Value.Attributes(fields);
        }
        return value;
    }

    private static SequencedMap<String, Value.Attribute> updated(Value.Attributes a, Value.Attributes b) {
        SequencedMap<String, Value.Attribute> fields = new LinkedHashMap<>(a.fields());
        fields.putAll(b.fields());
        return fields;
    }

    private static List<Value> both(List<Value> a, List<Value> b) {
        List<Value> all = new ArrayList<>(a);
        all.addAll(b);
        return all;
    }

    private static Value opaque(Term.Operation operation, Value left, Value right) {
        String name = left instanceof Value.Opaque l ? l.name() : right instanceof Value.Opaque r ? r.name() : "…";
        return new Value.Opaque(name + " " + operation.operator() + " …", operation.line());
    }
}

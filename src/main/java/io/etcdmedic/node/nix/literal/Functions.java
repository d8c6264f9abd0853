package io.etcdmedic.node.nix.literal;

import io.etcdmedic.document.Document;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// The functions that configurations of nodes use on literals. A function waits for all of its arguments.
final class Functions {
    private static final Map<String, Integer> ARITIES = Map.ofEntries(
            Map.entry("mkForce", 1),
            Map.entry("mkDefault", 1),
            Map.entry("mkOptionDefault", 1),
            Map.entry("mkBefore", 1),
            Map.entry("mkAfter", 1),
            Map.entry("mkMerge", 1),
            Map.entry("toString", 1),
            Map.entry("attrNames", 1),
            Map.entry("attrValues", 1),
            Map.entry("mkOverride", 2),
            Map.entry("mkIf", 2),
            Map.entry("optional", 2),
            Map.entry("optionals", 2),
            Map.entry("optionalString", 2),
            Map.entry("map", 2),
            Map.entry("mapAttrsToList", 2),
            Map.entry("concatStringsSep", 2),
            Map.entry("replaceStrings", 3));

    private final Evaluator evaluator;

    Functions(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    /// @param apply the application as it is written
    Value apply(Value function, Value argument, Term.Apply apply) {
        return switch (function) {
            case Value.Function lambda -> evaluator.call(lambda, argument);
            case Value.Partial partial -> full(partial.with(argument), apply);
            case Value.Opaque opaque -> {
                String name = opaque.name().substring(opaque.name().lastIndexOf('.') + 1);
                yield ARITIES.containsKey(name)
                        ? full(new Value.Partial(name, List.of(argument)), apply)
                        : unknown(opaque.name(), apply);
            }
            case Value.Known _,
                    Value.Sequence _,
                    Value.Attributes _,
                    Value.Override _,
                    Value.Merge _,
                    Value.Nothing _ -> unknown("…", apply);
        };
    }

    private Value full(Value.Partial call, Term.Apply apply) {
        List<Value> a = call.arguments();
        if (a.size() < ARITIES.getOrDefault(call.name(), 1)) {
            return call;
        }
        return switch (call.name()) {
            case "mkForce" -> new Value.Override(50, a.getFirst());
            case "mkDefault" -> new Value.Override(1000, a.getFirst());
            case "mkOptionDefault" -> new Value.Override(1500, a.getFirst());
            case "mkBefore", "mkAfter" -> a.getFirst();
            case "mkMerge" ->
                a.getFirst() instanceof Value.Sequence list
                        ? new Value.Merge(list.elements())
                        : unknown("mkMerge", apply);
            case "toString" ->
                Operations.text(a.getFirst()).map(Functions::text).orElse(unknown("toString", apply));
            case "attrNames" ->
                a.getFirst() instanceof Value.Attributes set
                        ? new Value.Sequence(set.fields().keySet().stream()
                                .sorted()
                                .map(Functions::text)
                                .toList())
                        : unknown("attrNames", apply);
            case "attrValues" ->
                a.getFirst() instanceof Value.Attributes set
                        ? new Value.Sequence(values(set))
                        : unknown("attrValues", apply);
            case "mkOverride" ->
                Operations.text(a.get(0)).filter(n -> n.matches("\\d{1,5}")).isPresent()
                        ? new Value.Override(
                                Integer.parseInt(Operations.text(a.get(0)).get()), a.get(1))
                        : a.get(1);
            case "mkIf" ->
                a.get(0) instanceof Value.Known(Document.Truth truth)
                        ? truth.value() ? a.get(1) : new Value.Nothing()
                        : a.get(1);
            case "optionals" -> isTrue(a.get(0)) ? a.get(1) : new Value.Sequence(List.of());
            case "optional" -> new Value.Sequence(isTrue(a.get(0)) ? List.of(a.get(1)) : List.of());
            case "optionalString" -> isTrue(a.get(0)) ? a.get(1) : text("");
            case "map" ->
                a.get(1) instanceof Value.Sequence list
                        ? new Value.Sequence(list.elements().stream()
                                .map(e -> apply(a.get(0), e, apply))
                                .toList())
                        : unknown("map", apply);
            case "mapAttrsToList" ->
                a.get(1) instanceof Value.Attributes set
                        ? new Value.Sequence(mapped(a.get(0), set, apply))
                        : unknown("mapAttrsToList", apply);
            case "concatStringsSep" -> concatenated(a.get(0), a.get(1)).orElse(unknown("concatStringsSep", apply));
            case "replaceStrings" -> replaced(a).orElse(unknown("replaceStrings", apply));
            default -> unknown(call.name(), apply);
        };
    }

    private List<Value> mapped(Value function, Value.Attributes set, Term.Apply apply) {
        List<Value> results = new ArrayList<>();
        set.fields().entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .forEach(e -> results.add(apply(
                        apply(function, text(e.getKey()), apply), e.getValue().value(), apply)));
        return results;
    }

    private static Optional<Value> concatenated(Value separator, Value list) {
        if (!(list instanceof Value.Sequence sequence)
                || Operations.text(separator).isEmpty()) {
            return Optional.empty();
        }
        List<String> texts = sequence.elements().stream()
                .flatMap(v -> Operations.text(v).stream())
                .toList();
        return texts.size() == sequence.elements().size()
                ? Optional.of(text(String.join(Operations.text(separator).get(), texts)))
                : Optional.empty();
    }

    private static Optional<Value> replaced(List<Value> a) {
        if (!(a.get(0) instanceof Value.Sequence from)
                || !(a.get(1) instanceof Value.Sequence to)
                || from.elements().size() != 1
                || to.elements().size() != 1) {
            return Optional.empty();
        }
        Optional<String> old = Operations.text(from.elements().getFirst());
        Optional<String> replacement = Operations.text(to.elements().getFirst());
        Optional<String> in = Operations.text(a.get(2));
        return old.isPresent() && !old.get().isEmpty() && replacement.isPresent() && in.isPresent()
                ? Optional.of(text(in.get().replace(old.get(), replacement.get())))
                : Optional.empty();
    }

    private static List<Value> values(Value.Attributes set) {
        SequencedMap<String, Value.Attribute> sorted = new LinkedHashMap<>();
        set.fields().keySet().stream()
                .sorted()
                .forEach(n -> sorted.put(n, set.fields().get(n)));
        return sorted.values().stream().map(Value.Attribute::value).toList();
    }

    private static boolean isTrue(Value value) {
        return value instanceof Value.Known(Document.Truth truth) && truth.value();
    }

    private static Value text(String text) {
        return new Value.Known(new Document.Text(text));
    }

    private static Value unknown(String name, Term.Apply apply) {
        return new Value.Opaque(name + " …", apply.line());
    }
}

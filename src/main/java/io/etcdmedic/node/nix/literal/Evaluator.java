package io.etcdmedic.node.nix.literal;

import io.etcdmedic.document.Document;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// Works out values from literals, bindings, `//`, `++`, interpolation and the functions of [Functions].
///
/// What depends on anything else is [Value.Opaque]: named, never guessed. Steps are bounded, so that it always ends.
public final class Evaluator {
    private static final int STEPS_MAX = 200_000;
    private static final int DEPTH_MAX = 200;
    private final Functions functions = new Functions(this);
    private final String host;
    private int steps;
    private int depth;

    /// @param host what config.networking.hostName is taken for; empty: not known
    public Evaluator(String host) {
        this.host = host;
    }

    /// The value of a file; a module's function is called with arguments that are not known.
    public Value module(Term file) {
        Value value = value(file, new Scope(Optional.empty()));
        return value instanceof Value.Function function ? call(function, new Value.Opaque("", file.line())) : value;
    }

    Value value(Term term, Scope scope) {
        if (++steps > STEPS_MAX || depth > DEPTH_MAX) {
            return new Value.Opaque("…", term.line());
        }
        depth++;
        try {
            return switch (term) {
                case Term.Str string -> string(string, scope);
                case Term.Num number -> number(number);
                case Term.PathLiteral path -> new Value.Opaque(path.text(), path.line());
                case Term.Name name -> named(name, scope);
                case Term.ListOf list ->
                    new Value.Sequence(
                            list.elements().stream().map(e -> value(e, scope)).toList());
                case Term.Attrs attrs -> attributes(attrs.bindings(), attrs.recursive(), scope);
                case Term.Select select -> select(select, scope);
                case Term.Lambda lambda -> new Value.Function(lambda, scope);
                case Term.Apply apply ->
                    functions.apply(value(apply.function(), scope), value(apply.argument(), scope), apply);
                case Term.Let let -> value(let.body(), let(let.bindings(), scope));
                case Term.With with -> value(with.body(), with(with, scope));
                case Term.If choice -> choice(choice, scope);
                case Term.Operation operation ->
                    Operations.of(operation, value(operation.left(), scope), value(operation.right(), scope));
                case Term.Not not ->
                    value(not.operand(), scope) instanceof Value.Known(Document.Truth truth)
                            ? new Value.Known(Document.Truth.of(!truth.value()))
                            : new Value.Opaque("!…", not.line());
            };
        } finally {
            depth--;
        }
    }

    Value call(Value.Function function, Value argument) {
        Scope inner = function.scope().inner();
        Term.Lambda lambda = function.lambda();
        if (!lambda.name().isEmpty()) {
            inner.bind(lambda.name(), argument);
        }
        for (String parameter : lambda.parameters()) {
            inner.bind(
                    parameter,
                    argument instanceof Value.Attributes attributes
                                    && attributes.fields().containsKey(parameter)
                            ? attributes.fields().get(parameter).value()
                            : new Value.Opaque(parameter, lambda.line()));
        }
        return value(lambda.body(), inner);
    }

    private Value string(Term.Str string, Scope scope) {
        StringBuilder text = new StringBuilder();
        for (Term.Part part : string.parts()) {
            if (part.expression().isEmpty()) {
                text.append(part.text());
                continue;
            }
            Value inner = value(part.expression().get(), scope);
            Optional<String> shown = Operations.text(inner);
            if (shown.isEmpty()
                    && !(inner instanceof Value.Opaque opaque && opaque.name().startsWith("pkgs."))) {
                return new Value.Opaque(
                        inner instanceof Value.Opaque opaque ? "\"…${" + opaque.name() + "}…\"" : "\"…\"",
                        string.line());
            }
            text.append(shown.orElseGet(() -> "/nix/store/" + ((Value.Opaque) inner).name()));
            if (text.length() > Operations.CHARACTERS_MAX) {
                return new Value.Opaque("\"…\"", string.line());
            }
        }
        return new Value.Known(new Document.Text(text.toString()));
    }

    private static Value number(Term.Num number) {
        return number.lexeme().matches("\\d{1,18}")
                ? new Value.Known(new Document.Whole(Long.parseLong(number.lexeme())))
                : new Value.Known(new Document.Decimal(number.lexeme()));
    }

    private Value named(Term.Name name, Scope scope) {
        switch (name.name()) {
            case "true", "false" -> {
                return new Value.Known(Document.Truth.of(name.name().equals("true")));
            }
            case "null" -> {
                return new Value.Known(Document.Nil.NULL);
            }
            default -> {}
        }
        Optional<Scope.Bound> bound = scope.find(name.name());
        if (bound.isEmpty() || bound.get().busy) {
            return new Value.Opaque(name.name(), name.line());
        }
        Scope.Bound found = bound.get();
        if (found.value.isEmpty()) {
            found.busy = true;
            found.value = Optional.of(value(found.term, found.scope));
            found.busy = false;
        }
        return found.value.get();
    }

    private Scope let(List<Term.Binding> bindings, Scope scope) {
        Scope inner = scope.inner();
        SequencedMap<String, List<Term.Binding>> byName = new LinkedHashMap<>();
        for (Term.Binding binding : bindings) {
            name(binding.path().getFirst(), scope)
                    .ifPresent(n ->
                            byName.computeIfAbsent(n, _ -> new ArrayList<>()).add(binding));
        }
        byName.forEach((name, all) -> {
            Term.Binding first = all.getFirst();
            if (first.path().size() == 1) {
                inner.bind(name, first.value(), first.inherited() ? scope : inner);
            } else {
                List<Term.Binding> rest = all.stream()
                        .map(b -> new Term.Binding(
                                b.path().subList(1, b.path().size()), b.value(), b.inherited(), b.line()))
                        .toList();
                inner.bind(name, new Term.Attrs(false, rest, first.line()), inner);
            }
        });
        return inner;
    }

    /// What `with pkgs;` brings is opaque by its own name; of known attributes, each is a name.
    private Scope with(Term.With with, Scope scope) {
        Scope inner = scope.inner();
        if (value(with.scope(), scope) instanceof Value.Attributes attributes) {
            attributes.fields().forEach((name, attribute) -> {
                if (scope.find(name).isEmpty()) {
                    inner.bind(name, attribute.value());
                }
            });
        }
        return inner;
    }

    private Value choice(Term.If choice, Scope scope) {
        return value(choice.condition(), scope) instanceof Value.Known(Document.Truth truth)
                ? value(truth.value() ? choice.then() : choice.otherwise(), scope)
                : new Value.Opaque("if …", choice.line());
    }

    private Value attributes(List<Term.Binding> bindings, boolean recursive, Scope scope) {
        Scope inside = recursive ? let(bindings, scope) : scope;
        SequencedMap<String, Value.Attribute> fields = new LinkedHashMap<>();
        for (Term.Binding binding : bindings) {
            put(fields, binding, 0, binding.inherited() ? scope : inside);
        }
        return new Value.Attributes(fields);
    }

    private void put(SequencedMap<String, Value.Attribute> fields, Term.Binding binding, int step, Scope scope) {
        Optional<String> name = name(binding.path().get(step), scope);
        if (name.isEmpty()) {
            return;
        }
        if (step == binding.path().size() - 1) {
            Value value = value(binding.value(), scope);
            Value before =
                    fields.containsKey(name.get()) ? fields.get(name.get()).value() : new Value.Nothing();
            fields.put(name.get(), new Value.Attribute(Operations.joined(before, value), binding.line()));
            return;
        }
        SequencedMap<String, Value.Attribute> inner = new LinkedHashMap<>();
        if (fields.containsKey(name.get()) && fields.get(name.get()).value() instanceof Value.Attributes known) {
            inner.putAll(known.fields());
        }
        put(inner, binding, step + 1, scope);
        fields.put(name.get(), new Value.Attribute(new Value.Attributes(inner), binding.line()));
    }

    private Optional<String> name(Term step, Scope scope) {
        return step instanceof Term.Name name ? Optional.of(name.name()) : Operations.text(value(step, scope));
    }

    private Value select(Term.Select select, Scope scope) {
        Value from = value(select.from(), scope);
        for (Term step : select.path()) {
            Optional<String> name = name(step, scope);
            if (from instanceof Value.Attributes attributes && name.isPresent()) {
                Value.Attribute found = attributes.fields().get(name.get());
                if (found == null) {
                    return select.otherwise().isPresent()
                            ? value(select.otherwise().get(), scope)
                            : new Value.Opaque("attribute '" + name.get() + "', which is not there", select.line());
                }
                from = found.value();
            } else if (from instanceof Value.Opaque opaque) {
                from = new Value.Opaque(
                        (opaque.name().isEmpty() ? "" : opaque.name() + ".") + name.orElse("…"), select.line());
            } else {
                return new Value.Opaque("…." + name.orElse("…"), select.line());
            }
        }
        boolean isHost = from instanceof Value.Opaque opaque && opaque.name().equals("config.networking.hostName");
        return isHost && !host.isEmpty() ? new Value.Known(new Document.Text(host)) : from;
    }
}

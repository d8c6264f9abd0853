package io.etcdmedic.node.nix.literal;

import java.util.List;
import java.util.Optional;

/// An expression of the Nix language.
///
/// Source: the Nix manual, "Nix Language".
public sealed interface Term {
    /// Counted from 1.
    int line();

    /// @param parts texts and expressions in turn, as they stand
    record Str(List<Part> parts, int line) implements Term {
        public Str {
            parts = List.copyOf(parts);
        }
    }

    /// A piece of a string: text, or an interpolated expression.
    record Part(String text, Optional<Term> expression) {}

    record Num(String lexeme, int line) implements Term {}

    /// A path literal, as written.
    record PathLiteral(String text, int line) implements Term {}

    record Name(String name, int line) implements Term {}

    record ListOf(List<Term> elements, int line) implements Term {
        public ListOf {
            elements = List.copyOf(elements);
        }
    }

    record Attrs(boolean recursive, List<Binding> bindings, int line) implements Term {
        public Attrs {
            bindings = List.copyOf(bindings);
        }
    }

    /// `a.b.c = value;`, or one name of an `inherit`, whose value is the name or a selection.
    record Binding(List<Term> path, Term value, boolean inherited, int line) {
        public Binding {
            path = List.copyOf(path);
        }
    }

    record Select(Term from, List<Term> path, Optional<Term> otherwise, int line) implements Term {
        public Select {
            path = List.copyOf(path);
        }
    }

    /// @param parameters the names that a pattern takes; empty for a plain name
    record Lambda(String name, List<String> parameters, Term body, int line) implements Term {
        public Lambda {
            parameters = List.copyOf(parameters);
        }
    }

    record Apply(Term function, Term argument, int line) implements Term {}

    record Let(List<Binding> bindings, Term body, int line) implements Term {
        public Let {
            bindings = List.copyOf(bindings);
        }
    }

    record With(Term scope, Term body, int line) implements Term {}

    record If(Term condition, Term then, Term otherwise, int line) implements Term {}

    record Operation(String operator, Term left, Term right, int line) implements Term {}

    record Not(Term operand, int line) implements Term {}
}

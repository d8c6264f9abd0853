package io.etcdmedic.node.nix.literal;

import io.etcdmedic.document.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/// What an expression is worth, as far as literals tell.
public sealed interface Value {
    record Known(Document document) implements Value {}

    record Sequence(List<Value> elements) implements Value {
        public Sequence {
            elements = List.copyOf(elements);
        }
    }

    /// Attributes by name, each with where it is defined.
    record Attributes(SequencedMap<String, Attribute> fields) implements Value {}

    record Attribute(Value value, int line) {}

    record Function(Term.Lambda lambda, Scope scope) implements Value {}

    /// A function that is known and lacks arguments.
    record Partial(String name, List<Value> arguments) implements Value {
        public Partial {
            arguments = List.copyOf(arguments);
        }

        Partial with(Value argument) {
            List<Value> more = new ArrayList<>(arguments);
            more.add(argument);
            return new Partial(name, more);
        }
    }

    /// `mkForce x` and its like.
    ///
    /// @param priority as in nixpkgs: 50 is mkForce, 1000 mkDefault
    record Override(int priority, Value value) implements Value {}

    record Merge(List<Value> values) implements Value {
        public Merge {
            values = List.copyOf(values);
        }
    }

    /// A definition that does not count.
    record Nothing() implements Value {}

    /// Something outside the files: `pkgs.kubernetes`, `config.x`, or what a function makes of it.
    ///
    /// @param name as it is written
    record Opaque(String name, int line) implements Value {}
}

package io.etcdmedic.node.nix.literal;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Names and what they stand for; a name is worth something only when it is asked for.
public final class Scope {
    private final Optional<Scope> outer;
    private final Map<String, Bound> names = new HashMap<>();

    Scope(Optional<Scope> outer) {
        this.outer = outer;
    }

    /// A name's expression, and its value once it is known.
    static final class Bound {
        final Term term;
        final Scope scope;
        Optional<Value> value = Optional.empty();
        boolean busy;

        Bound(Term term, Scope scope) {
            this.term = term;
            this.scope = scope;
        }
    }

    Scope inner() {
        return new Scope(Optional.of(this));
    }

    void bind(String name, Term term, Scope scope) {
        names.put(name, new Bound(term, scope));
    }

    void bind(String name, Value value) {
        Bound bound = new Bound(new Term.Name(name, 0), this);
        bound.value = Optional.of(value);
        names.put(name, bound);
    }

    Optional<Bound> find(String name) {
        Bound here = names.get(name);
        return here != null ? Optional.of(here) : outer.flatMap(o -> o.find(name));
    }

    Optional<Scope> outer() {
        return outer;
    }
}

package io.etcdmedic.document;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;

/// A tree of values as JSON knows them; immutable.
///
/// Two mappings are equal when their fields are, whatever the order; numbers are equal when they are written alike.
public sealed interface Document {

    /// Named fields in the order they were read.
    record Mapping(SequencedMap<String, Document> fields) implements Document {
        public static final Mapping EMPTY = new Mapping(new LinkedHashMap<>());

        public Mapping {
            fields = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fields));
        }

        @Override
        public Mapping with(DocumentPath path, Document value) {
            return (Mapping) Document.super.with(path, value);
        }

        @Override
        public Mapping without(DocumentPath path) {
            return (Mapping) Document.super.without(path);
        }
    }

    /// Elements in order.
    record Sequence(List<Document> elements) implements Document {
        public static final Sequence EMPTY = new Sequence(List.of());

        public Sequence {
            elements = List.copyOf(elements);
        }

        public static Sequence of(Document... elements) {
            return new Sequence(List.of(elements));
        }
    }

    record Text(String text) implements Document {}

    /// A whole number of 64 bits.
    record Whole(long number) implements Document {}

    /// Any other number: a fraction, an exponent, or more than 64 bits; kept as it was written.
    record Decimal(String lexeme) implements Document {}

    record Truth(boolean value) implements Document {
        public static final Truth TRUE = new Truth(true);
        public static final Truth FALSE = new Truth(false);

        public static Truth of(boolean value) {
            return value ? TRUE : FALSE;
        }
    }

    record Nil() implements Document {
        public static final Nil NULL = new Nil();
    }

    /// A value that is not shown. It can be printed and compared, never stored.
    ///
    /// @param bytes how long the value is
    /// @param mark eight hexadecimal digits, equal for equal values within one run of the program
    record Redacted(long bytes, String mark) implements Document {
        @Override
        public String toString() {
            return "<" + bytes + " bytes, sha256:" + mark + ">";
        }
    }

    /// What stands at `path`, as in `at("spec", "containers", "name=web", "image")`; see [DocumentPath] for the steps.
    default Optional<Document> at(String... path) {
        return at(new DocumentPath(List.of(path)));
    }

    default Optional<Document> at(DocumentPath path) {
        Document found = this;
        for (String step : path.steps()) {
            Optional<Document> next = DocumentPath.child(found, step);
            if (next.isEmpty()) {
                return Optional.empty();
            }
            found = next.get();
        }
        return Optional.of(found);
    }

    /// The text at `path`; empty when there is none or it is something else.
    default Optional<String> text(String... path) {
        return at(path).flatMap(d -> d instanceof Text t ? Optional.of(t.text()) : Optional.empty());
    }

    /// The whole number at `path`; empty when there is none or it is something else.
    default OptionalLong whole(String... path) {
        return at(path).orElse(Nil.NULL) instanceof Whole w ? OptionalLong.of(w.number()) : OptionalLong.empty();
    }

    /// The boolean at `path`; empty when there is none or it is something else.
    default Optional<Boolean> truth(String... path) {
        return at(path).flatMap(d -> d instanceof Truth t ? Optional.of(t.value()) : Optional.empty());
    }

    /// The elements of the list at `path`; none when there is no list.
    default List<Document> list(String... path) {
        return at(path).orElse(Nil.NULL) instanceof Sequence s ? s.elements() : List.of();
    }

    /// The texts in the list at `path`, as in `metadata.finalizers`.
    default List<String> texts(String... path) {
        return list(path).stream()
                .filter(Text.class::isInstance)
                .map(d -> ((Text) d).text())
                .toList();
    }

    /// The fields of the mapping at `path`; none when there is no mapping.
    default SequencedMap<String, Document> mapping(String... path) {
        return at(path).orElse(Nil.NULL) instanceof Mapping m ? m.fields() : Mapping.EMPTY.fields();
    }

    /// A copy in which `value` stands at `path`. Mappings on the way are made; a list's step must exist, or be its
    /// length, which appends.
    ///
    /// @throws IllegalArgumentException when the path leads into a value that has no children, or past a list's end
    default Document with(DocumentPath path, Document value) {
        return path.replaced(this, 0, Optional.of(value));
    }

    /// A copy without what stands at `path`; the same when nothing does.
    default Document without(DocumentPath path) {
        return at(path).isEmpty() ? this : path.replaced(this, 0, Optional.empty());
    }
}

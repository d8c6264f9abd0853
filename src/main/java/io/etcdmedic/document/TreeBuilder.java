package io.etcdmedic.document;

import io.etcdmedic.document.Document.Mapping;
import io.etcdmedic.document.Document.Sequence;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Makes a document of a reader's events, without recursion. The reader sees to it that they are balanced.
final class TreeBuilder {
    /// What a tree of so many values takes fits in half of the heap, and small bytes can stand for many values.
    private static final long VALUES_MAX = Runtime.getRuntime().maxMemory() / 256;

    private final Deque<Open> open = new ArrayDeque<>();
    private Consumer<String> duplicates = _ -> {};
    private @Nullable Document result;
    private long values;

    /// A mapping or a list that has not ended yet.
    private static final class Open {
        final @Nullable LinkedHashMap<String, Document> fields;
        final List<Document> elements = new ArrayList<>(0);
        String name = "";

        Open(boolean mapping) {
            fields = mapping ? new LinkedHashMap<>() : null;
        }

        Document close() {
            return fields == null ? new Sequence(elements) : new Mapping(fields);
        }
    }

    void onDuplicate(Consumer<String> told) {
        duplicates = told;
    }

    void beginMapping() {
        open.push(new Open(true));
    }

    void beginSequence() {
        open.push(new Open(false));
    }

    int depth() {
        return open.size();
    }

    void name(String name) {
        open.element().name = name;
    }

    void end() {
        add(open.pop().close());
    }

    void add(Document value) {
        if (++values > VALUES_MAX) {
            throw new Failure.Corrupt(Problem.in("reading a document")
                    .found("more than " + VALUES_MAX + " values")
                    .hint("-o raw and -o proto show it without a tree of it"));
        }
        Open parent = open.peek();
        if (parent == null) {
            result = value;
        } else if (parent.fields == null) {
            parent.elements.add(value);
        } else if (parent.fields.putLast(parent.name, value) != null) {
            duplicates.accept(path());
        }
    }

    boolean complete() {
        return open.isEmpty() && result != null;
    }

    Document result() {
        Document made = result;
        if (made == null || !open.isEmpty()) {
            throw new IllegalStateException("the document has not ended");
        }
        return made;
    }

    private String path() {
        List<String> steps = new ArrayList<>();
        open.descendingIterator().forEachRemaining(o -> {
            steps.add(o.fields == null ? Integer.toString(o.elements.size()) : o.name);
        });
        return new DocumentPath(steps).toString();
    }
}

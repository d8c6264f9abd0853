package io.etcdmedic.render;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import java.util.Iterator;
import java.util.List;

/// The data of a report, independent of its form.
public sealed interface Content {

    /// Rows under a heading. The rows are taken one by one, so that a listing of any length fits in memory.
    ///
    /// @param headed whether people see the heading
    record Table(List<Column> columns, Iterator<List<Document>> rows, boolean headed) implements Content {
        public Table(List<Column> columns, Iterator<List<Document>> rows) {
            this(columns, rows, true);
        }

        public Table(List<Column> columns, List<List<Document>> rows) {
            this(columns, rows.iterator());
        }
    }

    /// Names, each with what is known of it: a line each as text, an object each as data.
    ///
    /// @param single whether exactly one was asked for: then JSON and YAML show it bare
    record Items(Iterator<Item> items, boolean single) implements Content {
        public Items(List<Item> items, boolean single) {
            this(items.iterator(), single);
        }
    }

    /// Rows that go on until somebody ends it: each is shown when it comes.
    record Flow(List<Column> columns, Iterator<List<Document>> rows, boolean headed) implements Content {}

    /// What goes on until somebody ends it: each item is shown when it comes.
    record Feed(Iterator<Item> items) implements Content {}

    /// @param name what a line of text shows, exactly
    record Item(Bytes name, Document document) {}

    /// Paragraphs: as text a heading with lines below it, as data an object each; taken one by one.
    record Passages(Iterator<Passage> passages) implements Content {
        public Passages(List<Passage> passages) {
            this(passages.iterator());
        }
    }

    /// @param heading what it is about, on one line
    /// @param lines shown below it, each for itself
    /// @param name the line of the form `name`
    record Passage(String heading, List<String> lines, String name, Document document) {
        public Passage {
            lines = List.copyOf(lines);
        }
    }

    record Tree(Branch root) implements Content {}

    /// @param name one step of the tree; it may hold anything
    /// @param keys how many keys lie at it and below
    record Branch(String name, long keys, List<Branch> children) {
        public Branch {
            children = List.copyOf(children);
        }
    }

    /// Lines of data that are written already, in runs of any length; whatever the form.
    record Lines(Iterator<Bytes> runs) implements Content {}

    record Prose(String text) implements Content {}

    /// Bytes that go out as they are.
    record Raw(Bytes bytes) implements Content {}

    /// Bytes that go out as they are, piece by piece, so that any amount of them fits in memory.
    record RawPieces(Iterator<Bytes> pieces) implements Content {}

    /// Several contents, one below the other; as data, one object with a field for each name.
    record Parts(List<Part> parts) implements Content {
        public Parts {
            parts = List.copyOf(parts);
        }
    }

    /// @param title for people; empty for none
    /// @param field the name as data
    record Part(String title, String field, Content content) {}
}

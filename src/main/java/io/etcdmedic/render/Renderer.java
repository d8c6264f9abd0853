package io.etcdmedic.render;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Escape;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/// Writes a report: exact data into a pipe; on a terminal, with everything escaped that a terminal would obey.
///
/// A reader that goes away (`| head`) ends the output without a word.
public final class Renderer {
    private final Console console;
    private final Format format;

    public Renderer(Console console, Format format) {
        this.console = console;
        this.format = format;
    }

    public void write(Report report) {
        content(report.content());
        console.out().flush();
        report.talk().forEach(line -> console.err().println(Escape.multiline(line)));
        report.afterwards().get().forEach(line -> console.err().println(Escape.multiline(line)));
        console.err().flush();
    }

    /// Tells the operator something that no program parses.
    public void say(List<String> talk) {
        talk.forEach(line -> console.err().println(Escape.multiline(line)));
        console.err().flush();
    }

    private void content(Content content) {
        switch (content) {
            case Content.Table table -> table(table);
            case Content.Flow flow ->
                new FlowingTable(flow, console, format == Format.WIDE ? 0 : console.columns()).write();
            case Content.Items items -> items(items);
            case Content.Feed feed -> feed(feed.items());
            case Content.Passages passages -> passages(passages.passages());
            case Content.Tree tree -> tree(tree.root());
            case Content.Prose prose -> text(prose.text());
            case Content.Raw raw -> bytes(raw.bytes());
            case Content.RawPieces raw -> {
                while (raw.pieces().hasNext() && open()) {
                    bytes(raw.pieces().next());
                }
            }
            case Content.Lines lines -> runs(lines.runs());
            case Content.Parts parts -> parts(parts);
        }
    }

    private void table(Content.Table table) {
        switch (format) {
            case JSON -> sequence(Tables.documents(table));
            case JSONL -> lines(Tables.documents(table));
            case YAML -> yamlSequence(Tables.documents(table));
            case NAME -> names(table);
            case TABLE, RAW, HEX, PROTO, META -> Tables.write(table, console, console.columns());
            case WIDE -> Tables.write(table, console, 0);
        }
    }

    private void names(Content.Table table) {
        boolean keys = table.columns().getFirst().unit() == Column.Unit.KEY;
        while (table.rows().hasNext() && open()) {
            Document first = table.rows().next().getFirst();
            text((keys ? KeyCell.name(first, console.terminal()) : Tables.plain(first)) + "\n");
        }
    }

    private void items(Content.Items items) {
        Iterator<Document> documents = documents(items.items(), Content.Item::document);
        switch (format) {
            case JSON -> {
                if (items.single()) {
                    text(Json.indented(documents.next()));
                } else {
                    sequence(documents);
                }
            }
            case YAML -> yamlStream(documents);
            case JSONL -> lines(documents);
            case TABLE, WIDE, NAME, RAW, HEX, PROTO, META -> {
                while (items.items().hasNext() && open()) {
                    name(items.items().next().name());
                }
            }
        }
    }

    private void passages(Iterator<Content.Passage> passages) {
        Iterator<Document> documents = documents(passages, Content.Passage::document);
        switch (format) {
            case JSON -> sequence(documents);
            case JSONL -> lines(documents);
            case YAML -> yamlSequence(documents);
            case NAME -> {
                while (passages.hasNext() && open()) {
                    text(oneLine(passages.next().name()) + "\n");
                }
            }
            case TABLE, WIDE, RAW, HEX, PROTO, META -> {
                while (passages.hasNext() && open()) {
                    passage(passages.next());
                }
            }
        }
    }

    private void passage(Content.Passage passage) {
        console.out().print(console.bold(Escape.multiline(oneLine(passage.heading()))) + "\n");
        passage.lines().forEach(line -> text("    " + oneLine(line) + "\n"));
    }

    /// A name of the machine's may hold line ends: it does not begin a line of ours.
    private static String oneLine(String text) {
        return text.replace('\n', ' ').replace('\r', ' ').replace('\t', ' ');
    }

    /// JSON is a document a line here: a list would have no end.
    private void feed(Iterator<Content.Item> items) {
        while (items.hasNext() && open()) {
            Content.Item item = items.next();
            switch (format) {
                case JSON, JSONL -> text(Json.compact(item.document()) + "\n");
                case YAML -> text("---\n" + Yaml.of(item.document()));
                case TABLE, WIDE, NAME, RAW, HEX, PROTO, META -> feedLine(item.name());
            }
            console.out().flush();
        }
    }

    private void feedLine(Bytes lines) {
        bytes(lines);
        console.out().write('\n');
    }

    private static <T> Iterator<Document> documents(Iterator<T> items, Function<T, Document> document) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return items.hasNext();
            }

            @Override
            public Document next() {
                return document.apply(items.next());
            }
        };
    }

    /// A JSON list, an element at a time.
    private void sequence(Iterator<Document> documents) {
        if (!documents.hasNext()) {
            text("[]\n");
            return;
        }
        String separator = "[\n";
        while (documents.hasNext() && open()) {
            text(separator);
            text("    " + Json.indented(documents.next()).stripTrailing().replace("\n", "\n    "));
            separator = ",\n";
        }
        text("\n]\n");
    }

    private void lines(Iterator<Document> documents) {
        while (documents.hasNext() && open()) {
            if (console.terminal()) {
                text(Json.compact(documents.next()) + "\n");
            } else {
                bytes(Json.compactBytes(documents.next()));
                console.out().write('\n');
            }
        }
    }

    private void yamlStream(Iterator<Document> documents) {
        String separator = "";
        while (documents.hasNext() && open()) {
            text(separator + Yaml.of(documents.next()));
            separator = "---\n";
        }
    }

    private void yamlSequence(Iterator<Document> documents) {
        if (!documents.hasNext()) {
            text("[]\n");
        }
        while (documents.hasNext() && open()) {
            text(Yaml.of(Document.Sequence.of(documents.next())));
        }
    }

    private void tree(Content.Branch root) {
        switch (format) {
            case JSON -> text(Json.indented(Trees.document(root)));
            case JSONL -> text(Json.compact(Trees.document(root)) + "\n");
            case YAML -> text(Yaml.of(Trees.document(root)));
            case TABLE, WIDE, NAME, RAW, HEX, PROTO, META -> Trees.write(root, this::text);
        }
    }

    private void parts(Content.Parts parts) {
        switch (format) {
            case JSON -> text(Json.indented(Tables.whole(parts)));
            case JSONL -> text(Json.compact(Tables.whole(parts)) + "\n");
            case YAML -> text(Yaml.of(Tables.whole(parts)));
            case TABLE, WIDE, NAME, RAW, HEX, PROTO, META -> {
                String separator = "";
                for (Content.Part part : parts.parts()) {
                    text(separator);
                    if (!part.title().isEmpty()) {
                        console.out().print(console.bold(Escape.multiline(part.title())) + "\n");
                    }
                    content(part.content());
                    separator = "\n";
                }
            }
        }
    }

    private void runs(Iterator<Bytes> runs) {
        while (runs.hasNext() && open()) {
            bytes(runs.next());
        }
    }

    private void name(Bytes name) {
        if (console.terminal()) {
            text(Escape.printable(name) + "\n");
        } else {
            bytes(name);
            console.out().write('\n');
        }
    }

    private void bytes(Bytes bytes) {
        if (console.terminal()) {
            console.out()
                    .print(Escape.exactUtf8(bytes).map(Escape::multiline).orElseGet(() -> Escape.printable(bytes)));
            return;
        }
        try {
            bytes.writeTo(console.out());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void text(String text) {
        console.out().print(console.terminal() ? Escape.multiline(text) : text);
    }

    private boolean open() {
        return !Tables.gone(console.out());
    }
}

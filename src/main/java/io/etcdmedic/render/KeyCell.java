package io.etcdmedic.render;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Escape;
import io.etcdmedic.document.Document;
import io.etcdmedic.keyspace.Key;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/// The cell of a key: its exact text, or, where the key is no UTF-8, the escaped form together with the exact
/// bytes.
///
/// As data that is one field or two; in a table it is one word that can be typed back, in which a backslash of the
/// key is not that of an escape.
public final class KeyCell {
    private static final String ESCAPED = "key";
    private static final String EXACT = "keyHex";

    private KeyCell() {}

    /// Shape: a [Document.Text], or a mapping of `key`, escaped, and `keyHex`.
    public static Document of(Key key) {
        Optional<String> exact = Escape.exactUtf8(key.bytes());
        if (exact.isPresent()) {
            return new Document.Text(exact.get());
        }
        SequencedMap<String, Document> both = new LinkedHashMap<>();
        both.put(ESCAPED, new Document.Text(key.display()));
        both.put(EXACT, new Document.Text(key.bytes().toHex()));
        return new Document.Mapping(both);
    }

    /// Puts `cell`, a key's or another, among the `fields` of its row.
    static void put(SequencedMap<String, Document> fields, Column column, Document cell) {
        boolean key = column.unit() == Column.Unit.KEY;
        if (key && cell instanceof Document.Mapping(SequencedMap<String, Document> both)) {
            both.forEach((field, value) -> fields.put(field.equals(ESCAPED) ? column.field() : field, value));
        } else {
            fields.put(column.field(), cell);
        }
    }

    /// The key as it can be typed back, on one line.
    static String typed(Document cell, boolean terminal) {
        if (cell instanceof Document.Mapping(SequencedMap<String, Document> both)) {
            return both.get(ESCAPED) instanceof Document.Text(String escaped) ? escaped : "";
        }
        String text = Tables.plain(cell);
        return terminal
                ? Escape.printable(Bytes.utf8(text))
                : text.replace("\\", "\\\\").replace("\n", "\\x0a").replace("\t", "\\x09");
    }

    /// The key as a line of the form `name`: exact into a pipe, where it is text.
    static String name(Document cell, boolean terminal) {
        return terminal || cell instanceof Document.Mapping ? typed(cell, terminal) : Tables.plain(cell);
    }
}

package io.etcdmedic.command.inspect;

import io.etcdmedic.bytes.Escape;
import io.etcdmedic.document.Document;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.KeyCell;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// Keys and what etcd knows about them, as cells and as documents.
final class Shown {
    static final List<Column> META = List.of(
            Column.key("KEY", "key"),
            Column.of("MODIFIED", "modRevision"),
            Column.of("CREATED", "createRevision"),
            Column.of("VERSION", "version"),
            Column.of("LEASE", "lease"),
            Column.bytes("SIZE", "valueBytes"));

    private Shown() {}

    static List<Document> meta(Entry entry) {
        return List.of(
                KeyCell.of(entry.key()),
                number(entry.modRevision().number()),
                number(entry.createRevision().number()),
                number(entry.version()),
                entry.lease().isNone()
                        ? Document.Nil.NULL
                        : new Document.Text(entry.lease().hex()),
                number(entry.value().length()));
    }

    /// The key with `fields`; a key that is not UTF-8 is escaped, and exact in `keyHex`.
    static Content.Item item(Key key, SequencedMap<String, Document> fields) {
        SequencedMap<String, Document> all = keyFields(key);
        all.putAll(fields);
        return new Content.Item(key.bytes(), new Document.Mapping(all));
    }

    /// `key`, and `keyHex` where that is not exact.
    static SequencedMap<String, Document> keyFields(Key key) {
        SequencedMap<String, Document> fields = new LinkedHashMap<>();
        fields.put("key", key(key));
        if (Escape.exactUtf8(key.bytes()).isEmpty()) {
            fields.put("keyHex", new Document.Text(key.bytes().toHex()));
        }
        return fields;
    }

    static Content.Item metaItem(Entry entry) {
        SequencedMap<String, Document> fields = new LinkedHashMap<>();
        List<Document> cells = meta(entry);
        for (int i = 1; i < cells.size(); i++) {
            fields.put(META.get(i).field(), cells.get(i));
        }
        return item(entry.key(), fields);
    }

    /// The exact text where there is one, else the escaped form.
    static Document key(Key key) {
        Optional<String> exact = Escape.exactUtf8(key.bytes());
        return new Document.Text(exact.orElseGet(key::display));
    }

    static Document text(String text) {
        return new Document.Text(text);
    }

    static Document number(long number) {
        return new Document.Whole(number);
    }
}

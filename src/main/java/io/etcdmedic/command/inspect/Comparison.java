package io.etcdmedic.command.inspect;

import io.etcdmedic.document.Document;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.kubernetes.RegistryKeys;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.KeyCell;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Two states of a keyspace side by side: counted by resource, key by key, or object by object.
///
/// @param pairs walks both states anew
record Comparison(Supplier<Differing> pairs, ObjectChange.Reader reader, RegistryKeys registry) {
    /// More keys than anyone reads; their count is told, and data formats bring all.
    private static final int KEYS_LISTED_MAX = 10_000;

    private static final List<Column> RESOURCES = List.of(
            Column.of("RESOURCE", "resource"),
            Column.of("ADDED", "added"),
            Column.of("REMOVED", "removed"),
            Column.of("CHANGED", "changed"));
    private static final List<Column> KEYS = List.of(
            Column.of("CHANGE", "change"),
            Column.of("REVISION BEFORE", "revisionBefore"),
            Column.of("REVISION AFTER", "revisionAfter"),
            Column.bytes("SIZE BEFORE", "bytesBefore"),
            Column.bytes("SIZE AFTER", "bytesAfter"),
            Column.key("KEY", "key"));

    boolean differs() {
        try (Differing differing = pairs.get()) {
            return differing.hasNext();
        }
    }

    /// Counts by resource, and below them the keys.
    Content overview() {
        Map<String, long[]> counts = new TreeMap<>();
        List<List<Document>> rows = new ArrayList<>();
        long keys = 0;
        try (Differing differing = pairs.get()) {
            while (differing.hasNext()) {
                Differing.Pair pair = differing.next();
                String folder = registry.folder(key(pair).bytes()).orElse(Stat.OUTSIDE);
                counts.computeIfAbsent(folder, _ -> new long[3])[kind(pair).ordinal()]++;
                if (keys++ < KEYS_LISTED_MAX) {
                    rows.add(row(pair));
                }
            }
        }
        List<Content.Part> parts = new ArrayList<>();
        parts.add(new Content.Part("", "resources", new Content.Table(RESOURCES, resources(counts))));
        parts.add(new Content.Part("", "keys", new Content.Table(KEYS, rows)));
        if (keys > KEYS_LISTED_MAX) {
            String rest = "and " + (keys - KEYS_LISTED_MAX) + " keys more; -o jsonl brings all of them\n";
            parts.add(new Content.Part("", "rest", new Content.Prose(rest)));
        }
        return new Content.Parts(parts);
    }

    /// Each object that differs, with what differs in it.
    Content objects() {
        Differing differing = pairs.get();
        return new Content.Passages(new Iterator<>() {
            @Override
            public boolean hasNext() {
                boolean more = differing.hasNext();
                if (!more) {
                    differing.close();
                }
                return more;
            }

            @Override
            public Content.Passage next() {
                return passage(differing.next());
            }
        });
    }

    private Content.Passage passage(Differing.Pair pair) {
        ObjectChange change = ObjectChange.between(pair.before(), pair.after(), reader);
        SequencedMap<String, Document> fields = new LinkedHashMap<>();
        List<Document> cells = row(pair);
        fields.put("key", Shown.key(key(pair)));
        for (int i = 0; i < KEYS.size() - 1; i++) {
            fields.put(KEYS.get(i).field(), cells.get(i));
        }
        change.trouble().ifPresent(why -> fields.put("undecodable", Shown.text(why)));
        fields.put("changes", change.document());
        String revisions = revision(pair.before()) + " -> " + revision(pair.after());
        String key = key(pair).display();
        String heading = kind(pair).word + " " + key + "  (" + revisions + ")";
        return new Content.Passage(heading, change.lines(), key, new Document.Mapping(fields));
    }

    private static String revision(Optional<Entry> entry) {
        return entry.map(e -> e.modRevision().toString()).orElse("nothing");
    }

    private static List<List<Document>> resources(Map<String, long[]> counts) {
        return counts.entrySet().stream()
                .map(e -> List.of(
                        Shown.text(e.getKey()),
                        Shown.number(e.getValue()[0]),
                        Shown.number(e.getValue()[1]),
                        Shown.number(e.getValue()[2])))
                .toList();
    }

    private enum Kind {
        ADDED("added"),
        REMOVED("removed"),
        CHANGED("changed");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    private static Kind kind(Differing.Pair pair) {
        return pair.before().isEmpty() ? Kind.ADDED : pair.after().isEmpty() ? Kind.REMOVED : Kind.CHANGED;
    }

    private static Key key(Differing.Pair pair) {
        return pair.after().or(pair::before).orElseThrow().key();
    }

    private static List<Document> row(Differing.Pair pair) {
        return List.of(
                Shown.text(kind(pair).word),
                modRevision(pair.before()),
                modRevision(pair.after()),
                size(pair.before()),
                size(pair.after()),
                KeyCell.of(key(pair)));
    }

    private static Document modRevision(Optional<Entry> entry) {
        return entry.map(e -> Shown.number(e.modRevision().number())).orElse(Document.Nil.NULL);
    }

    private static Document size(Optional<Entry> entry) {
        return entry.map(e -> Shown.number(e.value().length())).orElse(Document.Nil.NULL);
    }
}

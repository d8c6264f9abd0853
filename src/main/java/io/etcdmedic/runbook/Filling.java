package io.etcdmedic.runbook;

import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Restart;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.render.ByteCount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What fills a keyspace: the resources with most bytes, the largest keys, and how much history is kept.
///
/// @param sentences for the operator
record Filling(List<String> sentences) {
    private static final int SHOWN = 5;
    private static final KeyRange EVERYTHING = KeyRange.all();

    private static final class Share {
        private long keys;
        private long bytes;
    }

    static Filling of(Scene scene) {
        return Restart.onCompaction(() -> read(scene));
    }

    private static Filling read(Scene scene) {
        Map<String, Share> shares = new HashMap<>();
        List<Entry> largest = new ArrayList<>();
        Share all = new Share();
        try (Entries entries = scene.keyspace()
                .scan(EVERYTHING, Scan.values().at(scene.keyspace().revision()))) {
            while (entries.hasNext()) {
                Entry entry = entries.next();
                long bytes = entry.key().bytes().length() + entry.value().length();
                add(shares.computeIfAbsent(resource(entry.key(), scene.prefix()), _ -> new Share()), bytes);
                add(all, bytes);
                keep(largest, entry);
            }
        }
        List<String> sentences = new ArrayList<>();
        long revisions =
                scene.keyspace().revision().number() - scene.keyspace().oldest().number();
        sentences.add(all.keys + " keys hold " + new ByteCount(all.bytes) + "; " + revisions
                + " revisions of history are kept beside them");
        shares.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<String, Share> e) -> -e.getValue().bytes))
                .limit(SHOWN)
                .map(e -> e.getKey() + ": " + e.getValue().keys + " keys, " + new ByteCount(e.getValue().bytes))
                .forEach(sentences::add);
        largest.stream()
                .findFirst()
                .ifPresent(entry ->
                        sentences.add("the largest key is " + entry.key().display() + ": "
                                + new ByteCount(entry.value().length())));
        return new Filling(sentences);
    }

    private static void add(Share share, long bytes) {
        share.keys++;
        share.bytes += bytes;
    }

    private static void keep(List<Entry> largest, Entry entry) {
        Optional<Entry> known = largest.stream().findFirst();
        if (known.isEmpty() || known.get().value().length() < entry.value().length()) {
            largest.clear();
            largest.add(entry);
        }
    }

    /// The folder below the prefix; keys elsewhere count by their first folder.
    private static String resource(Key key, String prefix) {
        String text = key.display();
        String below = text.startsWith(prefix + "/") ? text.substring(prefix.length() + 1) : text;
        return StoredName.of(below)
                .map(name -> name.resource() + (name.group().isEmpty() ? "" : "." + name.group()))
                .orElseGet(() -> below.substring(0, below.indexOf('/') < 1 ? below.length() : below.indexOf('/')));
    }
}

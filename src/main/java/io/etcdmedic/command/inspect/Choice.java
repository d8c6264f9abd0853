package io.etcdmedic.command.inspect;

import io.etcdmedic.codec.Decoded;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.resource.JsonPath;
import io.etcdmedic.resource.ObjectOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// kubectl's options that choose objects of a listing and put them in order.
final class Choice {
    @Mixin
    private Selectors selectors = new Selectors();

    @Option(
            names = "--sort-by",
            paramLabel = "JSONPATH",
            description = "in the order of this field, as in .metadata.creationTimestamp")
    private Optional<String> sortBy = Optional.empty();

    @Option(names = "--no-headers", description = "no heading above the table")
    private boolean noHeaders;

    private long unread;

    boolean headed() {
        return !noHeaders;
    }

    boolean orders() {
        return sortBy.isPresent();
    }

    /// The entries that are chosen, in their order; all of them are in memory only when they are sorted.
    Iterator<Entry> of(Session session, Iterator<Entry> entries) {
        Iterator<Entry> chosen = selectors.any() ? selected(session, entries) : entries;
        return sortBy.map(path -> sorted(session, chosen, new ObjectOrder(JsonPath.parse(path))))
                .orElse(chosen);
    }

    /// What to say when the entries are shown.
    List<String> passedOver() {
        return unread == 0
                ? List.of()
                : List.of("medic: could not decode " + unread + (unread == 1 ? " value" : " values")
                        + " and did not look further; medic find --undecodable lists them");
    }

    private Iterator<Entry> selected(Session session, Iterator<Entry> entries) {
        Selectors.Rule rule = selectors.rule();
        return new Matching<Entry, Entry>(entries, entry -> {
            Optional<Document> object = object(session, entry);
            unread += object.isEmpty() ? 1 : 0;
            return object.filter(rule::accepts).map(_ -> entry);
        });
    }

    static Iterator<Entry> sorted(Session session, Iterator<Entry> entries, ObjectOrder order) {
        record Seen(Entry entry, Document object) {}
        List<Seen> all = new ArrayList<>();
        entries.forEachRemaining(
                entry -> all.add(new Seen(entry, object(session, entry).orElse(Document.Nil.NULL))));
        all.sort(Comparator.comparing(Seen::object, order));
        return all.stream().map(Seen::entry).iterator();
    }

    private static Optional<Document> object(Session session, Entry entry) {
        return session.codec().read(entry.key(), entry.value()) instanceof Decoded.Object object
                ? Optional.of(object.document())
                : Optional.empty();
    }
}

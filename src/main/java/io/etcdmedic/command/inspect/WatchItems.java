package io.etcdmedic.command.inspect;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Difference;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.etcd.WatchEvent;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Change;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.render.ByteCount;
import io.etcdmedic.render.Content;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// The events of a watch, each as a line with what differs, and as a document with both values.
final class WatchItems implements Iterator<Content.Item> {
    /// More fields are counted, not shown: a line is for a glance.
    private static final int FIELDS_SHOWN = 6;

    private static final int VALUE_CHARACTERS = 80;

    private final Session session;
    private final WatchEvents events;
    private final WatchFilter filter;
    private long changesLeft;
    private Optional<Content.Item> ready = Optional.empty();

    WatchItems(Session session, WatchEvents events, WatchFilter filter, OptionalLong changesMax) {
        this.session = session;
        this.events = events;
        this.filter = filter;
        this.changesLeft = changesMax.orElse(Long.MAX_VALUE);
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty() && changesLeft > 0) {
            ready = item(events.take());
        }
        return ready.isPresent();
    }

    @Override
    public Content.Item next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Content.Item item = ready.orElseThrow();
        ready = Optional.empty();
        return item;
    }

    private Optional<Content.Item> item(WatchEvent event) {
        return switch (event) {
            case WatchEvent.Changed changed -> {
                if (!filter.accepts(changed)) {
                    yield Optional.empty();
                }
                changesLeft--;
                yield Optional.of(changed(changed));
            }
            case WatchEvent.Progress(Revision upTo) -> note("PROGRESS", upTo, "nothing more up to revision " + upTo);
            case WatchEvent.Missed(Revision oldest) -> note("COMPACTED", oldest, missed(oldest));
            case WatchEvent.Reconnecting(Failure why, Revision from) -> note("RECONNECTING", from, broken(why, from));
        };
    }

    static String missed(Revision oldest) {
        return "changes before revision " + oldest + " were compacted away and are missed";
    }

    static String broken(Failure why, Revision from) {
        return "the connection broke (" + why.problem().found() + "); going on from revision " + from;
    }

    private static Optional<Content.Item> note(String type, Revision revision, String words) {
        SequencedMap<String, Document> fields = new LinkedHashMap<>();
        fields.put("type", Shown.text(type));
        fields.put("revision", Shown.number(revision.number()));
        fields.put("message", Shown.text(words));
        return Optional.of(new Content.Item(Bytes.utf8("# " + words), new Document.Mapping(fields)));
    }

    private Content.Item changed(WatchEvent.Changed changed) {
        Change change = changed.change();
        SequencedMap<String, Document> fields = new LinkedHashMap<>();
        String type = type(change);
        fields.put("type", Shown.text(type.toUpperCase(java.util.Locale.ROOT)));
        fields.put("revision", Shown.number(change.revision().number()));
        Optional<Document> after = Optional.empty();
        if (change instanceof Change.Put(Entry entry)) {
            fields.put("version", Shown.number(entry.version()));
            fields.put(
                    "lease",
                    entry.lease().isNone()
                            ? Document.Nil.NULL
                            : Shown.text(entry.lease().hex()));
            fields.put("valueBytes", Shown.number(entry.value().length()));
            after = value(entry, fields, "value");
        }
        Optional<Document> before = changed.before().flatMap(entry -> {
            fields.put("previousModRevision", Shown.number(entry.modRevision().number()));
            fields.put("previousValueBytes", Shown.number(entry.value().length()));
            return value(entry, fields, "previous");
        });
        Content.Item item = Shown.item(change.key(), fields);
        return new Content.Item(Bytes.utf8(line(changed, type, before, after)), item.document());
    }

    private static String type(Change change) {
        return switch (change) {
            case Change.Delete _ -> "delete";
            case Change.Put(Entry entry) -> entry.version() == 1 ? "create" : "put";
        };
    }

    /// Puts the decoded value among `fields`, or why it cannot be.
    private Optional<Document> value(Entry entry, SequencedMap<String, Document> fields, String name) {
        try {
            Document document = session.display().redacted(entry);
            fields.put(name, document);
            return Optional.of(document);
        } catch (Failure.Corrupt | Failure.Locked undecodable) {
            fields.put(name + "Error", Shown.text(undecodable.problem().found()));
            return Optional.empty();
        }
    }

    private static String line(
            WatchEvent.Changed changed, String type, Optional<Document> before, Optional<Document> after) {
        Change change = changed.change();
        String size = change instanceof Change.Put(Entry entry)
                ? ", version " + entry.version() + ", "
                        + new ByteCount(entry.value().length())
                : "";
        String was = changed.before()
                .map(e -> " (was " + new ByteCount(e.value().length()) + ", revision " + e.modRevision() + ")")
                .orElse("");
        String head =
                "%s %-6s %s%s%s".formatted(change.revision(), type, change.key().display(), size, was);
        return before.isPresent() && after.isPresent() ? head + differences(before.get(), after.get()) : head;
    }

    private static String differences(Document before, Document after) {
        List<Difference> all = Difference.between(before, after);
        String shown = all.stream()
                .limit(FIELDS_SHOWN)
                .map(d -> "\n    " + d.path() + ": "
                        + d.before().map(WatchItems::brief).orElse("absent") + " -> "
                        + d.after().map(WatchItems::brief).orElse("absent"))
                .collect(Collectors.joining());
        return all.size() > FIELDS_SHOWN ? shown + "\n    and " + (all.size() - FIELDS_SHOWN) + " more" : shown;
    }

    private static String brief(Document value) {
        String text = Json.compact(value).strip();
        return text.length() > VALUE_CHARACTERS ? text.substring(0, VALUE_CHARACTERS) + "…" : text;
    }
}

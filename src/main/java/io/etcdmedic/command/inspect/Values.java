package io.etcdmedic.command.inspect;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.Decoded;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.kubernetes.Resource;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Format;
import io.etcdmedic.render.Report;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/// Entries with their values, in the form that was asked for.
final class Values {
    private final Session session;

    Values(Session session) {
        this.session = session;
    }

    /// @param single whether exactly one key was asked for
    Report report(Iterator<Entry> entries, boolean single) {
        return Report.of(
                switch (session.format(Format.TABLE)) {
                    case TABLE, WIDE -> new Content.Table(Shown.META, map(entries, Shown::meta));
                    case META -> new Content.Table(Shown.META, map(entries, Shown::meta));
                    case NAME -> new Content.Items(map(entries, Shown::metaItem), single);
                    case RAW ->
                        new Content.RawPieces(
                                map(entries, e -> allowed(e, e.value()).value()));
                    case HEX -> new Content.Items(map(entries, this::hex), single);
                    case PROTO -> proto(entries);
                    case JSONL ->
                        single
                                ? new Content.Items(map(entries, this::object), true)
                                : new Content.Lines(new JsonRows(entries, session.display()));
                    case JSON, YAML ->
                        new Content.Items(map(entries, entry -> single ? object(entry) : objectOrError(entry)), single);
                });
    }

    /// As `kubectl get -o name` has it: `deployment.apps/web`; what is no object of the API by its key.
    Content.Item named(Entry entry) {
        Bytes name = session.registry()
                .parse(entry.key().bytes())
                .flatMap(o -> kind(o.resource(), entry)
                        .map(kind -> Bytes.utf8(kind.toLowerCase(Locale.ROOT)
                                + (o.resource().group().isEmpty()
                                        ? ""
                                        : "." + o.resource().group()) + "/" + o.name())))
                .orElse(entry.key().bytes());
        return new Content.Item(name, Document.Nil.NULL);
    }

    /// The kind of a built-in resource is known; any other says it itself.
    private Optional<String> kind(Resource resource, Entry entry) {
        if (!resource.kind().isEmpty()) {
            return Optional.of(resource.kind());
        }
        return session.codec().read(entry.key(), entry.value()) instanceof Decoded.Object object
                ? object.document().text("kind").filter(k -> !k.isEmpty())
                : Optional.empty();
    }

    private Content.Item hex(Entry entry) {
        return new Content.Item(Bytes.utf8(allowed(entry, entry.value()).value().toHex()), Document.Nil.NULL);
    }

    private Content.Item object(Entry entry) {
        return new Content.Item(entry.key().bytes(), session.display().document(entry));
    }

    /// Among many, one that cannot be decoded is an element of its own, as a line of `-o jsonl`.
    private Content.Item objectOrError(Entry entry) {
        try {
            return object(entry);
        } catch (Failure failure) {
            SequencedMap<String, Document> fields = new LinkedHashMap<>();
            fields.put("modRevision", Shown.number(entry.modRevision().number()));
            fields.put("error", Shown.text(failure.problem().message()));
            return Shown.item(entry.key(), fields);
        }
    }

    private Content proto(Iterator<Entry> entries) {
        List<Content.Part> parts = new ArrayList<>();
        while (entries.hasNext()) {
            Entry next = entries.next();
            Entry entry = allowed(next, session.codec().decrypted(next.key(), next.value()));
            parts.add(new Content.Part(
                    entry.key().display(),
                    entry.key().display(),
                    WireTable.of(session.codec().outline(entry.key(), entry.value()))));
        }
        return parts.size() == 1 ? parts.getFirst().content() : new Content.Parts(parts);
    }

    /// @throws Failure.Refused for bytes that hold secrets and were not asked for in so many words
    ///
    /// @param shown what would be seen: the stored bytes, or those before encryption
    private Entry allowed(Entry entry, Bytes shown) {
        if (session.display().hides(entry.key(), shown)) {
            throw new Failure.Refused(Problem.in("showing " + entry.key().display())
                    .found("bytes that hold a secret")
                    .hint("--show-secrets shows them"));
        }
        return entry;
    }

    private static <T> Iterator<T> map(Iterator<Entry> entries, Function<Entry, T> show) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return entries.hasNext();
            }

            @Override
            public T next() {
                return show.apply(entries.next());
            }
        };
    }
}

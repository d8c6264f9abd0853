package io.etcdmedic.command.inspect;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Format;
import io.etcdmedic.render.Report;
import java.util.Iterator;
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
                    case RAW -> new Content.RawPieces(map(entries, e -> allowed(e).value()));
                    case HEX -> new Content.Items(map(entries, this::hex), single);
                    case JSON, JSONL, YAML -> new Content.Items(map(entries, this::object), single);
                });
    }

    private Content.Item hex(Entry entry) {
        return new Content.Item(Bytes.utf8(allowed(entry).value().toHex()), Document.Nil.NULL);
    }

    private Content.Item object(Entry entry) {
        return new Content.Item(entry.key().bytes(), session.codec().document(allowed(entry)));
    }

    /// @throws Failure.Refused for a Secret's bytes that were not asked for in so many words
    private Entry allowed(Entry entry) {
        boolean secret = session.registry()
                .parse(entry.key().bytes())
                .filter(n -> n.resource().plural().equals("secrets"))
                .isPresent();
        if (secret && !session.options().showSecrets()) {
            throw new Failure.Refused(Problem.in("showing " + entry.key().display())
                    .found("the bytes of a Secret")
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

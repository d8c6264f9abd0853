package io.etcdmedic.command.inspect;

import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.etcd.WatchEvent;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Change;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.kubernetes.ObjectName;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;

/// The changes of a watch as rows of kubectl's table; of a deleted object, the last state.
final class WatchRows implements Iterator<List<Document>> {
    private final Session session;
    private final WatchEvents events;
    private final WatchFilter filter;
    private final ObjectTable table;
    private final boolean typed;
    private long changesLeft;
    private Optional<List<Document>> ready = Optional.empty();

    /// @param typed whether the first column says what happened
    WatchRows(
            Session session,
            WatchEvents events,
            WatchFilter filter,
            ObjectTable table,
            boolean typed,
            OptionalLong changesMax) {
        this.session = session;
        this.events = events;
        this.filter = filter;
        this.table = table;
        this.typed = typed;
        this.changesLeft = changesMax.orElse(Long.MAX_VALUE);
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty() && changesLeft > 0) {
            ready = row(events.take());
        }
        return ready.isPresent();
    }

    @Override
    public List<Document> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        List<Document> row = ready.orElseThrow();
        ready = Optional.empty();
        return row;
    }

    private Optional<List<Document>> row(WatchEvent event) {
        return switch (event) {
            case WatchEvent.Changed changed -> {
                if (!filter.accepts(changed)) {
                    yield Optional.empty();
                }
                changesLeft--;
                yield Optional.of(row(changed));
            }
            case WatchEvent.Progress _ -> Optional.empty();
            case WatchEvent.Missed(Revision oldest) -> said(WatchItems.missed(oldest));
            case WatchEvent.Reconnecting(Failure why, Revision from) -> said(WatchItems.broken(why, from));
        };
    }

    private Optional<List<Document>> said(String words) {
        session.mention(words);
        return Optional.empty();
    }

    private List<Document> row(WatchEvent.Changed changed) {
        List<Document> row = new ArrayList<>(typed ? List.of(Shown.text(filter.type(changed))) : List.of());
        row.addAll(
                switch (changed.change()) {
                    case Change.Put(Entry entry) -> table.row(entry);
                    case Change.Delete delete ->
                        changed.before()
                                .map(table::row)
                                .orElseGet(() -> table.row(session.registry()
                                        .parse(delete.key().bytes())
                                        .map(ObjectName::name)
                                        .orElseGet(delete.key()::display)));
                });
        return row;
    }
}

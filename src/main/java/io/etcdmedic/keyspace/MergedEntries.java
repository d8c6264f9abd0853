package io.etcdmedic.keyspace;

import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Optional;

/// The entries of a base with others laid over them, in key order; an empty one hides the base's.
final class MergedEntries implements Entries {
    private final Entries base;
    private final NavigableMap<Key, Optional<Entry>> own;
    private final Revision revision;
    private Optional<Entry> fromBase = Optional.empty();
    private Optional<Entry> next = Optional.empty();

    /// @param own used up by the iteration
    MergedEntries(Entries base, NavigableMap<Key, Optional<Entry>> own, Revision revision) {
        this.base = base;
        this.own = own;
        this.revision = revision;
    }

    @Override
    public Revision revision() {
        return revision;
    }

    @Override
    public boolean hasNext() {
        while (next.isEmpty()) {
            if (fromBase.isEmpty() && base.hasNext()) {
                fromBase = Optional.of(base.next());
            }
            if (own.isEmpty() && fromBase.isEmpty()) {
                return false;
            }
            advance();
        }
        return true;
    }

    private void advance() {
        int order = own.isEmpty()
                ? 1
                : fromBase.map(e -> own.firstKey().compareTo(e.key())).orElse(-1);
        if (order > 0) {
            next = fromBase;
            fromBase = Optional.empty();
            return;
        }
        Map.Entry<Key, Optional<Entry>> first = own.pollFirstEntry();
        next = first.getValue();
        if (order == 0) {
            fromBase = Optional.empty();
        }
    }

    @Override
    public Entry next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Entry entry = next.orElseThrow();
        next = Optional.empty();
        return entry;
    }

    @Override
    public void close() {
        base.close();
    }
}

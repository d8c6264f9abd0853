package io.etcdmedic.command.inspect;

import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import java.util.Iterator;
import java.util.function.Function;

/// Entries turned into something else, one by one; the last one closes the scan.
final class Listing<T> implements Iterator<T> {
    private final Entries entries;
    private final Function<Entry, T> show;

    Listing(Entries entries, Function<Entry, T> show) {
        this.entries = entries;
        this.show = show;
    }

    @Override
    public boolean hasNext() {
        boolean more = entries.hasNext();
        if (!more) {
            entries.close();
        }
        return more;
    }

    @Override
    public T next() {
        return show.apply(entries.next());
    }
}

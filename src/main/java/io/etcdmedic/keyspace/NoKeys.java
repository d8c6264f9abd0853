package io.etcdmedic.keyspace;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/// The keyspace of a change that touches no etcd at all: empty, at revision 0.
public final class NoKeys implements Keyspace {

    @Override
    public Source source() {
        return new Source(Source.Kind.MEMORY, "without etcd", "");
    }

    @Override
    public Revision revision() {
        return Revision.of(0);
    }

    @Override
    public Revision oldest() {
        return Revision.of(0);
    }

    @Override
    public Optional<Entry> get(Key key, Optional<Revision> at) {
        return Optional.empty();
    }

    @Override
    public Entries scan(KeyRange range, Scan scan) {
        return new Entries() {
            @Override
            public Revision revision() {
                return Revision.of(0);
            }

            @Override
            public boolean hasNext() {
                return false;
            }

            @Override
            public Entry next() {
                throw new NoSuchElementException();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public long count(KeyRange range, Optional<Revision> at) {
        return 0;
    }

    @Override
    public List<Change> history(Key key) {
        return List.of();
    }

    @Override
    public List<Gone> gone(KeyRange range) {
        return List.of();
    }

    @Override
    public void close() {}
}

package io.etcdmedic.etcd;

import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/// A range read page by page at the revision of its first page.
final class EtcdEntries implements Entries {
    private static final int KEYS_IN_PAGE = 500;

    private final EtcdKeyspace keyspace;
    private final Scan.Content content;
    private final Revision revision;
    private KeyRange rest;
    private Iterator<KeyValue> page;
    private boolean more;

    EtcdEntries(EtcdKeyspace keyspace, KeyRange range, Scan scan) {
        this.keyspace = keyspace;
        this.content = scan.content();
        this.rest = range;
        GetResponse first = keyspace.page(range, scan.revision(), content, KEYS_IN_PAGE);
        this.revision = scan.revision().orElse(EtcdKeyspace.revision(first));
        this.page = take(first);
    }

    private Iterator<KeyValue> take(GetResponse response) {
        more = response.isMore();
        List<KeyValue> entries = response.getKvs();
        if (!entries.isEmpty()) {
            rest = rest.startingAt(EtcdKeyspace.entry(entries.getLast()).key().successor());
        }
        return entries.iterator();
    }

    @Override
    public Revision revision() {
        return revision;
    }

    @Override
    public boolean hasNext() {
        while (!page.hasNext() && more) {
            page = take(keyspace.page(rest, Optional.of(revision), content, KEYS_IN_PAGE));
        }
        return page.hasNext();
    }

    @Override
    public Entry next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return EtcdKeyspace.entry(page.next());
    }

    @Override
    public void close() {
        more = false;
        page = java.util.Collections.emptyIterator();
    }
}

package io.etcdmedic.runbook;

import io.etcdmedic.keyspace.Change;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Gone;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.keyspace.Source;
import io.etcdmedic.keyspace.Transaction;
import io.etcdmedic.keyspace.WritableKeyspace;
import io.etcdmedic.keyspace.WritePermit;
import java.util.List;
import java.util.Optional;

/// A keyspace in memory that says it is a live cluster, for what only those are asked.
record AsLive(WritableKeyspace inside) implements WritableKeyspace {
    @Override
    public Source source() {
        return new Source(Source.Kind.LIVE, "http://127.0.0.1:2379", "c1");
    }

    @Override
    public Revision revision() {
        return inside.revision();
    }

    @Override
    public Revision oldest() {
        return inside.oldest();
    }

    @Override
    public Optional<Entry> get(Key key, Optional<Revision> at) {
        return inside.get(key, at);
    }

    @Override
    public Entries scan(KeyRange range, Scan scan) {
        return inside.scan(range, scan);
    }

    @Override
    public long count(KeyRange range, Optional<Revision> at) {
        return inside.count(range, at);
    }

    @Override
    public List<Change> history(Key key) {
        return inside.history(key);
    }

    @Override
    public List<Gone> gone(KeyRange range) {
        return inside.gone(range);
    }

    @Override
    public Transaction.Answer commit(Transaction transaction, WritePermit permit) {
        return inside.commit(transaction, permit);
    }

    @Override
    public void close() {
        inside.close();
    }
}

package io.etcdmedic.keyspace;

import java.util.List;
import java.util.Optional;

/// A keyspace that is another one in all but what a test says otherwise. Closing it leaves the other one open.
public class ForwardingKeyspace implements WritableKeyspace {
    private final WritableKeyspace inside;

    protected ForwardingKeyspace(WritableKeyspace inside) {
        this.inside = inside;
    }

    @Override
    public Source source() {
        return inside.source();
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
    public void close() {}
}

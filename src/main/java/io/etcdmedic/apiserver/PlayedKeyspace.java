package io.etcdmedic.apiserver;

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

/// An overlay whose played cluster answers to every change.
public record PlayedKeyspace(PlayedCluster cluster) implements WritableKeyspace {

    @Override
    public Source source() {
        return cluster.overlay().source();
    }

    @Override
    public Revision revision() {
        return cluster.overlay().revision();
    }

    @Override
    public Revision oldest() {
        return cluster.overlay().oldest();
    }

    @Override
    public Optional<Entry> get(Key key, Optional<Revision> at) {
        return cluster.overlay().get(key, at);
    }

    @Override
    public Entries scan(KeyRange range, Scan scan) {
        return cluster.overlay().scan(range, scan);
    }

    @Override
    public long count(KeyRange range, Optional<Revision> at) {
        return cluster.overlay().count(range, at);
    }

    @Override
    public List<Change> history(Key key) {
        return cluster.overlay().history(key);
    }

    @Override
    public List<Gone> gone(KeyRange range) {
        return cluster.overlay().gone(range);
    }

    @Override
    public Transaction.Answer commit(Transaction transaction, WritePermit permit) {
        Transaction.Answer answer = cluster.overlay().commit(transaction, permit);
        cluster.react();
        return answer;
    }

    @Override
    public void close() {
        cluster.overlay().close();
    }
}

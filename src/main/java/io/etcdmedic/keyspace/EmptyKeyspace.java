package io.etcdmedic.keyspace;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/// A keyspace without keys: what a plan that only changes a machine is run over.
public final class EmptyKeyspace implements WritableKeyspace {
    private static final Revision ONLY = Revision.of(1);

    @Override
    public Source source() {
        return new Source(Source.Kind.MEMORY, "without keys", "");
    }

    @Override
    public Revision revision() {
        return ONLY;
    }

    @Override
    public Revision oldest() {
        return ONLY;
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
                return ONLY;
            }

            @Override
            public boolean hasNext() {
                return false;
            }

            @Override
            public Entry next() {
                throw new NoSuchElementException("a keyspace without keys");
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
    public Transaction.Answer commit(Transaction transaction, WritePermit permit) {
        throw new Failure.Refused(Problem.in("writing into a keyspace without keys")
                .found("no etcd was named")
                .hint("name the cluster: --endpoints, --profile or --snapshot"));
    }

    @Override
    public void close() {}
}

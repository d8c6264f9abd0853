package io.etcdmedic.runbook;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Response;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.keyspace.Change;
import io.etcdmedic.keyspace.Compare;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.keyspace.Source;
import io.etcdmedic.keyspace.Transaction;
import io.etcdmedic.keyspace.WritableKeyspace;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.keyspace.WritePermit;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// A plain client of a test's own etcd, without any of the care that the real one takes.
public final class EtcdForTests implements WritableKeyspace {
    private final Client client;
    private final String endpoint;
    private final String clusterId;

    public EtcdForTests(String endpoint) {
        this.endpoint = endpoint;
        this.client = Client.builder().endpoints(endpoint).build();
        this.clusterId = Long.toHexString(
                get("compact_rev_key", GetOption.builder().build()).getHeader().getClusterId());
    }

    @Override
    public Source source() {
        return new Source(Source.Kind.LIVE, endpoint, clusterId);
    }

    @Override
    public Revision revision() {
        return Revision.of(
                get("compact_rev_key", GetOption.builder().build()).getHeader().getRevision());
    }

    @Override
    public Revision oldest() {
        return Revision.of(1);
    }

    @Override
    public Optional<Entry> get(Key key, Optional<Revision> at) {
        GetOption option = GetOption.builder()
                .withRevision(at.map(Revision::number).orElse(0L))
                .build();
        return wait(client.getKVClient().get(sequence(key.bytes()), option)).getKvs().stream()
                .findFirst()
                .map(EtcdForTests::entry);
    }

    @Override
    public Entries scan(KeyRange range, Scan scan) {
        GetOption.Builder option = GetOption.builder()
                .withRevision(scan.revision().map(Revision::number).orElse(0L))
                .withRange(range.end().map(end -> sequence(end.bytes())).orElse(ByteSequence.from(new byte[] {0})));
        GetResponse response =
                wait(client.getKVClient().get(sequence(range.from().bytes()), option.build()));
        Iterator<Entry> entries =
                response.getKvs().stream().map(EtcdForTests::entry).iterator();
        return new Entries() {
            @Override
            public Revision revision() {
                return scan.revision().orElse(Revision.of(response.getHeader().getRevision()));
            }

            @Override
            public boolean hasNext() {
                return entries.hasNext();
            }

            @Override
            public Entry next() {
                return entries.next();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public long count(KeyRange range, Optional<Revision> at) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Change> history(Key key) {
        return List.of();
    }

    @Override
    public Transaction.Answer commit(Transaction transaction, WritePermit permit) {
        permit.check(transaction);
        TxnResponse response = wait(client.getKVClient()
                .txn()
                .If(transaction.compares().stream().map(EtcdForTests::compare).toArray(Cmp[]::new))
                .Then(transaction.writes().stream().map(EtcdForTests::write).toArray(Op[]::new))
                .Else(transaction.otherwise().stream()
                        .map(key -> Op.get(sequence(key.bytes()), GetOption.DEFAULT))
                        .toArray(Op[]::new))
                .commit());
        List<Optional<Entry>> reads = response.getGetResponses().stream()
                .map(get -> get.getKvs().stream().findFirst().map(EtcdForTests::entry))
                .toList();
        return new Transaction.Answer(response.isSucceeded(), revision(response), reads);
    }

    private static Revision revision(Response response) {
        return Revision.of(response.getHeader().getRevision());
    }

    private static Cmp compare(Compare compare) {
        ByteSequence key = sequence(compare.key().bytes());
        return switch (compare) {
            case Compare.Mod(var _, long revision) -> new Cmp(key, Cmp.Op.EQUAL, CmpTarget.modRevision(revision));
            case Compare.Create(var _, long revision) -> new Cmp(key, Cmp.Op.EQUAL, CmpTarget.createRevision(revision));
            case Compare.Version(var _, long version) -> new Cmp(key, Cmp.Op.EQUAL, CmpTarget.version(version));
            case Compare.Value(var _, Bytes value) -> new Cmp(key, Cmp.Op.EQUAL, CmpTarget.value(sequence(value)));
            case Compare.Lease(var _, LeaseId _) -> new Cmp(key, Cmp.Op.GREATER, CmpTarget.version(-1));
        };
    }

    private static Op write(Write write) {
        ByteSequence key = sequence(write.key().bytes());
        return switch (write) {
            case Write.Put(var _, Bytes value, LeaseId lease) ->
                Op.put(
                        key,
                        sequence(value),
                        PutOption.builder().withLeaseId(lease.id()).build());
            case Write.Delete _ -> Op.delete(key, DeleteOption.DEFAULT);
        };
    }

    private GetResponse get(String key, GetOption option) {
        return wait(client.getKVClient().get(sequence(Bytes.utf8(key)), option));
    }

    private static ByteSequence sequence(Bytes bytes) {
        return ByteSequence.from(bytes.toArray());
    }

    private static Entry entry(KeyValue kv) {
        return new Entry(
                new Key(Bytes.owned(kv.getKey().getBytes())),
                Bytes.owned(kv.getValue().getBytes()),
                Revision.of(kv.getCreateRevision()),
                Revision.of(kv.getModRevision()),
                kv.getVersion(),
                new LeaseId(kv.getLease()));
    }

    private static <R> R wait(CompletableFuture<R> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}

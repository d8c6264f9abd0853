package io.etcdmedic.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.options.GetOption;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Change;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Gone;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.keyspace.Source;
import io.etcdmedic.keyspace.Transaction;
import io.etcdmedic.keyspace.WritableKeyspace;
import io.etcdmedic.keyspace.WritePermit;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// The keys of a live cluster. Every read is linearizable: it asks the leader, or fails; but that of one member's
/// own keys, which says what this member holds, right or wrong.
///
/// Its connection belongs to the [EtcdCluster] that made it.
public final class EtcdKeyspace implements WritableKeyspace {
    private static final ByteSequence UNBOUNDED = ByteSequence.from(new byte[] {0});
    /// Holds no key in Kubernetes; asked for only to learn the newest revision.
    private static final Key NOBODY = Key.of("\0");

    private final EtcdClient client;
    private final Source source;
    private final boolean serializable;

    EtcdKeyspace(EtcdClient client, Source source) {
        this(client, source, false);
    }

    private EtcdKeyspace(EtcdClient client, Source source, boolean serializable) {
        this.client = client;
        this.source = source;
        this.serializable = serializable;
    }

    /// What one member holds by itself, without asking the others.
    static EtcdKeyspace ofMember(EtcdClient member, Source source) {
        return new EtcdKeyspace(member, source, true);
    }

    @Override
    public Source source() {
        return source;
    }

    @Override
    public Revision revision() {
        String operation = "asking for the newest revision";
        try {
            return revision(get(operation, NOBODY, GetOption.builder()));
        } catch (Failure.Locked denied) {
            // A user of a few keys may not read this one, but everybody may ask a member how far it is.
            return Revision.of(client.read(
                    operation,
                    () -> client.unary(MaintenanceGrpc::newBlockingStub)
                            .status(StatusRequest.getDefaultInstance())
                            .getHeader()
                            .getRevision()));
        }
    }

    @Override
    public Revision oldest() {
        return new KeyHistory(client).oldest();
    }

    @Override
    public Optional<Entry> get(Key key, Optional<Revision> at) {
        GetOption.Builder option = GetOption.builder().withRevision(number(at));
        return get("reading " + key.display(), key, option).getKvs().stream()
                .findFirst()
                .map(EtcdKeyspace::entry);
    }

    @Override
    public Entries scan(KeyRange range, Scan scan) {
        return new EtcdEntries(this, range, scan);
    }

    /// One answer of etcd: the first keys of `range`.
    ///
    /// @param keysMax 0: all
    GetResponse page(KeyRange range, Optional<Revision> at, Scan.Content content, long keysMax) {
        GetOption.Builder option =
                to(range).withRevision(number(at)).withLimit(keysMax).withKeysOnly(content == Scan.Content.KEYS);
        return get("listing keys from " + range.from().display(), range.from(), option);
    }

    /// A question that is on its way; asked again when its answer is lost.
    static final class Pending {
        private final Supplier<CompletableFuture<GetResponse>> ask;
        private Optional<CompletableFuture<GetResponse>> first;

        Pending(Supplier<CompletableFuture<GetResponse>> ask) {
            this.ask = ask;
            this.first = Optional.of(ask.get());
        }

        private CompletableFuture<GetResponse> answer() {
            CompletableFuture<GetResponse> answer = first.orElseGet(ask);
            first = Optional.empty();
            return answer;
        }
    }

    /// Asks for all entries of `range`, which is known to be small, without waiting.
    Pending ask(KeyRange range, Revision at) {
        GetOption option = to(range)
                .withRevision(at.number())
                .withSerializable(serializable)
                .build();
        ByteSequence from = sequence(range.from());
        return new Pending(() -> client.jetcd().getKVClient().get(from, option));
    }

    GetResponse answer(Pending pending) {
        return client.answer("listing keys", pending::answer);
    }

    @Override
    public long count(KeyRange range, Optional<Revision> at) {
        GetOption.Builder option = to(range).withRevision(number(at)).withCountOnly(true);
        return get("counting keys from " + range.from().display(), range.from(), option)
                .getCount();
    }

    @Override
    public List<Change> history(Key key) {
        return new KeyHistory(client).of(key, this);
    }

    @Override
    public List<Gone> gone(KeyRange range) {
        return new Deletions(client, range).until(this);
    }

    @Override
    public Transaction.Answer commit(Transaction transaction, WritePermit permit) {
        permit.check(transaction);
        String operation = "writing "
                + String.join(
                        ", ",
                        transaction.writes().stream()
                                .map(w -> w.key().display())
                                .toList());
        try {
            return EtcdTransaction.answer(
                    client.unary(KVGrpc::newBlockingStub).txn(EtcdTransaction.request(transaction)));
        } catch (StatusRuntimeException e) {
            throw CallFailure.ofCommit(operation, client.connection(), e);
        }
    }

    private static GetOption.Builder to(KeyRange range) {
        GetOption.Builder option = GetOption.builder();
        if (range.isSingle()) {
            return option;
        }
        return option.withRange(range.end().map(end -> sequence(end)).orElse(UNBOUNDED));
    }

    private GetResponse get(String operation, Key key, GetOption.Builder option) {
        return client.answer(
                operation,
                () -> client.jetcd()
                        .getKVClient()
                        .get(
                                sequence(key),
                                option.withSerializable(serializable).build()));
    }

    /// etcd's 0 is "now".
    private static long number(Optional<Revision> at) {
        return at.map(Revision::number).orElse(0L);
    }

    static Revision revision(GetResponse response) {
        return Revision.of(response.getHeader().getRevision());
    }

    static Key key(KeyValue kv) {
        return new Key(Bytes.owned(kv.getKey().getBytes()));
    }

    static Entry entry(KeyValue kv) {
        return new Entry(
                key(kv),
                Bytes.owned(kv.getValue().getBytes()),
                Revision.of(kv.getCreateRevision()),
                Revision.of(kv.getModRevision()),
                kv.getVersion(),
                new LeaseId(kv.getLease()));
    }

    private static ByteSequence sequence(Key key) {
        return ByteSequence.from(EtcdTransaction.string(key.bytes()));
    }

    /// The connection is its cluster's to close.
    @Override
    public void close() {
        // Nothing of its own.
    }
}

package io.etcdmedic.etcd;

import com.google.protobuf.UnknownFieldSet;
import io.etcd.jetcd.api.HashKVRequest;
import io.etcd.jetcd.api.HashKVResponse;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Revision;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/// One connection to each member, because some answers must come from that very member; opened when first needed.
///
/// A member is asked at the endpoint that the operator named, when it answers there; else at the URLs that it
/// advertises, which need not be reachable from here.
final class Doors implements AutoCloseable {
    /// A hash reads the whole database, at some 500 MB/s.
    private static final Duration HASH_MAX = Duration.ofMinutes(2);

    /// Source: etcd 3.6 api/etcdserverpb/rpc.proto, message StatusResponse.
    private static final int FIELD_STORAGE_VERSION = 11;

    private static final int FIELD_DB_QUOTA = 12;

    private final Connection connection;
    private final Loop loop;
    private final Optional<ClientTls> tls;
    private final Optional<SslContext> context;
    private final EtcdClient any;
    private final Map<Endpoint, EtcdClient> byEndpoint = new ConcurrentHashMap<>();

    private Doors(Connection connection, Loop loop, Optional<ClientTls> tls, boolean firstTry) {
        this.connection = connection;
        this.loop = loop;
        this.tls = tls;
        this.context = tls.map(t -> t.context(firstTry));
        this.any = open(connection);
        if (connection.endpoints().size() == 1) {
            byEndpoint.put(connection.endpoints().getFirst(), any);
        }
    }

    /// @throws Failure.Usage when a file for TLS does not hold what it should, or plaintext and TLS are mixed
    ///
    /// @param firstTry see [ClientTls#context(boolean)]
    static Doors of(Connection connection, Loop loop, boolean firstTry) {
        boolean tls = connection.usesTls();
        if (connection.endpoints().stream().anyMatch(e -> e.tls() != tls)) {
            throw new Failure.Usage(Problem.in("connecting to " + connection.names())
                    .found("some endpoints are https and some are http")
                    .expected("one of the two"));
        }
        return new Doors(
                connection, loop, tls ? Optional.of(ClientTls.read(connection.tls())) : Optional.empty(), firstTry);
    }

    private EtcdClient open(Connection to) {
        return EtcdClient.open(to, new Diagnosis(to, tls), context, loop.vertx());
    }

    /// Whichever member answers.
    EtcdClient any() {
        return any;
    }

    EtcdClient at(Endpoint endpoint) {
        return byEndpoint.computeIfAbsent(endpoint, e -> open(connection.to(e)));
    }

    List<MemberAnswer> ask(List<Member> members) {
        Map<Endpoint, Knock> knocks = new LinkedHashMap<>();
        each(connection.endpoints(), this::knock).forEach(knock -> knocks.put(knock.endpoint(), knock));
        return each(
                members,
                member -> knocks.values().stream()
                        .flatMap(knock -> knock.status().stream())
                        .filter(status -> status.memberId() == member.id())
                        .findFirst()
                        .map(status -> (MemberAnswer) new MemberAnswer.Answered(member, status))
                        .orElseGet(() -> atAdvertised(member, knocks)));
    }

    /// What came of asking at one endpoint, whoever is there: one of the two.
    private record Knock(Endpoint endpoint, Optional<MemberStatus> status, Optional<Failure> failure) {}

    private Knock knock(Endpoint endpoint) {
        try {
            return new Knock(endpoint, Optional.of(status(endpoint)), Optional.empty());
        } catch (Failure silent) {
            return new Knock(endpoint, Optional.empty(), Optional.of(silent));
        }
    }

    /// @param known what was asked already: a frozen member is not waited for twice
    private MemberAnswer atAdvertised(Member member, Map<Endpoint, Knock> known) {
        Failure why = new Failure.Unreachable(
                Problem.in("asking " + member.display()).found("it has not started yet: it names no client URL"));
        for (String url : member.clientUrls()) {
            try {
                Endpoint endpoint = Endpoint.parse(url, connection.usesTls());
                Knock knock = Optional.ofNullable(known.get(endpoint)).orElseGet(() -> knock(endpoint));
                if (knock.status().filter(s -> s.memberId() == member.id()).isPresent()) {
                    return new MemberAnswer.Answered(member, knock.status().get());
                }
                why = knock.failure()
                        .orElseGet(() -> new Failure.Unreachable(Problem.in("asking " + member.display())
                                .found("another member answers at " + url)
                                .hint("name this member's own endpoint in --endpoints")));
            } catch (Failure unusable) {
                why = unusable;
            }
        }
        return new MemberAnswer.Silent(member, why);
    }

    MemberStatus status(Endpoint endpoint) {
        EtcdClient client = at(endpoint);
        String operation = "asking " + endpoint + " for its status";
        // The first answer has the handshake in it; only the second one says how far the member is.
        client.callMember(
                operation,
                () -> client.unary(MaintenanceGrpc::newBlockingStub).status(StatusRequest.getDefaultInstance()));
        long begin = System.nanoTime();
        StatusResponse said = client.callMember(
                operation,
                () -> client.unary(MaintenanceGrpc::newBlockingStub).status(StatusRequest.getDefaultInstance()));
        return status(endpoint, said, Duration.ofNanos(System.nanoTime() - begin));
    }

    private static MemberStatus status(Endpoint endpoint, StatusResponse said, Duration roundTrip) {
        UnknownFieldSet newer = said.getUnknownFields();
        List<Long> quota = newer.getField(FIELD_DB_QUOTA).getVarintList();
        var storage = newer.getField(FIELD_STORAGE_VERSION).getLengthDelimitedList();
        return new MemberStatus(
                said.getHeader().getMemberId(),
                endpoint,
                roundTrip,
                said.getVersion(),
                said.getDbSize(),
                said.getDbSizeInUse(),
                quota.isEmpty() ? OptionalLong.empty() : OptionalLong.of(quota.getFirst()),
                storage.isEmpty() ? "" : storage.getFirst().toStringUtf8(),
                said.getLeader(),
                said.getIsLearner(),
                said.getRaftTerm(),
                said.getRaftIndex(),
                said.getRaftAppliedIndex(),
                said.getHeader().getRevision(),
                said.getErrorsList());
    }

    Optional<ServerCertificate> certificate(Endpoint endpoint) {
        if (!endpoint.tls()) {
            return Optional.empty();
        }
        try {
            return new Probe(endpoint, connection.dialMax())
                    .tls(
                            tls.flatMap(ClientTls::identity),
                            connection.serverName().orElse(endpoint.host()))
                    .certificate();
        } catch (IOException unreachable) {
            return Optional.empty();
        }
    }

    Optional<Instant> clientCertificateEnds() {
        return tls.flatMap(ClientTls::identity)
                .map(own -> own.chain().getFirst().getNotAfter().toInstant());
    }

    List<HashAnswer> hashes(List<MemberAnswer> answers, Revision revision) {
        return each(answers, answer -> switch (answer) {
            case MemberAnswer.Answered(Member member, MemberStatus status) -> hash(member, status.endpoint(), revision);
            case MemberAnswer.Silent(Member member, Failure why) -> new HashAnswer.Unknown(member, why);
        });
    }

    private HashAnswer hash(Member member, Endpoint endpoint, Revision revision) {
        EtcdClient client = at(endpoint);
        HashKVRequest request =
                HashKVRequest.newBuilder().setRevision(revision.number()).build();
        try {
            HashKVResponse said = client.call(
                    "hashing " + member.display(),
                    () -> client.unary(MaintenanceGrpc::newBlockingStub, HASH_MAX)
                            .hashKV(request));
            return new HashAnswer.Hashed(member, said.getHash(), revision.number(), said.getCompactRevision());
        } catch (Failure failed) {
            return new HashAnswer.Unknown(member, failed);
        }
    }

    /// Applies `ask` to all of `items` at once: three dead members cost one time-out, not three.
    private static <T, R> List<R> each(List<T> items, Function<T, R> ask) {
        if (items.size() == 1) {
            return List.of(ask.apply(items.getFirst()));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<R>> asked = new ArrayList<>();
            for (T item : items) {
                asked.add(threads.submit(() -> ask.apply(item)));
            }
            List<R> answers = new ArrayList<>();
            for (Future<R> future : asked) {
                answers.add(future.get());
            }
            return answers;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException unexpected) {
                throw unexpected;
            }
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure.Interrupted(
                    io.etcdmedic.failure.ExitCode.INTERRUPTED,
                    Problem.in("asking the members").found("interrupted"));
        }
    }

    @Override
    public void close() {
        any.close();
        byEndpoint.values().forEach(EtcdClient::close);
    }
}

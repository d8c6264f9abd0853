package io.etcdmedic.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.StatusRequest;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import io.netty.handler.ssl.SslContext;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/// jetcd with what it leaves open closed: every call has a deadline, nothing waits for a dead port, errors are
/// ours.
final class EtcdClient implements AutoCloseable {
    /// A member answers for itself at once, or not at all.
    private static final Duration STATUS_MAX = Duration.ofSeconds(2);

    /// What one answer may take of our memory. A value has 1.5 MiB at most unless etcd's `--max-request-bytes` says
    /// more.
    private static final int INBOUND_BYTES_MAX = 32 << 20;

    private static final int RETRIES_MAX = 2;
    private static final long RETRY_DELAY_MS = 100;
    private static final Duration KEEPALIVE = Duration.ofSeconds(10);

    private final Connection connection;
    private final Diagnosis diagnosis;
    private final Function<Vertx, Line> dial;
    private final Line first;
    private volatile Line line;
    private Optional<Loop> own = Optional.empty();
    private boolean closed;

    /// jetcd with its one channel.
    private record Line(Client jetcd, Tap tap) {}

    private EtcdClient(Connection connection, Diagnosis diagnosis, Function<Vertx, Line> dial, Vertx loop) {
        this.connection = connection;
        this.diagnosis = diagnosis;
        this.dial = dial;
        this.first = dial.apply(loop);
        this.line = first;
    }

    /// Nothing is sent yet.
    ///
    /// @param diagnosis who is asked when the connection does not come about
    /// @param tls empty for plaintext
    static EtcdClient open(Connection connection, Diagnosis diagnosis, Optional<SslContext> tls, Vertx loop) {
        return new EtcdClient(connection, diagnosis, on -> dial(connection, tls, on), loop);
    }

    private static Line dial(Connection connection, Optional<SslContext> tls, Vertx loop) {
        Tap tap = new Tap(connection.commandMax());
        ClientBuilder builder = Client.builder();
        connection.serverName().ifPresent(builder::authority);
        builder.endpoints(connection.endpoints().stream().map(Endpoint::uri).toList())
                .vertx(loop)
                .interceptor(tap)
                .waitForReady(false)
                .connectTimeout(connection.dialMax())
                .keepaliveTime(KEEPALIVE)
                .keepaliveWithoutCalls(false)
                .maxInboundMessageSize(INBOUND_BYTES_MAX)
                .retryMaxAttempts(RETRIES_MAX)
                .retryDelay(RETRY_DELAY_MS);
        tls.ifPresent(builder::sslContext);
        connection
                .login()
                .ifPresent(login -> builder.user(sequence(login.user())).password(sequence(login.password())));
        return new Line(builder.build(), tap);
    }

    Connection connection() {
        return connection;
    }

    Client jetcd() {
        Line now = line;
        var _ = wired(now);
        return now.jetcd();
    }

    /// A stub for one call that jetcd lacks, on jetcd's own channel, without its retries; the time begins now.
    <S extends AbstractStub<S>> S unary(Function<Channel, S> make) {
        return unary(make, connection.commandMax());
    }

    <S extends AbstractStub<S>> S unary(Function<Channel, S> make, Duration max) {
        return streaming(make).withDeadlineAfter(max.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// The same without a deadline, for answers that have no natural end.
    <S extends AbstractStub<S>> S streaming(Function<Channel, S> make) {
        Tap.Wired wired = wired(line);
        S stub = make.apply(wired.channel());
        return wired.credentials().map(stub::withCallCredentials).orElse(stub);
    }

    private Tap.Wired wired(Line now) {
        if (now.tap().wired().isEmpty()) {
            CompletableFuture<Boolean> ended =
                    now.jetcd().getKVClient().get(sequence("/")).handle((_, _) -> true);
            await(ended);
        }
        return now.tap().wired().orElseThrow();
    }

    /// Asks jetcd; where there are several members and the one whose turn it is does not answer, asks the next.
    ///
    /// @param operation what is being done, for the failure
    <R> R answer(String operation, Supplier<CompletableFuture<R>> ask) {
        return read(operation, () -> await(ask.get()));
    }

    /// Makes a call of a blocking stub that changes nothing, and again where there is another member to ask, or
    /// where only our channel does not know yet that somebody is there again.
    <R> R read(String operation, Supplier<R> call) {
        Line used = line;
        try {
            return attempt(call);
        } catch (CallEnded e) {
            return isSilence(e) && connection.endpoints().size() > 1
                    ? readNext(operation, call, used)
                    : readAnew(operation, call, used, e);
        }
    }

    private <R> R readNext(String operation, Supplier<R> call, Line used) {
        try {
            return attempt(call);
        } catch (CallEnded e) {
            return readAnew(operation, call, used, e);
        }
    }

    private static boolean isSilence(CallEnded e) {
        Status.Code code = CallFailure.status(e.cause()).getCode();
        return code == Status.Code.DEADLINE_EXCEEDED || code == Status.Code.UNAVAILABLE;
    }

    /// A channel that found nobody tries again later and later, in the end every two minutes, and says meanwhile
    /// what it found: once somebody is there, another one is opened.
    ///
    /// Source: grpc/doc/connection-backoff.md.
    private <R> R readAnew(String operation, Supplier<R> call, Line used, CallEnded e) {
        boolean unavailable = CallFailure.status(e.cause()).getCode() == Status.Code.UNAVAILABLE;
        if (!unavailable || !CallFailure.isVague(e.cause())) {
            throw failure(operation, e.cause());
        }
        Diagnosis.Look look = diagnosis.look(operation);
        if (look.anybodyThere()) {
            renew(used);
            return call(operation, call);
        }
        throw look.trouble()
                .map(found -> found.because(e.cause()))
                .orElseGet(() -> CallFailure.of(operation, connection, e.cause()));
    }

    /// jetcd closes the loop with the line: the first one's is others' too, and is left to the end.
    private synchronized void renew(Line used) {
        if (line == used && !closed) {
            Loop fresh = new Loop();
            line = dial.apply(fresh.vertx());
            if (used != first) {
                used.jetcd().close();
            }
            own.ifPresent(Loop::close);
            own = Optional.of(fresh);
        }
    }

    /// Makes a call of a blocking stub, once.
    <R> R call(String operation, Supplier<R> call) {
        try {
            return attempt(call);
        } catch (CallEnded e) {
            throw failure(operation, e.cause());
        }
    }

    /// Makes a call that a member answers by itself, leader or not: its silence says nothing about the cluster.
    <R> R callMember(String operation, Supplier<R> call) {
        try {
            return attempt(call);
        } catch (CallEnded e) {
            throw explained(operation, e.cause());
        }
    }

    private static <R> R attempt(Supplier<R> call) {
        try {
            return call.get();
        } catch (StatusRuntimeException e) {
            throw new CallEnded(e);
        }
    }

    /// The failure that a call ended with; where gRPC does not say why, the connection is looked at.
    Failure failure(String operation, Throwable thrown) {
        if (CallFailure.status(thrown).getCode() == Status.Code.DEADLINE_EXCEEDED && isLeaderless()) {
            String said = "no answer within " + connection.commandMax().toMillis() + " ms";
            return CallFailure.noLeader(operation, said).because(thrown);
        }
        return explained(operation, thrown);
    }

    private Failure explained(String operation, Throwable thrown) {
        return CallFailure.isVague(thrown)
                ? diagnosis
                        .explain(operation)
                        .map(found -> found.because(thrown))
                        .orElseGet(() -> CallFailure.of(operation, connection, thrown))
                : CallFailure.of(operation, connection, thrown);
    }

    /// Whether a member that can be reached says that it knows no leader: it holds requests back longer than we
    /// wait.
    private boolean isLeaderless() {
        try {
            return line.tap().wired().isPresent()
                    && unary(MaintenanceGrpc::newBlockingStub, STATUS_MAX)
                                    .status(StatusRequest.getDefaultInstance())
                                    .getLeader()
                            == 0;
        } catch (StatusRuntimeException unreachable) {
            return false;
        }
    }

    private <R> R await(CompletableFuture<R> future) {
        Duration patience =
                connection.commandMax().multipliedBy(RETRIES_MAX + 1).plusSeconds(1);
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new CallEnded(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new CallEnded(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure.Interrupted(
                    ExitCode.INTERRUPTED, Problem.in("waiting for etcd").found("interrupted"));
        }
    }

    /// Carries what a future ended with to [#call].
    private static final class CallEnded extends RuntimeException {
        CallEnded(Throwable cause) {
            super(cause);
        }

        Throwable cause() {
            Throwable cause = getCause();
            return cause == null ? this : cause;
        }
    }

    static ByteSequence sequence(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void close() {
        closed = true;
        line.jetcd().close();
        own.ifPresent(Loop::close);
        first.jetcd().close();
    }
}

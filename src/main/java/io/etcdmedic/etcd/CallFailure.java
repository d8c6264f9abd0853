package io.etcdmedic.etcd;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.grpc.Status;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/// What a call to etcd ended with, in the operator's words.
///
/// Source of etcd's texts: api/v3rpc/rpctypes/error.go.
final class CallFailure {
    private CallFailure() {}

    /// A read, or a change that may be repeated without harm: nothing is lost.
    static Failure of(String operation, Connection connection, Throwable thrown) {
        if (thrown instanceof Failure failure) {
            return failure;
        }
        Status status = status(thrown);
        String said = said(status);
        Problem problem = Problem.in(operation).found(said);
        Failure failure = switch (status.getCode()) {
            case OUT_OF_RANGE ->
                said.contains("compacted")
                        ? new Failure.Compacted(problem.found("the revision has been compacted away (" + said + ")")
                                .hint("read at a newer revision"))
                        : new Failure.Refused(problem.found("the revision does not exist yet (" + said + ")"));
            case PERMISSION_DENIED -> permission(problem, connection);
            case UNAUTHENTICATED -> login(problem, connection);
            case INVALID_ARGUMENT, FAILED_PRECONDITION ->
                saidByAuth(said) ? login(problem, connection) : new Failure.Refused(problem);
            case DEADLINE_EXCEEDED -> timedOut(operation, connection);
            case UNIMPLEMENTED ->
                new Failure.Unreachable(problem.expected("an etcd of version 3.4 or newer")
                        .hint("kine, k3s's stand-in for etcd, does not have this"));
            case UNAVAILABLE -> unavailable(operation, connection, status);
            // A stream says so in words only.
            case UNKNOWN ->
                said.contains("permission denied") ? permission(problem, connection) : new Failure.Unreachable(problem);
            case OK, CANCELLED, NOT_FOUND, ALREADY_EXISTS, RESOURCE_EXHAUSTED, ABORTED, INTERNAL, DATA_LOSS ->
                new Failure.Unreachable(problem);
        };
        return failure.because(thrown);
    }

    /// A transaction: unless it was certainly not sent, or certainly refused, nobody knows.
    static Failure ofCommit(String operation, Connection connection, Throwable thrown) {
        Status status = status(thrown);
        String said = said(status);
        Failure failure = switch (status.getCode()) {
            case PERMISSION_DENIED, UNAUTHENTICATED -> of(operation, connection, thrown);
            // Source: etcd server/etcdserver/api/v3rpc/key.go checks a request before it is proposed.
            case INVALID_ARGUMENT -> of(operation, connection, thrown);
            case UNAVAILABLE -> neverConnected(thrown) ? of(operation, connection, thrown) : unsettled(operation, said);
            case OK,
                    CANCELLED,
                    UNKNOWN,
                    DEADLINE_EXCEEDED,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    RESOURCE_EXHAUSTED,
                    FAILED_PRECONDITION,
                    ABORTED,
                    OUT_OF_RANGE,
                    UNIMPLEMENTED,
                    INTERNAL,
                    DATA_LOSS -> unsettled(operation, said);
        };
        if (failure.getCause() == null) {
            failure.because(thrown);
        }
        return failure;
    }

    private static Failure unsettled(String operation, String said) {
        return new Failure.Unsettled(Problem.in(operation)
                .found("the answer is lost (" + said + "): the change may or may not have been applied")
                .hint("medic journal resume settles it"));
    }

    private static Failure permission(Problem problem, Connection connection) {
        return new Failure.Locked(problem.found("etcd's authentication denies it to "
                        + connection.login().map(l -> "the user " + l.user()).orElse("this client certificate's user"))
                .hint("name a user with a role for these keys: --user NAME"));
    }

    private static Failure login(Problem problem, Connection connection) {
        if (problem.found().contains("authentication is not enabled")) {
            return new Failure.Locked(problem.found("etcd's authentication is off, and no user can log in")
                    .hint("leave --user away: the client certificate alone is enough"));
        }
        return new Failure.Locked(connection
                .login()
                .map(l -> problem.found(
                        "etcd does not accept the password of the user " + l.user() + " (" + problem.found() + ")"))
                .orElse(problem.found("etcd wants a user (" + problem.found() + ")"))
                .hint("--user NAME with --password-file FILE"));
    }

    private static boolean saidByAuth(String said) {
        return said.contains("authentication")
                || said.contains("user name is empty")
                || said.contains("invalid auth")
                || said.contains("revision of auth store is old");
    }

    private static Failure timedOut(String operation, Connection connection) {
        return new Failure.Unreachable(Problem.in(operation)
                .found("no answer from " + connection.names() + " within "
                        + connection.commandMax().toMillis() + " ms")
                .hint("the member may be cut off from its quorum or overloaded: medic status asks each member;"
                        + " --command-timeout waits longer"));
    }

    private static Failure unavailable(String operation, Connection connection, Status status) {
        String said = said(status);
        String lower = said.toLowerCase(Locale.ROOT);
        Problem problem = Problem.in(operation);
        if (lower.contains("no leader") || lower.contains("request timed out") || lower.contains("leader changed")) {
            return noLeader(operation, said);
        }
        return new Failure.Unreachable(problem.found(connection.names() + ": " + said));
    }

    static Failure noLeader(String operation, String said) {
        return new Failure.Unreachable(Problem.in(operation)
                .found("the cluster has no leader, so nobody can answer (" + said + ")")
                .hint("medic status shows which members are up; more than half of them must be"));
    }

    /// Whether only a look at the connection can tell what is wrong.
    static boolean isVague(Throwable thrown) {
        Status status = status(thrown);
        // gRPC names the other end once it is connected: then it is etcd that is late.
        boolean late = status.getCode() == Status.Code.DEADLINE_EXCEEDED
                && !String.valueOf(status.getDescription()).contains("remote_addr");
        boolean unclear = late
                || status.getCode() == Status.Code.UNAVAILABLE
                || status.getCode() == Status.Code.INTERNAL
                || status.getCode() == Status.Code.UNKNOWN;
        return unclear && !said(status).startsWith("etcdserver");
    }

    /// Whether an answer did not fit into one message, see [EtcdClient]. Source: grpc-java, MessageDeframer.
    static boolean isTooLarge(Failure failure) {
        Throwable cause = failure.getCause();
        Status status = cause == null ? Status.OK : status(cause);
        return status.getCode() == Status.Code.RESOURCE_EXHAUSTED
                && String.valueOf(status.getDescription()).contains("exceeds maximum size");
    }

    /// Whether a TLS handshake failed, and another offer might do better. One that hangs is not tried again.
    static boolean isHandshakeFailure(Throwable thrown) {
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            if (at instanceof SSLException) {
                return !(at instanceof SslHandshakeTimeoutException);
            }
        }
        return false;
    }

    private static boolean neverConnected(Throwable thrown) {
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            if (at instanceof java.net.ConnectException || at instanceof SSLException) {
                return true;
            }
        }
        return false;
    }

    static Status status(Throwable thrown) {
        if (thrown instanceof TimeoutException) {
            return Status.DEADLINE_EXCEEDED;
        }
        Status status = Status.fromThrowable(thrown);
        // The deadline travels with the call, and a member may notice first that it has passed.
        boolean late = status.getCode() == Status.Code.UNKNOWN
                && String.valueOf(status.getDescription()).contains("context deadline exceeded");
        return late ? Status.DEADLINE_EXCEEDED.withDescription(status.getDescription()) : status;
    }

    /// etcd's own words, or those of the deepest cause: gRPC's "io exception" says nothing.
    private static String said(Status status) {
        Throwable deepest = status.getCause();
        while (deepest != null && deepest.getCause() != null && deepest.getCause() != deepest) {
            deepest = deepest.getCause();
        }
        String cause =
                deepest == null ? "" : Optional.ofNullable(deepest.getMessage()).orElse(deepest.toString());
        String description = Optional.ofNullable(status.getDescription()).orElse("");
        String words = cause.isEmpty() ? description : cause;
        return (words.isEmpty() ? status.getCode().toString() : words)
                .lines()
                .findFirst()
                .orElse("");
    }
}

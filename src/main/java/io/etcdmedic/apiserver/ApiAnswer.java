package io.etcdmedic.apiserver;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;

/// What the server answered.
///
/// @param status HTTP's
record ApiAnswer(int status, Bytes body) {
    static final int NOT_FOUND = 404;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int CONFLICT = 409;
    static final int UNPROCESSABLE = 422;
    private static final int TOO_MANY = 429;
    private static final int INTERNAL = 500;
    private static final int GATEWAY_TIMEOUT = 504;

    boolean isOk() {
        return status >= 200 && status < 300;
    }

    /// Whether the server does not know who asks, or does not let them.
    boolean isRefusal() {
        return status == UNAUTHORIZED || status == FORBIDDEN;
    }

    /// The reason in the server's Status, as in `AlreadyExists`; empty when it answered something else.
    String reason() {
        return isOk() ? "" : statusField("reason");
    }

    /// What a refusal means; the server's own message in `found`.
    Failure failure(Problem doing) {
        String said = statusField("message");
        Problem problem = doing.found("the server says " + status + (said.isEmpty() ? "" : ": " + said));
        return switch (status) {
            case UNAUTHORIZED -> new Failure.Locked(problem.hint("the kubeconfig's user is not known to this server"));
            case FORBIDDEN -> new Failure.Locked(problem.hint("the kubeconfig's user lacks the permission"));
            case NOT_FOUND -> new Failure.Absent(problem);
            case CONFLICT -> new Failure.Stale(problem);
            case TOO_MANY -> new Failure.Unreachable(problem.hint("the server is busy; try again"));
            case INTERNAL, GATEWAY_TIMEOUT -> new Failure.Unsettled(problem);
            case UNPROCESSABLE ->
                said.contains("the provided patch") || said.contains("testing")
                        ? new Failure.Stale(problem)
                        : new Failure.Refused(problem);
            default -> status > INTERNAL ? new Failure.Unreachable(problem) : new Failure.Refused(problem);
        };
    }

    private String statusField(String field) {
        try {
            Document read = Json.read(body);
            return read.text(field).orElse("");
        } catch (Failure.Corrupt notJson) {
            return "";
        }
    }
}

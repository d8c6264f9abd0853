package io.etcdmedic.failure;

/// Everything that can go wrong other than a bug of ours: a closed set, reported in one place.
///
/// The class decides the exit code, the [Problem] what the operator reads. The cause is kept for `--debug`.
public abstract sealed class Failure extends RuntimeException {
    private final transient Problem problem;
    private final ExitCode exitCode;

    private Failure(ExitCode exitCode, Problem problem) {
        super(problem.message());
        this.problem = problem;
        this.exitCode = exitCode;
    }

    /// The same failure with its cause kept.
    public Failure because(Throwable cause) {
        initCause(cause);
        return this;
    }

    public Problem problem() {
        return problem;
    }

    public ExitCode exitCode() {
        return exitCode;
    }

    /// What was asked for is not there (exit 1).
    public static final class Absent extends Failure {
        public Absent(Problem problem) {
            super(ExitCode.FINDINGS, problem);
        }
    }

    /// The command was not understood (exit 2).
    public static final class Usage extends Failure {
        public Usage(Problem problem) {
            super(ExitCode.REFUSED, problem);
        }
    }

    /// A guard refused: nothing was done (exit 2).
    public static final class Refused extends Failure {
        public Refused(Problem problem) {
            super(ExitCode.REFUSED, problem);
        }
    }

    /// The network, the server, a file or a tool could not be used: nothing was done (exit 3).
    public static final class Unreachable extends Failure {
        public Unreachable(Problem problem) {
            super(ExitCode.UNREACHABLE, problem);
        }
    }

    /// A revision that was asked for has been compacted away (exit 4).
    public static final class Compacted extends Failure {
        public Compacted(Problem problem) {
            super(ExitCode.STALE, problem);
        }
    }

    /// The world moved since the plan was made: nothing was done (exit 4).
    public static final class Stale extends Failure {
        public Stale(Problem problem) {
            super(ExitCode.STALE, problem);
        }
    }

    /// Bytes that break the rules of their format (exit 5).
    public static final class Corrupt extends Failure {
        public Corrupt(Problem problem) {
            super(ExitCode.CORRUPT, problem);
        }
    }

    /// Encrypted without the key, or no permission (exit 6).
    public static final class Locked extends Failure {
        public Locked(Problem problem) {
            super(ExitCode.LOCKED, problem);
        }
    }

    /// Applied, but what should have followed did not (exit 7).
    public static final class NotVerified extends Failure {
        public NotVerified(Problem problem) {
            super(ExitCode.NOT_VERIFIED, problem);
        }
    }

    /// Sent, and the answer is lost (exit 8).
    public static final class Unsettled extends Failure {
        public Unsettled(Problem problem) {
            super(ExitCode.UNSETTLED, problem);
        }
    }

    /// Stopped by the operator (exit 130, 143 or 129).
    public static final class Interrupted extends Failure {
        public Interrupted(ExitCode signal, Problem problem) {
            super(signal, problem);
        }
    }
}

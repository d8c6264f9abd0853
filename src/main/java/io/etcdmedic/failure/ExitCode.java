package io.etcdmedic.failure;

/// The exit codes of `medic`, one meaning each. They are part of the contract with scripts.
public enum ExitCode {
    OK(0),
    /// Findings, a difference, or nothing found.
    FINDINGS(1),
    /// Wrong usage, or a guard that refused.
    REFUSED(2),
    /// The environment or the network: nothing was done.
    UNREACHABLE(3),
    /// The world moved since the plan was made: nothing was done.
    STALE(4),
    CORRUPT(5),
    /// Encrypted without the key, or no permission.
    LOCKED(6),
    /// Applied, but not verified or not recreated.
    NOT_VERIFIED(7),
    /// It is not known whether it was applied; `journal resume` settles it.
    UNSETTLED(8),
    /// A bug of ours.
    BUG(70),
    HANGUP(129),
    INTERRUPTED(130),
    TERMINATED(143);

    private final int status;

    ExitCode(int status) {
        this.status = status;
    }

    public int status() {
        return status;
    }
}

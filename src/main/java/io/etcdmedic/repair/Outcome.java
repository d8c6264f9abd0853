package io.etcdmedic.repair;

import io.etcdmedic.failure.ExitCode;
import java.util.List;
import java.util.Optional;

/// What became of a plan.
///
/// @param entry the journal entry's id
/// @param revision the highest revision at which a step was applied; 0: none was
/// @param archive where what the plan touched is kept; empty for a dry run
/// @param message what the operator must know where it is not simply "applied"
/// @param pending what can only be known minutes later, and is not yet
/// @param thenDo what remains for the operator
public record Outcome(
        String entry,
        Result result,
        long revision,
        int stepsApplied,
        int stepsSkipped,
        Optional<Vault.Kept> archive,
        String message,
        List<String> pending,
        List<String> thenDo) {
    public Outcome {
        pending = List.copyOf(pending);
        thenDo = List.copyOf(thenDo);
    }

    /// The same, with nothing pending any more.
    public Outcome settled() {
        return new Outcome(entry, result, revision, stepsApplied, stepsSkipped, archive, message, List.of(), thenDo);
    }

    /// The same, with what was pending not having come.
    public Outcome notSettled(String trouble) {
        return new Outcome(
                entry, Result.NOT_VERIFIED, revision, stepsApplied, stepsSkipped, archive, trouble, pending, thenDo);
    }

    public enum Result {
        APPLIED(ExitCode.OK),
        /// Every step would have gone through; nothing was changed.
        DRY_RUN(ExitCode.OK),
        NOTHING_TO_DO(ExitCode.OK),
        ALREADY_APPLIED(ExitCode.OK),
        NOT_APPLIED(ExitCode.UNREACHABLE),
        STALE(ExitCode.STALE),
        /// A precondition of a step does not hold; nothing was done.
        REFUSED(ExitCode.REFUSED),
        /// Some steps were applied, and then the world moved or a step failed.
        PARTLY(ExitCode.NOT_VERIFIED),
        /// Applied, and what should have followed has not.
        NOT_VERIFIED(ExitCode.NOT_VERIFIED),
        /// Applied and verified, and the operator must do something before it is whole.
        INCOMPLETE(ExitCode.NOT_VERIFIED),
        UNSETTLED(ExitCode.UNSETTLED),
        /// The evidence contradicts itself; a person decides.
        MANUAL(ExitCode.UNSETTLED);

        private final ExitCode exitCode;

        Result(ExitCode exitCode) {
            this.exitCode = exitCode;
        }

        public ExitCode exitCode() {
            return exitCode;
        }
    }
}

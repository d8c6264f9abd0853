package io.etcdmedic.repair.plan;

import java.time.Duration;

/// What to wait for after a step, and how long.
///
/// @param what in words: "an apiserver makes the ServiceCIDR anew"
/// @param until it is over when this holds
/// @param wrong it is over too, as a failure, when this holds ([Check.Never]: nothing is known to be wrong)
/// @param deadline after it, `late` says what becomes of the plan
public record Wait(String what, Check until, Check wrong, Duration deadline, Late late) {

    public enum Late {
        /// The plan stops: applied, not verified (exit 7).
        STOP,
        /// The next step is tried: it has a `when` of its own for this case.
        GO_ON
    }

    public static Wait until(String what, Check until, Duration deadline) {
        return new Wait(what, until, new Check.Never(), deadline, Late.STOP);
    }
}

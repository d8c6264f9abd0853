package io.etcdmedic.repair.plan;

import java.time.Duration;

/// What must hold before something is sent, and the sentence that the operator reads when it does not.
///
/// @param patience how long it is waited for; zero: it holds now, or not at all
public record Precondition(Check check, String otherwise, Duration patience) {
    public Precondition(Check check, String otherwise) {
        this(check, otherwise, Duration.ZERO);
    }
}

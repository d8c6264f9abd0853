package io.etcdmedic.repair;

/// Where a test may stop the engine dead, as kill -9 would; nothing else is known about tests here.
public interface Faults {
    Faults NONE = _ -> {};

    void at(Point point);

    /// Every place after which something durable or sent has changed.
    enum Point {
        BEGUN,
        ARCHIVED,
        INTENT_WRITTEN,
        FENCE_PUT,
        FENCE_WRITTEN,
        SENT,
        SETTLEMENT_WRITTEN,
        FENCE_CLEARED,
        STEP_WAITED,
        STEP_DONE,
        VERIFIED,
        ENDED,
        RESUME_CANCELLED
    }
}

package io.etcdmedic.repair;

import io.etcdmedic.repair.journal.Verdict;

/// What became of a step that was sent, or that was not.
///
/// @param revision at which it was applied; 0 when it was not, or the place has no revisions
/// @param why in words, where the verdict is not "applied"
/// @param uid of an object that was made through the API; else empty
record Settlement(Verdict verdict, long revision, String why, String uid) {
    static Settlement applied(long revision) {
        return new Settlement(Verdict.APPLIED, revision, "", "");
    }

    static Settlement of(Verdict verdict, String why) {
        return new Settlement(verdict, 0, why, "");
    }

    boolean isApplied() {
        return verdict == Verdict.APPLIED;
    }
}

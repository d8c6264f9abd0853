package io.etcdmedic.keyspace;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.util.Set;

/// Leave to write, granted for one confirmed plan: every method that changes anything asks for one.
///
/// Only the package `repair` calls the constructor; a test of the house holds that. It covers the keys of its
/// plan and nothing else.
///
/// @param planId the plan that the operator saw
/// @param keys what may be written under it; whoever commits must call [#check]
public record WritePermit(String planId, Set<Key> keys) {
    public WritePermit {
        keys = Set.copyOf(keys);
    }

    /// @throws Failure.Refused when `transaction` writes a key that the plan does not name
    public void check(Transaction transaction) {
        for (Write write : transaction.writes()) {
            if (!keys.contains(write.key())) {
                throw new Failure.Refused(Problem.in("writing " + write.key().display())
                        .found("a key that plan " + planId + " does not name")
                        .expected("one of its " + keys.size() + " keys"));
            }
        }
    }
}

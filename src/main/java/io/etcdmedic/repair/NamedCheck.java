package io.etcdmedic.repair;

import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Revision;
import java.util.Map;
import java.util.Optional;

/// A check that code answers; a runbook registers it under the name that its plans use.
public interface NamedCheck {

    /// @param at the revision to read `keyspace` at
    /// @return empty when it holds, else what was found instead, in words
    Optional<String> trouble(Keyspace keyspace, Revision at, Map<String, String> arguments);
}

package io.etcdmedic.repair;

import java.util.List;
import java.util.Optional;

/// What the engine wants to know of a cluster before it writes.
///
/// @param clusterId hexadecimal
/// @param memberIds hexadecimal, sorted, all members, reachable or not
/// @param quorum a linearizable read was answered
/// @param silent the members that did not answer, as the operator would name them
/// @param alarms what is raised, as etcd names it: "NOSPACE", "CORRUPT"
/// @param hashes the comparison of the members' hashes at one common revision
/// @param kine it is kine on SQL and not an etcd: it has only four shapes of transactions, none with a fence
public record Health(
        String clusterId,
        List<String> memberIds,
        String etcdVersion,
        boolean quorum,
        List<String> silent,
        List<String> alarms,
        Hashes hashes,
        boolean kine) {
    public Health {
        memberIds = List.copyOf(memberIds);
        silent = List.copyOf(silent);
        alarms = List.copyOf(alarms);
    }

    /// Equal is only what was compared: "cannot compare" is not "equal".
    public sealed interface Hashes {
        record Equal(int members) implements Hashes {}

        /// @param detail which member says what
        record Different(String detail) implements Hashes {}

        record Unknown(String why) implements Hashes {}
    }

    Optional<String> alarm(String name) {
        return alarms.stream().filter(a -> a.contains(name)).findFirst();
    }
}

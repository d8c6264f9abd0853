package io.etcdmedic.etcd;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What one member says of itself.
///
/// @param endpoint where it was asked
/// @param roundTrip how long the answer took on an open connection
/// @param revision the newest it has applied
/// @param dbQuotaBytes only etcd 3.6 says it
/// @param storageVersion only etcd 3.6 says it; empty otherwise
/// @param errors what it complains about, alarms among it
public record MemberStatus(
        long memberId,
        Endpoint endpoint,
        Duration roundTrip,
        String version,
        long dbBytes,
        long dbInUseBytes,
        OptionalLong dbQuotaBytes,
        String storageVersion,
        long leaderId,
        boolean learner,
        long raftTerm,
        long raftIndex,
        long raftAppliedIndex,
        long revision,
        List<String> errors) {
    private static final Pattern ALARM = Pattern.compile("alarm:\\s*([A-Z]+)");

    public MemberStatus {
        errors = List.copyOf(errors);
    }

    /// The kinds of the alarms that this member knows of, without asking the quorum.
    ///
    /// Source: etcd fills `errors` with alarms in protobuf's text form: `memberID:123 alarm:NOSPACE`.
    public List<String> alarms() {
        return errors.stream()
                .map(ALARM::matcher)
                .filter(Matcher::find)
                .map(m -> m.group(1))
                .toList();
    }

    public boolean isLeader() {
        return leaderId == memberId;
    }
}

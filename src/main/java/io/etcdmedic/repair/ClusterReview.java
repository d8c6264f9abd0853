package io.etcdmedic.repair;

import io.etcdmedic.etcd.Alarm;
import io.etcdmedic.etcd.HashAnswer;
import io.etcdmedic.etcd.MemberAnswer;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Revision;
import java.util.List;
import java.util.Optional;

/// All members of a cluster, asked at about the same time.
///
/// @param newest the newest revision, when a quorum answers
/// @param noQuorum why it does not
/// @param hashes of those who vote, at `newest`; empty without a quorum
/// @param verdict what comparing them says
public record ClusterReview(
        List<MemberAnswer> members,
        Optional<Revision> newest,
        Optional<Failure> noQuorum,
        List<Alarm> alarms,
        List<HashAnswer> hashes,
        Health.Hashes verdict) {
    public ClusterReview {
        members = List.copyOf(members);
        alarms = List.copyOf(alarms);
        hashes = List.copyOf(hashes);
    }

    public List<MemberAnswer.Silent> silent() {
        return members.stream()
                .filter(MemberAnswer.Silent.class::isInstance)
                .map(MemberAnswer.Silent.class::cast)
                .toList();
    }

    public List<MemberAnswer.Answered> answered() {
        return members.stream()
                .filter(MemberAnswer.Answered.class::isInstance)
                .map(MemberAnswer.Answered.class::cast)
                .toList();
    }

    /// How many log entries each member that answered has yet to apply; the furthest one is the measure.
    public long lag(MemberAnswer.Answered answered) {
        long furthest =
                answered().stream().mapToLong(a -> a.status().raftIndex()).max().orElse(0);
        return furthest - answered.status().raftAppliedIndex();
    }

    public Optional<HashAnswer> hashOf(long memberId) {
        return hashes.stream().filter(h -> h.member().id() == memberId).findFirst();
    }

    /// Nothing raised, nobody silent, all the same.
    public boolean isWell() {
        return newest.isPresent() && alarms.isEmpty() && silent().isEmpty() && verdict instanceof Health.Hashes.Equal;
    }
}

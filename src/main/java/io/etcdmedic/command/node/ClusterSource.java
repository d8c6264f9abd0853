package io.etcdmedic.command.node;

import io.etcdmedic.command.Session;
import io.etcdmedic.etcd.MemberAnswer;
import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.cluster.ClusterReader;
import io.etcdmedic.node.cluster.Member;
import io.etcdmedic.snapshot.SnapshotKeyspace;
import java.util.List;
import java.util.Optional;

/// The etcd that a node command was told to look at; a node can be judged without one.
final class ClusterSource {
    private ClusterSource() {}

    static boolean isNamed(Session session) {
        return session.options().snapshot().isPresent()
                || !session.options().etcd().endpoints().isEmpty()
                || session.options().etcd().profile().isPresent()
                || session.environment().containsKey("ETCDCTL_ENDPOINTS");
    }

    /// @return empty when no source was named
    static Optional<ClusterFacts> of(Session session) {
        if (!isNamed(session)) {
            return Optional.empty();
        }
        return Optional.of(ClusterReader.read(
                session.keyspace(),
                session.codec()::document,
                session.registry().prefix(),
                session.isLive()
                        ? session.cluster().ask().stream()
                                .map(ClusterSource::member)
                                .toList()
                        : session.file().map(ClusterSource::members).orElse(List.of())));
    }

    private static Member member(MemberAnswer answer) {
        return new Member(
                answer.member().name(),
                answer.member().peerUrls(),
                answer.member().clientUrls(),
                answer.member().learner(),
                answer instanceof MemberAnswer.Answered answered
                        ? answered.status().version()
                        : "");
    }

    private static List<Member> members(SnapshotKeyspace file) {
        return file.facts().members().stream()
                .map(m -> new Member(m.name(), m.peerUrls(), m.clientUrls(), m.learner(), ""))
                .toList();
    }
}

package io.etcdmedic.command.node;

import io.etcdmedic.command.Session;
import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.cluster.ClusterReader;
import io.etcdmedic.node.cluster.Member;
import io.etcdmedic.runbook.StoredDecoder;
import io.etcdmedic.snapshot.SnapshotKeyspace;
import java.util.List;
import java.util.Optional;

/// The etcd that a node command was told to look at; a node can be judged without one.
final class ClusterSource {
    private ClusterSource() {}

    /// @return empty when no source was named
    static Optional<ClusterFacts> of(Session session) {
        if (session.options().snapshot().isEmpty()) {
            return Optional.empty();
        }
        StoredDecoder decoder = new StoredDecoder();
        return Optional.of(ClusterReader.read(
                session.keyspace(),
                decoder::decode,
                session.registry().prefix(),
                session.file().map(ClusterSource::members).orElse(List.of())));
    }

    private static List<Member> members(SnapshotKeyspace file) {
        return file.facts().members().stream()
                .map(m -> new Member(m.name(), m.peerUrls(), m.clientUrls(), m.learner(), ""))
                .toList();
    }
}

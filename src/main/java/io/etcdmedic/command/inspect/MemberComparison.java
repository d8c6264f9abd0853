package io.etcdmedic.command.inspect;

import io.etcdmedic.command.Session;
import io.etcdmedic.etcd.EtcdCluster;
import io.etcdmedic.etcd.HashAnswer;
import io.etcdmedic.etcd.MemberAnswer;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The members of one cluster against each other, at one revision: which keys differ, where their hashes only say that
/// something does.
final class MemberComparison {
    private final Session session;
    private final EtcdCluster cluster;
    private final List<KeyRange> ranges;
    private final List<String> silent = new ArrayList<>();
    private final List<MemberAnswer.Answered> answered = new ArrayList<>();

    MemberComparison(Session session, List<KeyRange> ranges) {
        this.session = session;
        this.cluster = session.cluster();
        this.ranges = ranges;
        for (MemberAnswer answer : cluster.ask()) {
            switch (answer) {
                case MemberAnswer.Answered there -> answered.add(there);
                case MemberAnswer.Silent(var member, Failure why) ->
                    silent.add("medic: " + member.display() + " was not compared: "
                            + why.problem().message());
            }
        }
    }

    /// @param view how each comparison is shown
    Report report(Function<Comparison, Content> view) {
        if (answered.size() < 2) {
            throw new Failure.Refused(Problem.in("comparing the members of " + cluster.source())
                    .found(answered.size() + " of them answered")
                    .expected("at least two")
                    .hint(String.join("; ", silent)));
        }
        Revision revision = Revision.of(
                answered.stream().mapToLong(a -> a.status().revision()).min().orElseThrow());
        List<List<MemberAnswer.Answered>> groups = groups(revision);
        List<Content.Part> parts = new ArrayList<>();
        MemberAnswer.Answered reference = groups.getFirst().getFirst();
        for (List<MemberAnswer.Answered> other : groups.subList(1, groups.size())) {
            Comparison comparison = comparison(reference, other.getFirst(), revision);
            if (comparison.differs()) {
                String title = names(groups.getFirst()) + " -> " + names(other) + ", at revision " + revision;
                parts.add(new Content.Part(title, other.getFirst().member().hex(), view.apply(comparison)));
            }
        }
        Report report = parts.isEmpty()
                ? Report.of(new Content.Prose(""))
                        .saying("medic: the members agree at revision " + revision + ": " + names(answered))
                : Report.of(new Content.Parts(parts)).exit(ExitCode.FINDINGS);
        for (String line : silent) {
            report = report.saying(line);
        }
        return report;
    }

    /// Members with equal hashes, the most numerous first; one whose hash is not known stands alone.
    private List<List<MemberAnswer.Answered>> groups(Revision revision) {
        List<HashAnswer> hashes = cluster.hashes(List.copyOf(answered), revision);
        Map<String, List<MemberAnswer.Answered>> byHash = new LinkedHashMap<>();
        for (int i = 0; i < answered.size(); i++) {
            String hash = switch (hashes.get(i)) {
                case HashAnswer.Hashed hashed -> hashed.hash() + " " + hashed.compactRevision();
                case HashAnswer.Unknown unknown -> "unknown " + unknown.member().hex();
            };
            byHash.computeIfAbsent(hash, _ -> new ArrayList<>()).add(answered.get(i));
        }
        return byHash.values().stream()
                .sorted((a, b) -> Integer.compare(b.size(), a.size()))
                .toList();
    }

    private Comparison comparison(MemberAnswer.Answered reference, MemberAnswer.Answered other, Revision revision) {
        Keyspace left = cluster.keyspaceOf(reference);
        Keyspace right = cluster.keyspaceOf(other);
        Scan scan = new Scan(Optional.of(revision), Scan.Content.VALUES);
        return new Comparison(
                () -> Differing.in(ranges, range -> left.scan(range, scan), range -> right.scan(range, scan)),
                Objects.shown(session),
                session.registry());
    }

    private static String names(List<MemberAnswer.Answered> members) {
        return String.join(", ", members.stream().map(m -> m.member().display()).toList());
    }
}

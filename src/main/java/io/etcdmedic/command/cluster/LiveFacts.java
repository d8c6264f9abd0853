package io.etcdmedic.command.cluster;

import io.etcdmedic.document.Document;
import io.etcdmedic.etcd.Alarm;
import io.etcdmedic.etcd.EtcdCluster;
import io.etcdmedic.etcd.HashAnswer;
import io.etcdmedic.etcd.Member;
import io.etcdmedic.etcd.MemberAnswer;
import io.etcdmedic.etcd.MemberStatus;
import io.etcdmedic.etcd.ServerCertificate;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import io.etcdmedic.repair.ClusterReview;
import io.etcdmedic.repair.Health;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A live cluster as tables.
final class LiveFacts {
    /// A certificate that ends sooner is worth a word: Kubernetes' own last a year.
    private static final Duration SOON = Duration.ofDays(30);

    private static final List<Column> MEMBERS = List.of(
            Column.of("ID", "id"),
            Column.of("NAME", "name"),
            Column.of("ENDPOINT", "endpoint"),
            Column.of("ROLE", "role"),
            Column.of("VERSION", "version"),
            Column.bytes("DB", "dbBytes"),
            Column.bytes("IN USE", "dbBytesInUse"),
            Column.bytes("QUOTA", "dbQuotaBytes"),
            Column.of("CERTIFICATE UNTIL", "certificateUntil"));
    private static final List<Column> PROGRESS = List.of(
            Column.of("ID", "id"),
            Column.of("TERM", "raftTerm"),
            Column.of("INDEX", "raftIndex"),
            Column.of("APPLIED", "raftAppliedIndex"),
            Column.of("LAG", "lag"),
            Column.of("REVISION", "revision"),
            Column.of("HASH", "hash"),
            Column.of("ROUND TRIP MS", "roundTripMillis"));
    private static final Document NONE = Document.Nil.NULL;

    private final EtcdCluster cluster;
    private final ClusterReview review;
    private final Instant now;

    LiveFacts(EtcdCluster cluster, ClusterReview review, Instant now) {
        this.cluster = cluster;
        this.review = review;
        this.now = now;
    }

    /// @param registryPrefix empty when there is no quorum to ask
    Report report(Optional<String> registryPrefix) {
        List<Optional<ServerCertificate>> certificates = review.members().stream()
                .map(answer -> answer instanceof MemberAnswer.Answered a
                        ? cluster.certificate(a.status().endpoint())
                        : Optional.<ServerCertificate>empty())
                .toList();
        List<List<Document>> rows = new ArrayList<>();
        for (int i = 0; i < review.members().size(); i++) {
            rows.add(row(review.members().get(i), certificates.get(i)));
        }
        Report report = Report.of(new Content.Parts(List.of(
                        new Content.Part("", "properties", Facts.properties(properties(registryPrefix))),
                        new Content.Part("Members", "members", new Content.Table(MEMBERS, rows)),
                        new Content.Part(
                                "Progress",
                                "progress",
                                new Content.Table(
                                        PROGRESS,
                                        review.answered().stream()
                                                .map(this::progress)
                                                .toList())))))
                .exit(review.isWell() ? ExitCode.OK : ExitCode.FINDINGS);
        for (String line : talk(certificates)) {
            report = report.saying("medic: " + line);
        }
        return report;
    }

    private List<List<Document>> properties(Optional<String> registryPrefix) {
        List<List<Document>> rows = new ArrayList<>();
        rows.add(Facts.row("source", cluster.source().toString()));
        rows.add(Facts.row("named by", cluster.connection().origin()));
        rows.add(Facts.row("cluster id", cluster.clusterId()));
        review.newest().ifPresent(newest -> {
            rows.add(Facts.row("revision", newest.number()));
            rows.add(Facts.row("oldest revision", cluster.keyspace().oldest().number()));
            rows.add(Facts.row("keys", cluster.keyspace().count(KeyRange.all(), Optional.of(newest))));
        });
        registryPrefix.ifPresent(prefix -> rows.add(Facts.row("registry prefix", prefix)));
        rows.add(Facts.row("quorum", review.newest().isPresent() ? "yes" : "no"));
        rows.add(Facts.row(
                "alarms",
                review.alarms().isEmpty()
                        ? "none"
                        : String.join(
                                ", ", review.alarms().stream().map(this::words).toList())));
        rows.add(Facts.row("hashes", words(review.verdict())));
        return rows;
    }

    private String words(Alarm alarm) {
        return alarm.kind() + " on " + alarm.memberHex();
    }

    private static String words(Health.Hashes verdict) {
        return switch (verdict) {
            case Health.Hashes.Equal(int members) -> members == 1 ? "one member" : "equal on " + members + " members";
            case Health.Hashes.Different(String detail) -> "different: " + detail;
            case Health.Hashes.Unknown(String why) -> "not compared: " + why;
        };
    }

    private List<Document> row(MemberAnswer answer, Optional<ServerCertificate> certificate) {
        return switch (answer) {
            case MemberAnswer.Silent(Member member, var _) ->
                List.of(
                        text(member.hex()),
                        text(member.name()),
                        text(String.join(",", member.clientUrls())),
                        text("silent"),
                        NONE,
                        NONE,
                        NONE,
                        NONE,
                        NONE);
            case MemberAnswer.Answered answered -> row(answered, certificate);
        };
    }

    private List<Document> row(MemberAnswer.Answered answered, Optional<ServerCertificate> certificate) {
        MemberStatus status = answered.status();
        return List.of(
                text(answered.member().hex()),
                text(answered.member().name()),
                text(status.endpoint().toString()),
                text(status.learner() ? "learner" : status.isLeader() ? "leader" : "follower"),
                text(status.version()),
                number(status.dbBytes()),
                number(status.dbInUseBytes()),
                status.dbQuotaBytes().isPresent() ? number(status.dbQuotaBytes().getAsLong()) : NONE,
                certificate.map(c -> text(c.notAfter().toString())).orElse(NONE));
    }

    private List<Document> progress(MemberAnswer.Answered answered) {
        MemberStatus status = answered.status();
        return List.of(
                text(answered.member().hex()),
                number(status.raftTerm()),
                number(status.raftIndex()),
                number(status.raftAppliedIndex()),
                number(review.lag(answered)),
                number(status.revision()),
                review.hashOf(status.memberId()).map(LiveFacts::hash).orElse(NONE),
                new Document.Decimal(
                        String.format(Locale.ROOT, "%.1f", status.roundTrip().toNanos() / 1e6)));
    }

    private static Document hash(HashAnswer answer) {
        return answer instanceof HashAnswer.Hashed hashed ? text(hashed.hex()) : NONE;
    }

    private List<String> talk(List<Optional<ServerCertificate>> certificates) {
        List<String> lines = new ArrayList<>();
        review.noQuorum().ifPresent(why -> lines.add(why.problem().message()));
        review.silent()
                .forEach(s -> lines.add(s.member().display() + " is silent: "
                        + s.why().problem().found()));
        review.alarms().stream()
                .filter(a -> a.kind().equals("NOSPACE"))
                .findFirst()
                .ifPresent(_ -> lines.add("NOSPACE: etcd takes no writes until space is made: medic fix nospace"));
        for (int i = 0; i < certificates.size(); i++) {
            String who =
                    "the certificate of " + review.members().get(i).member().display();
            certificates.get(i).map(ServerCertificate::notAfter).ifPresent(end -> soon(lines, who, end));
        }
        cluster.clientCertificateEnds().ifPresent(end -> soon(lines, "our client certificate", end));
        return lines;
    }

    private void soon(List<String> lines, String who, Instant end) {
        if (end.isBefore(now.plus(SOON))) {
            lines.add(who + " ends on " + end + ", in "
                    + Math.max(0, Duration.between(now, end).toDays()) + " days");
        }
    }

    private static Document text(String text) {
        return new Document.Text(text);
    }

    private static Document number(long number) {
        return new Document.Whole(number);
    }
}

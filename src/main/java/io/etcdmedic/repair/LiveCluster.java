package io.etcdmedic.repair;

import io.etcdmedic.etcd.Alarm;
import io.etcdmedic.etcd.Endpoint;
import io.etcdmedic.etcd.EtcdCluster;
import io.etcdmedic.etcd.HashAnswer;
import io.etcdmedic.etcd.Member;
import io.etcdmedic.etcd.MemberAnswer;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.WritePermit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A live cluster as the engine looks at it.
public final class LiveCluster implements ClusterAccess {
    /// A member that is a few entries behind catches up in milliseconds; its hash is asked for again.
    private static final int HASH_ATTEMPTS = 5;

    private static final Duration HASH_PAUSE = Duration.ofMillis(200);

    private final EtcdCluster cluster;
    private final World.Pause pause;

    public LiveCluster(EtcdCluster cluster, World.Pause pause) {
        this.cluster = cluster;
        this.pause = pause;
    }

    @Override
    public Health health() {
        if (cluster.isKine()) {
            return new Health(
                    cluster.clusterId(),
                    List.of(),
                    cluster.version(),
                    true,
                    List.of(),
                    List.of(),
                    new Health.Hashes.Unknown("kine has no members"),
                    true);
        }
        ClusterReview review = review();
        return new Health(
                cluster.clusterId(),
                review.members().stream().map(a -> a.member().hex()).sorted().toList(),
                cluster.version(),
                review.newest().isPresent(),
                review.silent().stream().map(a -> a.member().display()).toList(),
                review.alarms().stream().map(Alarm::kind).distinct().toList(),
                review.verdict(),
                false);
    }

    /// Asks every member everything, and compares what they say.
    public ClusterReview review() {
        List<MemberAnswer> answers = cluster.ask();
        Optional<Revision> newest = Optional.empty();
        Optional<Failure> noQuorum = Optional.empty();
        try {
            newest = Optional.of(cluster.keyspace().revision());
        } catch (Failure.Unreachable nobody) {
            noQuorum = Optional.of(nobody);
        }
        List<HashAnswer> hashes =
                newest.map(revision -> hashes(answers, revision)).orElse(List.of());
        return new ClusterReview(
                answers,
                newest,
                noQuorum,
                newest.isPresent() ? cluster.alarms() : known(answers),
                hashes,
                newest.isPresent() ? compare(hashes) : new Health.Hashes.Unknown("there is no quorum"));
    }

    private static List<Alarm> known(List<MemberAnswer> answers) {
        return answers.stream()
                .filter(MemberAnswer.Answered.class::isInstance)
                .map(MemberAnswer.Answered.class::cast)
                .flatMap(answered -> answered.status().alarms().stream()
                        .map(kind -> new Alarm(answered.member().id(), kind)))
                .distinct()
                .toList();
    }

    /// The hashes at `revision` of all who vote; a learner hashes for nobody.
    private List<HashAnswer> hashes(List<MemberAnswer> answers, Revision revision) {
        List<MemberAnswer> voters =
                answers.stream().filter(a -> !a.member().learner()).toList();
        boolean hopeless = voters.stream().anyMatch(MemberAnswer.Silent.class::isInstance);
        List<HashAnswer> found = cluster.hashes(voters, revision);
        for (int attempt = 1; attempt < HASH_ATTEMPTS && !hopeless; attempt++) {
            if (!(compare(found) instanceof Health.Hashes.Unknown)) {
                return found;
            }
            pause.forThe(HASH_PAUSE);
            found = cluster.hashes(voters, revision);
        }
        return found;
    }

    private static Health.Hashes compare(List<HashAnswer> answers) {
        for (HashAnswer answer : answers) {
            if (answer instanceof HashAnswer.Unknown(Member member, Failure why)) {
                return new Health.Hashes.Unknown(
                        member.display() + ": " + why.problem().found());
            }
        }
        List<HashAnswer.Hashed> hashed = answers.stream()
                .filter(HashAnswer.Hashed.class::isInstance)
                .map(HashAnswer.Hashed.class::cast)
                .toList();
        if (hashed.stream().map(HashAnswer.Hashed::compactRevision).distinct().count() > 1) {
            return new Health.Hashes.Unknown("the members have compacted up to different revisions");
        }
        if (hashed.stream().map(HashAnswer.Hashed::hash).distinct().count() > 1) {
            return new Health.Hashes.Different(String.join(
                    ", ",
                    hashed.stream()
                            .map(h -> h.member().display() + " has " + h.hex())
                            .toList()));
        }
        return new Health.Hashes.Equal(hashed.size());
    }

    @Override
    public void compact(Revision revision, WritePermit permit) {
        cluster.compact(revision, permit);
    }

    @Override
    public void defragment(String memberId, String endpoint, WritePermit permit) {
        cluster.defragment(Long.parseUnsignedLong(memberId, 16), endpoint(endpoint), permit);
    }

    private Endpoint endpoint(String url) {
        return Endpoint.parse(url, cluster.connection().usesTls());
    }

    @Override
    public void disarm(String memberId, String alarm, WritePermit permit) {
        cluster.disarm(Long.parseUnsignedLong(memberId, 16), alarm, permit);
    }
}

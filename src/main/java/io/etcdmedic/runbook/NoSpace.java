package io.etcdmedic.runbook;

import io.etcdmedic.etcd.Alarm;
import io.etcdmedic.etcd.EtcdCluster;
import io.etcdmedic.etcd.MemberAnswer;
import io.etcdmedic.etcd.MemberStatus;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.render.ByteCount;
import io.etcdmedic.repair.NamedCheck;
import io.etcdmedic.repair.plan.Check;
import io.etcdmedic.repair.plan.ClusterChange;
import io.etcdmedic.repair.plan.Frame;
import io.etcdmedic.repair.plan.Impact;
import io.etcdmedic.repair.plan.Inverse;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.Precondition;
import io.etcdmedic.repair.plan.UndoTerms;
import io.etcdmedic.repair.plan.Wait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Gives etcd its space back: what fills it is said, history is forgotten, every member's file is rewritten without
/// its holes, the leader's last, and the alarm is taken back only where there is room again.
/// Source: etcd's documentation, operations guide, "Space quota".
final class NoSpace implements Runbook {
    private static final String NOSPACE = "NOSPACE";
    private static final String ANSWERS = "nospace.answers";
    private static final String ROOM = "nospace.room";
    private static final String DISARMED = "nospace.disarmed";

    /// What etcd takes without --quota-backend-bytes. Source: etcd server/storage/quota.go.
    private static final long QUOTA_DEFAULT_BYTES = 2L << 30;

    /// After an alarm is taken back, the next one must not come at once.
    private static final int ROOM_PERCENT_MAX = 90;

    /// Holes that are worth a defragmentation, during which a member answers nobody.
    private static final int HOLES_PERCENT_MIN = 25;

    private static final long HOLES_BYTES_MIN = 16L << 20;
    private static final Duration ANSWER = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "nospace";
    }

    @Override
    public String when() {
        return "etcd refuses writes (\"mvcc: database space exceeded\"), or its files are far larger than what is in"
                + " them: what fills it, and its space back";
    }

    @Override
    public Plan plan(Scene scene, Request request) {
        PlanDraft draft = scene.draft(name(), "space in etcd's files");
        Filling.of(scene).sentences().forEach(draft::note);
        if (scene.cluster().isEmpty()) {
            draft.note("a snapshot has no member whose space could be given back: nothing to do here");
            return scene.build(draft);
        }
        EtcdCluster cluster = scene.cluster().get();
        if (cluster.isKine()) {
            throw refused("this is kine, whose database is not etcd's", "an etcd", "look at its SQL database");
        }
        List<MemberStatus> members = answering(cluster);
        List<Alarm> alarms = alarms(cluster);
        members.forEach(member -> draft.note("before: " + line(member)));
        alarms.forEach(alarm -> draft.note("the alarm NOSPACE is raised by member " + alarm.memberHex()));
        if (alarms.isEmpty() && members.stream().noneMatch(NoSpace::isWorthIt)) {
            draft.note("no alarm, and no member's file has holes that are worth it: nothing to do");
            return scene.build(draft);
        }
        steps(scene, draft, members, alarms);
        closing(draft, members, alarms);
        return scene.build(draft.impact(Impact.CLUSTER).curesNoSpace());
    }

    private static boolean isWorthIt(MemberStatus member) {
        long holes = member.dbBytes() - member.dbInUseBytes();
        return holes >= HOLES_BYTES_MIN && holes * 100 >= member.dbBytes() * HOLES_PERCENT_MIN;
    }

    private static List<MemberStatus> answering(EtcdCluster cluster) {
        List<MemberStatus> found = new ArrayList<>();
        for (MemberAnswer answer : cluster.ask()) {
            switch (answer) {
                case MemberAnswer.Answered answered -> found.add(answered.status());
                case MemberAnswer.Silent silent ->
                    throw refused(
                            "member " + silent.member().display() + " does not answer: "
                                    + silent.why().problem().message(),
                            "every member to answer: each is away in turn, and the cluster would lose its quorum",
                            "start it, or remove it from the cluster");
            }
        }
        found.sort(Comparator.comparing(MemberStatus::isLeader));
        return found;
    }

    private static List<Alarm> alarms(EtcdCluster cluster) {
        return cluster.alarms().stream()
                .filter(alarm -> alarm.kind().equals(NOSPACE))
                .toList();
    }

    private void steps(Scene scene, PlanDraft draft, List<MemberStatus> members, List<Alarm> alarms) {
        // Not to the newest: etcd gives no hash of a revision that is compacted, and guards compare members by it.
        Revision now = Revision.of(Math.max(1, scene.binding().floor().number() - 1));
        Wait answers = Wait.until("a linearizable read is answered", new Check.Named(ANSWERS, Map.of()), ANSWER);
        if (scene.keyspace().oldest().compareTo(now) < 0) {
            draft.warn("history below revision " + now + " is forgotten: undelete and history end there, and every"
                    + " watcher lists anew");
            draft.step(new ClusterChange.Compact(
                    frame("forget the history below revision " + now, "history").waiting(answers), now));
        }
        draft.warn("each member answers nobody while its file is rewritten, about a second for each 100 MB in use; it"
                + " needs as much room on its disk beside the old file");
        for (MemberStatus member : members) {
            String hex = Long.toHexString(member.memberId());
            draft.step(new ClusterChange.Defragment(
                    frame("defragment member " + hex + (member.isLeader() ? ", the leader" : ""), "member " + hex)
                            .requiring(new Precondition(
                                    new Check.Named(ANSWERS, Map.of()),
                                    "the cluster does not answer: another member away would cost its quorum",
                                    ANSWER))
                            .waiting(answers),
                    hex,
                    member.endpoint().toString()));
        }
        for (Alarm alarm : alarms) {
            draft.step(new ClusterChange.Disarm(
                    frame("take back the alarm NOSPACE of member " + alarm.memberHex(), "alarm NOSPACE")
                            .requiring(new Precondition(
                                    new Check.Named(ROOM, limits(scene, members)),
                                    "there is no room yet: the alarm would come back at once; delete what fills it, or"
                                            + " give etcd a larger --quota-backend-bytes")),
                    alarm.memberHex(),
                    NOSPACE));
        }
    }

    private static Frame frame(String title, String object) {
        return Frame.of(title, object).inverse(new Inverse.Impossible("what is forgotten is gone"));
    }

    /// How large each member's file may be, for an alarm to be taken back: member's number → bytes.
    private static Map<String, String> limits(Scene scene, List<MemberStatus> members) {
        Map<String, String> limits = new java.util.TreeMap<>();
        for (MemberStatus member : members) {
            limits.put(
                    Long.toHexString(member.memberId()), Long.toString(quota(scene, member) / 100 * ROOM_PERCENT_MAX));
        }
        return limits;
    }

    /// etcd 3.6 says its quota; an older one of this machine has it in its flags; else what the alarm came at is taken.
    private static long quota(Scene scene, MemberStatus member) {
        if (member.dbQuotaBytes().isPresent()) {
            return member.dbQuotaBytes().getAsLong();
        }
        Optional<Long> flag = scene.parts().stream()
                .filter(part -> part.component() == io.etcdmedic.installation.Component.ETCD)
                .flatMap(part -> part.flags().get("quota-backend-bytes").stream())
                .filter(text -> text.matches("[1-9][0-9]{0,17}"))
                .map(Long::parseLong)
                .findFirst();
        return flag.orElseGet(() -> Math.min(QUOTA_DEFAULT_BYTES, Math.max(member.dbBytes(), 1)));
    }

    private static void closing(PlanDraft draft, List<MemberStatus> members, List<Alarm> alarms) {
        draft.verify(Wait.until("the cluster answers", new Check.Named(ANSWERS, Map.of()), ANSWER));
        if (!alarms.isEmpty()) {
            draft.verify(Wait.until("no alarm NOSPACE is raised", new Check.Named(DISARMED, Map.of()), ANSWER));
            draft.thenDo("find who writes so much: medic top; and see that kube-apiserver compacts every 5 minutes"
                    + " (--etcd-compaction-interval)");
            draft.warn("save a snapshot first, and stop what writes: medic snapshot save FILE");
        }
        boolean full = members.stream().anyMatch(m -> m.dbInUseBytes() * 100 > QUOTA_DEFAULT_BYTES * ROOM_PERCENT_MAX);
        if (full) {
            draft.thenDo("give etcd a larger --quota-backend-bytes (up to 8 GiB): what is in use is close to 2 GiB");
        }
        draft.undo(new UndoTerms(List.of(), List.of()));
    }

    private static String line(MemberStatus member) {
        return "member " + Long.toHexString(member.memberId()) + (member.isLeader() ? " (leader)" : "") + " at "
                + member.endpoint() + ": file " + new ByteCount(member.dbBytes()) + ", in use "
                + new ByteCount(member.dbInUseBytes())
                + (member.dbQuotaBytes().isPresent()
                        ? ", quota " + new ByteCount(member.dbQuotaBytes().getAsLong())
                        : "");
    }

    @Override
    public List<String> afterwards(Scene scene) {
        return scene.cluster().stream()
                .flatMap(cluster -> cluster.ask().stream())
                .map(answer -> switch (answer) {
                    case MemberAnswer.Answered answered -> "after: " + line(answered.status());
                    case MemberAnswer.Silent silent ->
                        "after: member " + silent.member().display() + " does not answer";
                })
                .toList();
    }

    @Override
    public Map<String, NamedCheck> checks(Optional<EtcdCluster> cluster) {
        return Map.of(
                ANSWERS,
                (keyspace, _, _) -> {
                    keyspace.revision();
                    return Optional.empty();
                },
                ROOM,
                (_, _, limits) -> room(cluster, limits),
                DISARMED,
                (_, _, _) -> cluster.map(NoSpace::alarms)
                        .filter(raised -> !raised.isEmpty())
                        .map(raised -> raised.size() + " members raise NOSPACE"));
    }

    /// A rehearsal has no cluster to ask: it goes on.
    private static Optional<String> room(Optional<EtcdCluster> cluster, Map<String, String> limits) {
        if (cluster.isEmpty()) {
            return Optional.empty();
        }
        return answering(cluster.get()).stream()
                .filter(member -> member.dbBytes()
                        > Long.parseLong(limits.getOrDefault(Long.toHexString(member.memberId()), "0")))
                .map(member -> line(member) + "; at most "
                        + new ByteCount(Long.parseLong(limits.getOrDefault(Long.toHexString(member.memberId()), "0"))))
                .findFirst();
    }

    private static Failure refused(String found, String expected, String hint) {
        return new Failure.Refused(
                Problem.in("planning nospace").found(found).expected(expected).hint(hint));
    }
}

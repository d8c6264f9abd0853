package io.etcdmedic.node.version;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Flags;
import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.cluster.Member;
import java.util.ArrayList;
import java.util.List;

/// etcd's own way up: one minor at a time, every member, and what each step asks for.
///
/// Source: etcd upgrade guides 3.4→3.5 and 3.5→3.6 (3.5.32 or later; learners, zombie members, the v2 store).
public final class EtcdSteps {
    /// Before 3.6 every member runs at least this: 3.5.20 promotes learners rightly, 3.5.26 forgets zombie members.
    public static final KubernetesVersion BEFORE_36 = new KubernetesVersion(3, 5, 32);

    private EtcdSteps() {}

    /// @param why what stands in the way
    /// @param consequence if it is done all the same
    /// @param cure what to do first
    public record Step(String why, String consequence, String cure) {}

    /// Members that are learners, and apiservers of which nothing is known but that they live.
    public static List<Finding> members(ClusterFacts cluster, List<RunningVersion> running) {
        List<Finding> findings = new ArrayList<>();
        cluster.members().stream()
                .filter(Member::learner)
                .forEach(m -> findings.add(Finding.error("version/etcd-learner", "etcd " + m.name())
                        .evidence("it is a learner")
                        .consequence(
                                "A learner does not count for the quorum, and etcd 3.6 may refuse to start beside it: \"membership: too"
                                        + " many learner members\".")
                        .cure("promote it (etcdctl member promote), or remove it, before any member moves")));
        long apiservers = running.stream()
                .filter(v -> v.component() == Component.APISERVER)
                .map(RunningVersion::host)
                .distinct()
                .count();
        if (cluster.identities().size() > apiservers) {
            findings.add(Finding.unknown("version/apiserver", "kube-apiserver")
                    .evidence("%d apiservers hold an identity lease (%s), and of %d a version is known"
                            .formatted(
                                    cluster.identities().size(),
                                    String.join(
                                            ", ",
                                            cluster.identities().stream()
                                                    .map(ClusterFacts.Identity::host)
                                                    .toList()),
                                    apiservers))
                    .consequence(
                            "The others may be older, or newer, than what is judged here; a lease outlives its apiserver"
                                    + " by an hour.")
                    .cure("kubectl get --raw /version at each of them"));
        }
        return findings;
    }

    /// What stands between a member of `today` and one of `next` on the same data; none when nothing does.
    public static List<Step> between(KubernetesVersion today, KubernetesVersion next, Flags flags) {
        List<Step> steps = new ArrayList<>();
        int ahead = next.minorsAhead(today);
        if (ahead < 0) {
            steps.add(new Step(
                    "a step back by %d minors".formatted(-ahead),
                    "etcd does not open the data of a newer minor, unless it was migrated back by etcdutl.",
                    "take the package of " + today.toMinor()));
        } else if (ahead > 1) {
            steps.add(new Step(
                    "%d minors at once; etcd goes one at a time, all members first".formatted(ahead),
                    "The member does not join the others, or writes data that they cannot read.",
                    "services.etcd.package = pkgs.etcd_%d_%d; then the next minor when every member runs it"
                            .formatted(today.major(), today.minor() + 1)));
        }
        boolean crosses =
                today.isBefore(KubernetesVersion.minor(3, 6)) && !next.isBefore(KubernetesVersion.minor(3, 6));
        if (crosses && ahead == 1 && today.isBefore(BEFORE_36)) {
            steps.add(new Step(
                    "before 3.6 every member must run " + BEFORE_36 + " or later",
                    "Learners and members that were removed long ago come back (\"membership: too many learner members\"), and the"
                            + " member ends at start.",
                    "bring every member to " + BEFORE_36 + " first, and let it run a while"));
        }
        if (crosses && flags.get("enable-v2").filter("true"::equals).isPresent()) {
            steps.add(new Step(
                    "it runs with --enable-v2=true (RKE1 of Kubernetes 1.17 to 1.21 did)",
                    "etcd 3.6 has no v2 store: it refuses data that still holds one.",
                    "etcdutl check v2store; start without --enable-v2 once before 3.6"));
        }
        return steps;
    }
}

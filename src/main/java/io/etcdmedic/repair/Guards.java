package io.etcdmedic.repair;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.repair.plan.ClusterChange;
import io.etcdmedic.repair.plan.HostChange;
import io.etcdmedic.repair.plan.KeyChange;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.Precondition;
import io.etcdmedic.repair.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What must be so before anything of a plan is sent. Every method passes or throws, and nothing was done then.
final class Guards {
    /// A plan is good for an hour, or for 100,000 revisions; a plan that is older describes another world.
    static final Duration VALID_FOR = Duration.ofHours(1);

    static final long VALID_REVISIONS = 100_000;

    private final World world;

    Guards(World world) {
        this.world = world;
    }

    /// All guards, cheapest first.
    void pass(Plan plan) {
        fresh(plan);
        keysAllowed(plan);
        complete(plan);
        if (!touchesCluster(plan)) {
            return;
        }
        sameCluster(plan);
        healthy(plan);
        Revision now = floor(plan);
        if (now.number() - plan.binding().floor().number() > VALID_REVISIONS) {
            throw expired(
                    plan,
                    (now.number() - plan.binding().floor().number()) + " revisions ago",
                    VALID_REVISIONS + " revisions");
        }
    }

    /// What the plan demands as a whole.
    Optional<String> unmet(Plan plan) {
        Verifier verifier = new Verifier(world);
        for (Precondition precondition : plan.requires()) {
            Optional<String> trouble =
                    verifier.trouble(precondition.check(), plan.binding().floor());
            if (trouble.isPresent()) {
                return Optional.of(precondition.otherwise() + " (" + trouble.get() + ")");
            }
        }
        return Optional.empty();
    }

    static boolean touchesCluster(Plan plan) {
        return plan.steps().stream().anyMatch(step -> !(step instanceof HostChange));
    }

    void sameCluster(Plan plan) {
        String bound = plan.binding().clusterId();
        String here = world.keyspace().source().clusterId();
        if (!bound.equals(here)) {
            throw new Failure.Refused(Problem.in("applying plan " + plan.id().shortForm())
                    .found("it was made for cluster " + (bound.isEmpty() ? "of a snapshot" : bound))
                    .expected("a plan for this one, " + here)
                    .hint("make the plan anew against this cluster"));
        }
    }

    private void fresh(Plan plan) {
        Duration age = Duration.between(plan.created(), Instant.now(world.clock()));
        if (age.compareTo(VALID_FOR) > 0) {
            throw expired(plan, age.toMinutes() + " minutes ago", VALID_FOR.toMinutes() + " minutes");
        }
    }

    private static Failure expired(Plan plan, String ago, String validFor) {
        return new Failure.Refused(Problem.in("applying plan " + plan.id().shortForm())
                .found("it has expired: it was made " + ago)
                .expected("no more than " + validFor)
                .hint("make the plan anew"));
    }

    private static void keysAllowed(Plan plan) {
        for (Key key : plan.keys()) {
            if (key.startsWith(Key.of(Fence.PREFIX))) {
                throw new Failure.Refused(
                        Problem.in("applying plan " + plan.id().shortForm())
                                .found("it writes " + key.display())
                                .expected("no key below " + Fence.PREFIX + ", where the fences are"));
            }
        }
    }

    /// Every value that a step names is there and has its hash.
    private static void complete(Plan plan) {
        for (Step step : plan.steps()) {
            if (step instanceof KeyChange change) {
                change.edits().forEach(edit -> {
                    if (edit.effect() instanceof KeyChange.Effect.Put put) {
                        plan.bytes(put.value());
                    }
                });
            }
        }
    }

    private Revision floor(Plan plan) {
        return Reading.atLeast(world.keyspace(), plan.binding().floor()).revision();
    }

    private void healthy(Plan plan) {
        if (world.cluster().isEmpty()) {
            return;
        }
        Health health = world.cluster().get().health();
        if (!health.quorum()) {
            throw refused(plan, "the cluster has no quorum: a linearizable read is not answered", "");
        }
        if (!health.clusterId().equals(plan.binding().clusterId())) {
            throw refused(plan, "the members answer for cluster " + health.clusterId(), "");
        }
        if (health.kine()
                && plan.steps().stream().anyMatch(s -> s instanceof KeyChange || s instanceof ClusterChange)) {
            throw refused(
                    plan,
                    "this is kine, which knows no transaction with a fence",
                    "change the object through the Kubernetes API");
        }
        noAlarm(plan, health);
        agreeing(plan, health);
    }

    private static void noAlarm(Plan plan, Health health) {
        if (health.alarm("CORRUPT").isPresent()) {
            throw refused(
                    plan, "the alarm CORRUPT is raised", "find the member that differs before anything is written");
        }
        if (health.alarm("NOSPACE").isPresent() && !plan.spaceCure()) {
            throw refused(
                    plan,
                    "the alarm NOSPACE is raised: deletes would go through and their undo would not",
                    "medic fix nospace");
        }
    }

    private static void agreeing(Plan plan, Health health) {
        switch (health.hashes()) {
            case Health.Hashes.Equal _ -> {}
            case Health.Hashes.Different different ->
                throw refused(plan, "the members' data differs: " + different.detail(), "medic diff --members");
            case Health.Hashes.Unknown unknown ->
                throw refused(
                        plan,
                        "the members' hashes cannot be compared: " + unknown.why(),
                        "a member that is silent must be started, or leave the cluster (etcdctl member remove); a user of"
                                + " etcd's authentication needs the role root for hashes");
        }
    }

    private static Failure refused(Plan plan, String found, String hint) {
        return new Failure.Refused(Problem.in("applying plan " + plan.id().shortForm())
                .found(found)
                .hint(hint));
    }
}

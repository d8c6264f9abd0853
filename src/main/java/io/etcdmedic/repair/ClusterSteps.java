package io.etcdmedic.repair;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.WritePermit;
import io.etcdmedic.repair.journal.Verdict;
import io.etcdmedic.repair.plan.ClusterChange;
import io.etcdmedic.repair.plan.Plan;
import java.util.Set;

/// Carries out a plan's changes of the cluster itself; each may be done twice without harm.
final class ClusterSteps {
    private final World world;

    ClusterSteps(World world) {
        this.world = world;
    }

    Settlement send(Plan plan, ClusterChange change) {
        ClusterAccess cluster = world.cluster()
                .orElseThrow(() -> new Failure.Refused(Problem.in(change.frame().title())
                        .found(world.keyspace().source().toString())
                        .expected("a live cluster")));
        WritePermit permit = new WritePermit(plan.id().hex(), Set.of());
        try {
            switch (change) {
                case ClusterChange.Compact compact -> {
                    if (world.keyspace().oldest().compareTo(compact.revision()) < 0) {
                        cluster.compact(compact.revision(), permit);
                    }
                }
                case ClusterChange.Defragment defragment ->
                    cluster.defragment(defragment.memberId(), defragment.endpoint(), permit);
                case ClusterChange.Disarm disarm -> cluster.disarm(disarm.memberId(), disarm.alarm(), permit);
            }
            return Settlement.applied(0);
        } catch (Failure.Refused | Failure.Locked | Failure.Usage refused) {
            return Settlement.of(Verdict.NOT_APPLIED, refused.problem().message());
        } catch (Failure lost) {
            // It may still run. Nothing is lost by doing it again, which is what resume does.
            return Settlement.of(Verdict.UNSETTLED, lost.problem().message());
        }
    }
}

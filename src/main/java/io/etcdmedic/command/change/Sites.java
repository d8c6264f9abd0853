package io.etcdmedic.command.change;

import io.etcdmedic.command.Session;
import io.etcdmedic.repair.plan.HostChange;
import io.etcdmedic.repair.plan.Plan;

/// Where a plan that comes out of a file or the journal runs: a plan for this machine alone needs no cluster.
public final class Sites {
    private Sites() {}

    public static Site of(Session session, Plan plan) {
        boolean hostOnly = !plan.isEmpty() && plan.steps().stream().allMatch(HostChange.class::isInstance);
        return hostOnly ? new HostSite() : new Grounds(session).site();
    }
}

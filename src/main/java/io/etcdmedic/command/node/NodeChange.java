package io.etcdmedic.command.node;

import io.etcdmedic.command.Session;
import io.etcdmedic.command.change.Change;
import io.etcdmedic.command.change.ChangeOptions;
import io.etcdmedic.command.change.HostSite;
import io.etcdmedic.render.Report;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.PlanId;
import java.security.SecureRandom;

/// The way of a node command's plan.
final class NodeChange {
    private NodeChange() {}

    static Report of(Session session, ChangeOptions options, PlanDraft draft) {
        return new Change(session, options, new HostSite())
                .of(draft.build(
                        PlanId.random(new SecureRandom()), session.clock().instant()));
    }
}

package io.etcdmedic.node;

import io.etcdmedic.keyspace.NoKeys;
import io.etcdmedic.repair.plan.Binding;
import io.etcdmedic.repair.plan.Impact;
import io.etcdmedic.repair.plan.PlanDraft;
import java.util.List;
import java.util.Optional;

/// Plans that change this machine and no cluster.
public final class HostPlan {
    private HostPlan() {}

    /// @param command who plans it: "node certs fix"
    public static PlanDraft draft(String command, String title) {
        Binding binding = new Binding("", List.of(), new NoKeys().revision(), "", Optional.empty());
        return new PlanDraft(command, title, binding).impact(Impact.HOST);
    }
}

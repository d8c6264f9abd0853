package io.etcdmedic.command.node;

import io.etcdmedic.command.Session;
import io.etcdmedic.command.change.Change;
import io.etcdmedic.command.change.ChangeOptions;
import io.etcdmedic.command.change.Ground;
import io.etcdmedic.command.change.Site;
import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.node.MachineAccess;
import io.etcdmedic.node.RehearsedMachine;
import io.etcdmedic.node.pause.ImageChecks;
import io.etcdmedic.render.Report;
import io.etcdmedic.repair.HostAccess;
import io.etcdmedic.repair.NamedCheck;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.PlanId;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// This machine as the ground of a plan, and a copy in memory to rehearse on.
public final class NodeSite implements Site {

    @Override
    public Ground real() {
        return ground(new MachineAccess(), checks());
    }

    /// What programs would have done is not there to be asked about: such a question is answered with yes.
    @Override
    public Ground rehearsal() {
        Map<String, NamedCheck> yes = new HashMap<>();
        checks().keySet().forEach(name -> yes.put(name, (_, _, _) -> Optional.empty()));
        return ground(new RehearsedMachine(new MachineAccess()), yes);
    }

    /// The code behind the questions of node plans.
    public static Map<String, NamedCheck> checks() {
        return ImageChecks.named(LiveMachine.at(Path.of("/")));
    }

    static Report change(Session session, ChangeOptions options, PlanDraft draft) {
        return new Change(session, options, new NodeSite())
                .of(draft.build(
                        PlanId.random(new SecureRandom()), session.clock().instant()));
    }

    private static Ground ground(HostAccess host, Map<String, NamedCheck> named) {
        Ground plain = Ground.ofHost(host);
        return new Ground(plain.keyspace(), plain.cluster(), plain.api(), host, plain.decoder(), named);
    }
}

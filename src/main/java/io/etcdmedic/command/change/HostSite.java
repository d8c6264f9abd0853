package io.etcdmedic.command.change;

import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.node.MachineAccess;
import io.etcdmedic.node.RehearsedMachine;
import io.etcdmedic.node.pause.ImageChecks;
import io.etcdmedic.repair.HostAccess;
import io.etcdmedic.repair.NamedCheck;
import io.etcdmedic.repair.plan.Plan;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// This machine alone as the ground of a plan, and a copy of it in memory to rehearse on.
public final class HostSite implements Site {

    @Override
    public Ground real() {
        return ground(new MachineAccess(), checks());
    }

    /// What programs would have done is not there to be asked about: such a question is answered with yes.
    @Override
    public Ground rehearsal(Plan plan) {
        Map<String, NamedCheck> yes = new HashMap<>();
        checks().keySet().forEach(name -> yes.put(name, (_, _, _) -> Optional.empty()));
        return ground(new RehearsedMachine(new MachineAccess()), yes);
    }

    /// The code behind the questions that such plans ask.
    private static Map<String, NamedCheck> checks() {
        return ImageChecks.named(LiveMachine.at(Path.of("/")));
    }

    private static Ground ground(HostAccess host, Map<String, NamedCheck> named) {
        Ground plain = Ground.ofHost(host);
        return new Ground(plain.keyspace(), plain.cluster(), plain.api(), host, plain.decoder(), named);
    }
}

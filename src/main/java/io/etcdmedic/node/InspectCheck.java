package io.etcdmedic.node;

import io.etcdmedic.finding.Finding;
import io.etcdmedic.host.Machine;
import io.etcdmedic.host.systemd.ServiceUnit;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Whether the facts can be believed: of one machine, of units that systemd has read, of files that are there.
public final class InspectCheck {
    private InspectCheck() {}

    public static List<Finding> of(NodeFacts facts) {
        List<Finding> findings = new ArrayList<>(IdentityCheck.of(facts));
        facts.services().units().values().stream()
                .filter(ServiceUnit::stale)
                .forEach(unit -> findings.add(stale(unit)));
        facts.services()
                .troubles()
                .forEach(why -> findings.add(Finding.unknown("inspect/units", "systemd")
                        .evidence(why)
                        .consequence("What the service starts with is not known.")
                        .cure("run as root, and on the machine itself")));
        findings.addAll(ConfigCheck.of(facts));
        return findings;
    }

    /// What the judgement so far could not see, because it is not for the user that we run as.
    public static Optional<Finding> denied(Machine machine) {
        return machine.denied().isEmpty()
                ? Optional.empty()
                : Optional.of(Finding.unknown("facts/denied", machine.name())
                        .evidence("%d files or folders are not for the user that asks: %s"
                                .formatted(
                                        machine.denied().size(),
                                        machine.denied().stream()
                                                .sorted()
                                                .limit(5)
                                                .collect(Collectors.joining(", "))))
                        .consequence("What they hold is not judged.")
                        .cure("run it as root"));
    }

    private static Finding stale(ServiceUnit unit) {
        return Finding.warning("inspect/units", unit.path())
                .evidence("it or a drop-in of it changed since systemd read it")
                .consequence("What is judged here is what systemd starts now; after the next boot it is another.")
                .cure("systemctl daemon-reload, and judge again");
    }
}

package io.etcdmedic.command.node;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.node.certs.CertsCheck;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.render.Report;
import picocli.CommandLine;

/// `node certs check`: every certificate and key, for every user whose service reads it.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic node certs check                   the certificates of this node",
            "  medic node certs check --root /mnt       of the system mounted there",
            "  medic node certs check --facts DIR -o json"
        })
public final class NodeCertsCheck implements Command {
    @CommandLine.Mixin
    private NodeOptions node = new NodeOptions();

    @Override
    public Report run(Session session) {
        NodeFacts facts = node.facts();
        return node.report(facts, CertsCheck.of(facts, session.clock().instant()));
    }
}

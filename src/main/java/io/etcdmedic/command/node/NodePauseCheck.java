package io.etcdmedic.command.node;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.pause.PauseCheck;
import io.etcdmedic.render.Report;
import picocli.CommandLine;

/// `node pause check`: whether every pod will still find its pause image tomorrow.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic node pause check                   named in full, there, pinned, seeded",
            "  medic node pause check --facts DIR"
        })
public final class NodePauseCheck implements Command {
    @CommandLine.Mixin
    private NodeOptions node = new NodeOptions();

    @CommandLine.Mixin
    private RuntimeOptions runtime = new RuntimeOptions();

    @Override
    public Report run(Session session) {
        NodeFacts facts = node.facts();
        return node.report(facts, PauseCheck.of(facts, runtime.config()));
    }
}

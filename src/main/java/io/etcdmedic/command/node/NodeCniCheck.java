package io.etcdmedic.command.node;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.node.cni.CniCheck;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.render.Report;
import picocli.CommandLine;

/// `node cni check`: whether every pod gets its network, now and after the kubelet's next start.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic node cni check                     configurations, plugins, what the kubelet's start removes",
            "  medic node cni check --facts DIR --snapshot snap.db   names the pod that installs the plugins"
        })
public final class NodeCniCheck implements Command {
    @CommandLine.Mixin
    private NodeOptions node = new NodeOptions();

    @CommandLine.Mixin
    private RuntimeOptions runtime = new RuntimeOptions();

    @Override
    public Report run(Session session) {
        NodeFacts facts = node.facts();
        return node.report(facts, CniCheck.of(facts, runtime.config(), NodeSource.cniPods(session, facts, runtime)));
    }
}

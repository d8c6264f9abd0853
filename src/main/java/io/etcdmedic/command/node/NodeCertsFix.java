package io.etcdmedic.command.node;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.change.ChangeOptions;
import io.etcdmedic.node.certs.CertsFix;
import io.etcdmedic.node.certs.FilesSnippet;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import picocli.CommandLine;

/// `node certs fix`: the smallest change of owners and modes with which every service reads what it needs.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic node certs fix --dry-run           what would be changed",
            "  medic node certs fix                     asks before it changes anything; medic undo takes it back",
            "  medic node certs fix --snippet           the NixOS module text that does it at each switch",
            "  medic node certs fix --root /mnt         in the system mounted there"
        })
public final class NodeCertsFix implements Command {
    @CommandLine.Mixin
    private NodeOptions node = new NodeOptions();

    @CommandLine.Mixin
    private ChangeOptions change = new ChangeOptions();

    @CommandLine.Option(
            names = "--snippet",
            description = "print the owners and modes as NixOS module text, and change nothing")
    private boolean snippet;

    @Override
    public Report run(Session session) {
        if (snippet) {
            return Report.of(new Content.Prose(FilesSnippet.text(node.facts())));
        }
        return NodeChange.of(session, change, CertsFix.plan(node.facts(), node.writableRoot()));
    }
}

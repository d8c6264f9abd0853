package io.etcdmedic.command.node;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.node.cni.PluginCopies;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.runtime.Containerd;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;

/// `node cni save DIR`: copies of the CNI plugins, before something removes them.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic node cni save /var/backups/cni     before the switch, while the CNI's pod still runs",
            "  medic node cni save /var/backups/cni --root /mnt"
        })
public final class NodeCniSave implements Command {
    private static final List<Column> COLUMNS =
            List.of(Column.of("PLUGIN", "plugin"), Column.bytes("SIZE", "bytes"), Column.of("SHA-256", "sha256"));

    @CommandLine.Mixin
    private NodeOptions node = new NodeOptions();

    @CommandLine.Mixin
    private RuntimeOptions runtime = new RuntimeOptions();

    @CommandLine.Parameters(paramLabel = "DIR", description = "where the copies go; made when missing")
    private Path folder = Path.of("");

    @Override
    public Report run(Session session) {
        Path root = node.writableRoot();
        NodeFacts facts = node.facts();
        List<String> bin = Containerd.of(facts, runtime.config()).config().binFolders();
        PluginCopies saved = PluginCopies.save(facts.machine(), root, bin, folder);
        return Report.of(new Content.Table(
                        COLUMNS,
                        saved.copies().stream()
                                .map(copy -> List.<Document>of(
                                        new Document.Text(copy.name()),
                                        new Document.Whole(copy.bytes()),
                                        new Document.Text(copy.sha256())))
                                .toList()))
                .saying("medic: to put them back: medic node cni restore " + saved.folder());
    }
}

package io.etcdmedic.command.node;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.node.rke.ClusterState;
import io.etcdmedic.node.rke.StateFiles;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// `node certs extract`: the files that RKE1 made, out of its state in etcd, when they are lost.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic node certs extract --from snap.db --out ssl    certificates, keys, kubeconfigs",
            "  medic node certs extract --from live --out ssl",
            "  medic node certs extract --from snap.db --encryption-config encryption.yaml",
            "  medic node certs extract --from cluster.rkestate"
        })
public final class NodeCertsExtract implements Command {
    @CommandLine.Option(
            names = "--from",
            paramLabel = "SOURCE",
            description = "a database file, cluster.rkestate, a zip that RKE1 published, or live (default: the source)")
    private Optional<String> from = Optional.empty();

    @CommandLine.Option(
            names = "--out",
            paramLabel = "DIR",
            description = "where the files go, mode 0600; none of them may be there yet (default: rke-files)")
    private Path out = Path.of("rke-files");

    @Override
    public Report run(Session session) {
        ClusterState state = NodeSource.state(session, from);
        StateFiles files = StateFiles.of(state);
        List<Content.Item> items = files.write(out).stream()
                .map(name -> out.resolve(name).toString())
                .map(path -> new Content.Item(Bytes.utf8(path), new Document.Text(path)))
                .toList();
        Report report = Report.of(new Content.Items(items, false))
                .saying("medic: %d files in %s, from %s; they hold private keys"
                        .formatted(items.size(), out, state.from()));
        for (String skipped : files.skipped()) {
            report = report.saying("medic: left out: " + skipped);
        }
        return report;
    }
}

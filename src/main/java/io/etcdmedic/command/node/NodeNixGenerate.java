package io.etcdmedic.command.node;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.host.DurableFile;
import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.nix.Carried;
import io.etcdmedic.node.nix.ModuleWriter;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// `node nix generate`: the NixOS module of the node, from what RKE1 runs on it.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic node nix generate                            the module, to standard output",
            "  medic node nix generate --out kubernetes.nix       into a file, which must not exist",
            "  medic node nix generate --facts DIR --snapshot snap.db",
            "                                                     the member list from etcd",
            "  medic node nix generate --explain                  every flag of RKE1, and what becomes of it"
        })
public final class NodeNixGenerate implements Command {
    private static final List<Column> TABLE = List.of(
            Column.of("PART", "part"),
            Column.of("FLAG", "flag"),
            Column.of("VALUE", "value"),
            Column.of("CLASS", "class"),
            Column.of("WAY", "way"),
            Column.of("WRITTEN", "written"));

    @CommandLine.Mixin
    private NodeOptions node = new NodeOptions();

    @CommandLine.Option(names = "--out", paramLabel = "FILE", description = "write it to FILE, which must not exist")
    private Optional<Path> out = Optional.empty();

    @CommandLine.Option(names = "--explain", description = "show what becomes of every flag instead")
    private boolean explain;

    @Override
    public Report run(Session session) {
        NodeFacts facts = node.facts();
        Optional<ClusterFacts> cluster = ClusterSource.of(session);
        String module = ModuleWriter.write(facts, cluster);
        if (explain) {
            return Report.of(new Content.Table(
                    TABLE,
                    ModuleWriter.table(facts).stream().map(NodeNixGenerate::row).toList()));
        }
        if (out.isEmpty()) {
            return Report.of(new Content.Raw(Bytes.utf8(module)));
        }
        DurableFile.writeNew(out.get(), Bytes.utf8(module));
        return Report.of(new Content.Prose(
                "written to %s; check it: medic node nix check %s%n".formatted(out.get(), out.get())));
    }

    private static List<Document> row(Carried flag) {
        return List.of(
                text(flag.component().program()),
                text("--" + flag.flag()),
                text(flag.value()),
                text(flag.relation()),
                text(flag.way().words()),
                text(flag.text()));
    }

    private static Document text(String text) {
        return new Document.Text(text);
    }
}

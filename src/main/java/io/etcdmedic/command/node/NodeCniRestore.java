package io.etcdmedic.command.node;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.change.ChangeOptions;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.node.KubeletSnippet;
import io.etcdmedic.node.cni.CniRestore;
import io.etcdmedic.node.cni.PluginCopies;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;

/// `node cni restore DIR`: puts saved plugins back where one is missing or cannot run.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic node cni restore /var/backups/cni --dry-run",
            "  medic node cni restore /var/backups/cni",
            "  medic node cni restore --snippet         the NixOS module text that keeps them for good"
        })
public final class NodeCniRestore implements Command {
    @CommandLine.Mixin
    private NodeOptions node = new NodeOptions();

    @CommandLine.Mixin
    private RuntimeOptions runtime = new RuntimeOptions();

    @CommandLine.Mixin
    private ChangeOptions change = new ChangeOptions();

    @CommandLine.Parameters(arity = "0..1", paramLabel = "DIR", description = "what node cni save wrote")
    private Optional<Path> folder = Optional.empty();

    @CommandLine.Option(names = "--snippet", description = "print the NixOS module text, and change nothing")
    private boolean snippet;

    @Override
    public Report run(Session session) {
        if (snippet) {
            return Report.of(new Content.Prose(KubeletSnippet.text()));
        }
        Path saved = folder.orElseThrow(() -> new Failure.Usage(Problem.in("reading the command line")
                .found("no folder of saved plugins")
                .expected("DIR, or --snippet")
                .hint("medic node cni save DIR makes one")));
        Path root = node.writableRoot();
        return NodeChange.of(
                session, change, CniRestore.plan(node.facts(), runtime.config(), root, PluginCopies.open(saved)));
    }
}

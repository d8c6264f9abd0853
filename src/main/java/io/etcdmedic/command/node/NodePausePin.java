package io.etcdmedic.command.node;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.change.ChangeOptions;
import io.etcdmedic.node.KubeletSnippet;
import io.etcdmedic.node.pause.PausePin;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;

/// `node pause pin`: imports the pause image and labels it, so that the kubelet does not collect it.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic node pause pin --dry-run",
            "  medic node pause pin --image pause.tar   import the image first",
            "  medic node pause pin --snippet           the NixOS module text that does it for good"
        })
public final class NodePausePin implements Command {
    @CommandLine.Mixin
    private NodeOptions node = new NodeOptions();

    @CommandLine.Mixin
    private RuntimeOptions runtime = new RuntimeOptions();

    @CommandLine.Mixin
    private ChangeOptions change = new ChangeOptions();

    @CommandLine.Option(names = "--image", paramLabel = "FILE", description = "a tar of the image")
    private Optional<Path> image = Optional.empty();

    @CommandLine.Option(names = "--snippet", description = "print the NixOS module text, and change nothing")
    private boolean snippet;

    @Override
    public Report run(Session session) {
        if (snippet) {
            return Report.of(new Content.Prose(KubeletSnippet.text()));
        }
        node.requireThisMachine("pinning an image");
        return NodeChange.of(session, change, PausePin.plan(node.facts(), runtime.config(), image));
    }
}

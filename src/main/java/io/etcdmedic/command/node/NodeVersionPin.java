package io.etcdmedic.command.node;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.finding.Finding;
import io.etcdmedic.installation.Component;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.nix.NixCheck;
import io.etcdmedic.node.nix.NixFiles;
import io.etcdmedic.node.version.KubernetesVersion;
import io.etcdmedic.node.version.PinSnippet;
import io.etcdmedic.node.version.RunningVersion;
import io.etcdmedic.node.version.RunningVersions;
import io.etcdmedic.node.version.UpgradePath;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// `node version pin`: the lines that hold Kubernetes at a version on NixOS.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic node version pin 1.34.2                         the lines for the flake and the module",
            "  medic node version pin 1.34.2 --config /etc/nixos     and what of that configuration would move it"
        })
public final class NodeVersionPin implements Command {
    @CommandLine.Mixin
    private NodeOptions node = new NodeOptions();

    @CommandLine.Parameters(index = "0", paramLabel = "VERSION", description = "with its patch: 1.34.2")
    private String version = "";

    @CommandLine.Option(
            names = "--config",
            paramLabel = "FILE",
            description = "judge the pin of this .nix file or flake, too")
    private Optional<Path> config = Optional.empty();

    @Override
    public Report run(Session session) {
        KubernetesVersion wanted = PinSnippet.version(version);
        NodeFacts facts = node.facts();
        List<RunningVersion> running = RunningVersions.of(facts, ClusterSource.of(session));
        List<Finding> findings = new ArrayList<>();
        UpgradePath.to(running, Optional.of(wanted), facts.flags(Component.ETCD), List.of())
                .ifPresent(path -> path.findings().stream()
                        .filter(f ->
                                f.check().equals("version/target") || f.check().equals("version/kubelet-first"))
                        .forEach(findings::add));
        config.ifPresent(file -> findings.addAll(
                NixCheck.pin(NixCheck.read(new NixCheck.Subject(NixFiles.at(file), "", "", true)), facts)));
        List<Content.Part> parts = new ArrayList<>();
        parts.add(new Content.Part("", "snippet", new Content.Prose(PinSnippet.of(wanted))));
        if (!findings.isEmpty()) {
            parts.addAll(FindingsReport.parts("pinning " + wanted, findings));
        }
        return Report.of(new Content.Parts(parts)).exit(FindingsReport.exit(findings));
    }
}

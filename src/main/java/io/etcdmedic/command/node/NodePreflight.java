package io.etcdmedic.command.node;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.finding.Finding;
import io.etcdmedic.node.InspectCheck;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.journey.Preflight;
import io.etcdmedic.node.nix.NixCheck;
import io.etcdmedic.node.nix.NixFiles;
import io.etcdmedic.node.nix.Planned;
import io.etcdmedic.node.version.StoredVersion;
import io.etcdmedic.node.version.StoredVersions;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;

/// `node preflight`: everything that would break, before the switch, on one page.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic node preflight kubernetes.nix --endpoints https://127.0.0.1:2379",
            "                                        the node, its module, and the cluster",
            "  medic node preflight /etc/nixos --facts DIR --snapshot snap.db",
            "                                        from a laptop; exit 1 when something would break"
        })
public final class NodePreflight implements Command {
    @CommandLine.Mixin
    private NodeOptions node = new NodeOptions();

    @CommandLine.Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FILE",
            description = "the module that the node will run: a .nix file, or the folder of a flake")
    private Optional<Path> module = Optional.empty();

    @CommandLine.Option(
            names = "--configuration",
            paramLabel = "NAME",
            description = "which of the flake's configurations")
    private Optional<String> configuration = Optional.empty();

    @CommandLine.Option(names = "--host", paramLabel = "NAME", description = "the host name to judge for")
    private Optional<String> host = Optional.empty();

    @CommandLine.Option(names = "--all", description = "show what is in order, too")
    private boolean all;

    @Override
    public Report run(Session session) {
        NodeFacts facts = node.facts();
        Optional<Planned> planned = module.map(file -> NixCheck.read(
                new NixCheck.Subject(NixFiles.at(file), configuration.orElse(""), host.orElse(""), true)));
        List<StoredVersion> stored = ClusterSource.isNamed(session)
                ? StoredVersions.in(session.keyspace(), session.registry().prefix())
                : List.of();
        Map<String, List<Finding>> areas = Preflight.of(
                facts,
                planned,
                ClusterSource.of(session),
                stored,
                session.clock().instant());
        InspectCheck.denied(facts.machine()).ifPresent(found -> areas.put("facts", List.of(found)));
        return report(facts.machine().name(), areas);
    }

    private Report report(String subject, Map<String, List<Finding>> areas) {
        List<Content.Part> parts = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        areas.forEach((area, everywhere) -> {
            List<Finding> found = node.here(everywhere);
            findings.addAll(found);
            List<Finding> shown = found.stream()
                    .filter(f -> all || f.severity() != io.etcdmedic.finding.Severity.OK)
                    .toList();
            if (!shown.isEmpty()) {
                parts.add(new Content.Part(area, area, FindingsReport.passages(shown)));
            }
        });
        parts.add(new Content.Part("", "summary", new Content.Prose(FindingsReport.summary(subject, findings) + "\n")));
        return Report.of(new Content.Parts(parts)).exit(FindingsReport.exit(findings));
    }
}

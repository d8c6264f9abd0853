package io.etcdmedic.command.node;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.finding.Finding;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.facts.SavedFacts;
import io.etcdmedic.node.nix.NixCheck;
import io.etcdmedic.node.nix.NixFiles;
import io.etcdmedic.node.nix.Planned;
import io.etcdmedic.node.nix.UnitFiles;
import io.etcdmedic.render.Report;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// `node nix check`: a module, a flake, or units, against what the node runs and what etcd holds.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic node nix check kubernetes.nix                 against this node",
            "  medic node nix check /etc/nixos --facts DIR         a flake, against facts that were saved",
            "  medic node nix check kubernetes.nix --snapshot snap.db",
            "                                                      also against what etcd holds",
            "  medic node nix check kubernetes.nix --beside srv6   also against the apiserver of another node's saved facts",
            "  medic node nix check --units                        the units that this node has now",
            "  medic node nix check --unit kube-apiserver.service"
        })
public final class NodeNixCheck implements Command {
    @CommandLine.Mixin
    private NodeOptions node = new NodeOptions();

    @CommandLine.Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FILE",
            description = "a .nix file, or the folder of a flake")
    private Optional<Path> file = Optional.empty();

    @CommandLine.Option(names = "--units", description = "judge the units of the node instead of a module")
    private boolean units;

    @CommandLine.Option(names = "--unit", paramLabel = "FILE", description = "judge this unit file; may be repeated")
    private List<Path> unitFiles = new ArrayList<>();

    @CommandLine.Option(
            names = "--configuration",
            paramLabel = "NAME",
            description = "which of the flake's nixosConfigurations")
    private Optional<String> configuration = Optional.empty();

    @CommandLine.Option(names = "--host", paramLabel = "NAME", description = "the host name to judge for")
    private Optional<String> host = Optional.empty();

    @CommandLine.Option(
            names = "--beside",
            paramLabel = "DIR",
            description = "saved facts of another control-plane node, whose apiserver it must fit; may be repeated")
    private List<Path> beside = new ArrayList<>();

    @CommandLine.Option(names = "--no-eval", description = "do not run nix; read literals only")
    private boolean noEval;

    @Override
    public Report run(Session session) {
        NodeFacts facts = node.facts();
        Planned planned = planned(facts);
        List<NodeFacts> others = new ArrayList<>();
        beside.forEach(folder -> others.add(NodeFacts.of(SavedFacts.open(folder))));
        List<Finding> findings = NixCheck.of(planned, facts, ClusterSource.of(session), others);
        String how = planned.configuration().map(c -> ", " + c.method().words()).orElse("");
        return FindingsReport.of(planned.source() + how, findings);
    }

    private Planned planned(NodeFacts facts) {
        int ways = (file.isPresent() ? 1 : 0) + (units ? 1 : 0) + (unitFiles.isEmpty() ? 0 : 1);
        if (ways != 1) {
            throw new Failure.Usage(Problem.in("choosing what to check")
                    .found(ways == 0 ? "nothing is named" : "more than one thing is named")
                    .expected("a .nix file, a flake's folder, --units or --unit FILE"));
        }
        if (units) {
            return Planned.ofUnits(facts);
        }
        return file.map(path -> NixCheck.read(
                        new NixCheck.Subject(NixFiles.at(path), configuration.orElse(""), host.orElse(""), !noEval)))
                .orElseGet(() -> UnitFiles.read(unitFiles, facts.machine()));
    }
}

package io.etcdmedic.command.node;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.finding.Finding;
import io.etcdmedic.node.InspectCheck;
import io.etcdmedic.node.facts.FactsRecorder;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.journey.Preflight;
import io.etcdmedic.node.nix.Planned;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// `node inspect`: what this node is and runs; `--save` keeps every fact that the other commands judge.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic node inspect                       distribution, parts, versions, images",
            "  medic node inspect --snapshot snap.db    with its Node object and its place among etcd's members",
            "  medic node inspect --flags               with every effective flag",
            "  medic node inspect --save facts          keep the facts, without private keys, to judge them elsewhere",
            "  medic node certs check --facts facts"
        })
public final class NodeInspect implements Command {
    @CommandLine.Mixin
    private NodeOptions node = new NodeOptions();

    @CommandLine.Option(names = "--flags", description = "show the flags of every part")
    private boolean flags;

    @CommandLine.Option(names = "--save", paramLabel = "DIR", description = "keep the facts in DIR, which is made")
    private Optional<Path> save = Optional.empty();

    @Override
    public Report run(Session session) {
        FactsRecorder recorder = new FactsRecorder(node.machine());
        NodeFacts facts = NodeFacts.of(recorder);
        List<Finding> findings = new ArrayList<>(InspectCheck.of(facts));
        List<Content.Part> parts =
                new ArrayList<>(new InspectionView(facts, NodeSource.view(session, node), flags).parts());
        InspectCheck.denied(recorder).ifPresent(findings::add);
        if (!findings.isEmpty()) {
            parts.add(new Content.Part("Beware", "findings", FindingsReport.passages(findings)));
        }
        Report report = Report.of(new Content.Parts(parts)).exit(FindingsReport.exit(findings));
        if (save.isEmpty()) {
            return report;
        }
        Instant now = session.clock().instant();
        // The checks are run for what they ask: that is what the folder must answer later.
        Preflight.of(facts, Optional.of(Planned.ofUnits(facts)), Optional.empty(), List.of(), now);
        recorder.save(save.get(), now);
        return report.saying("medic: the facts are in " + save.get() + "; judge them with --facts " + save.get());
    }
}

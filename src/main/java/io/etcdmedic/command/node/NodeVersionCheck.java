package io.etcdmedic.command.node;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.finding.Finding;
import io.etcdmedic.installation.Component;
import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.version.EtcdSteps;
import io.etcdmedic.node.version.KubernetesVersion;
import io.etcdmedic.node.version.RunningVersion;
import io.etcdmedic.node.version.RunningVersions;
import io.etcdmedic.node.version.SkewCheck;
import io.etcdmedic.node.version.StoredVersion;
import io.etcdmedic.node.version.StoredVersions;
import io.etcdmedic.node.version.UpgradePath;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import picocli.CommandLine;

/// `node version check`: who runs which version, what the skew rules say, and the next step.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic node version check --endpoints https://127.0.0.1:2379",
            "                                              every Node's versions, from etcd",
            "  medic node version check --target 1.34 --snapshot snap.db",
            "                                              whether the step is allowed, and its order"
        })
public final class NodeVersionCheck implements Command {
    private static final List<Column> VERSIONS = List.of(
            Column.of("HOST", "host"),
            Column.of("PART", "part"),
            Column.of("VERSION", "version"),
            Column.of("FROM", "from"));
    private static final List<Column> STEPS = List.of(Column.of("STEP", "step"), Column.of("DO", "do"));

    @CommandLine.Mixin
    private NodeOptions node = new NodeOptions();

    @CommandLine.Option(
            names = "--target",
            paramLabel = "VERSION",
            description = "where to go (default: the next minor)")
    private Optional<String> target = Optional.empty();

    @Override
    public Report run(Session session) {
        NodeFacts facts = node.facts();
        Optional<ClusterFacts> cluster = ClusterSource.of(session);
        List<RunningVersion> running = RunningVersions.of(facts, cluster);
        List<StoredVersion> stored = ClusterSource.isNamed(session)
                ? StoredVersions.in(session.keyspace(), session.registry().prefix())
                : List.of();
        Optional<UpgradePath> path =
                UpgradePath.to(running, target.map(NodeVersionCheck::version), facts.flags(Component.ETCD), stored);
        List<Finding> findings = new ArrayList<>(SkewCheck.of(running));
        cluster.ifPresent(c -> findings.addAll(EtcdSteps.members(c, running)));
        path.ifPresent(p -> findings.addAll(p.findings()));
        if (findings.isEmpty()) {
            findings.add(Finding.ok(
                            "version",
                            path.map(p -> p.today() + " → " + p.target()).orElse("versions"))
                    .evidence("within the skew that Kubernetes supports; %d parts on %d hosts"
                            .formatted(
                                    running.size(),
                                    running.stream()
                                            .map(RunningVersion::host)
                                            .distinct()
                                            .count())));
        }
        List<Content.Part> parts = new ArrayList<>();
        parts.add(new Content.Part(
                "Versions",
                "versions",
                new Content.Table(
                        VERSIONS, running.stream().map(NodeVersionCheck::row).toList())));
        path.filter(p -> !p.steps().isEmpty())
                .ifPresent(p -> parts.add(
                        new Content.Part("The way to " + p.target(), "steps", new Content.Table(STEPS, steps(p)))));
        parts.addAll(FindingsReport.parts("versions", findings));
        return Report.of(new Content.Parts(parts)).exit(FindingsReport.exit(findings));
    }

    static KubernetesVersion version(String text) {
        return KubernetesVersion.parse(text)
                .orElseThrow(() -> new Failure.Usage(Problem.in("reading the target version")
                        .found("'" + text + "' is no version")
                        .expected("as in 1.34 or 1.34.2")));
    }

    private static List<Document> row(RunningVersion version) {
        return List.of(
                text(version.host()),
                text(version.component().program()),
                text(version.version().toString()),
                text(version.how()));
    }

    private static List<List<Document>> steps(UpgradePath path) {
        return IntStream.range(0, path.steps().size())
                .mapToObj(i -> List.<Document>of(
                        new Document.Whole(i + 1), text(path.steps().get(i))))
                .toList();
    }

    private static Document text(String text) {
        return new Document.Text(text);
    }
}

package io.etcdmedic.command.node;

import io.etcdmedic.apiserver.ApiAccess;
import io.etcdmedic.apiserver.ApiReading;
import io.etcdmedic.apiserver.KubeApi;
import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.host.Machine;
import io.etcdmedic.installation.Component;
import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.facts.FactsRecorder;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.facts.SavedFacts;
import io.etcdmedic.node.journey.Preflight;
import io.etcdmedic.node.journey.Readiness;
import io.etcdmedic.node.journey.Rebuild;
import io.etcdmedic.node.journey.RebuildState;
import io.etcdmedic.node.journey.RebuildView;
import io.etcdmedic.node.journey.Workloads;
import io.etcdmedic.node.nix.NixCheck;
import io.etcdmedic.node.nix.NixFiles;
import io.etcdmedic.node.nix.Planned;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import picocli.CommandLine;

/// `node rebuild`: the way through a rebuild, verified stage by stage and resumed; it changes nothing but its own
/// notes.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic node rebuild --module kubernetes.nix    where the rebuild stands, and what is next",
            "  medic node rebuild --module kubernetes.nix --saved snap.db --archive /mnt/backup/srv5",
            "                                                with the snapshot and the copies that were made",
            "  medic node rebuild --module kubernetes.nix --endpoints https://51.81.64.31:2379 …",
            "                                                after the switch: etcd says what came back",
            "  medic node rebuild --restart                  begin again; the kept facts stay"
        })
public final class NodeRebuild implements Command {
    @CommandLine.Mixin
    private NodeOptions node = new NodeOptions();

    @CommandLine.Option(names = "--module", paramLabel = "FILE", description = "a .nix file, or the folder of a flake")
    private Optional<Path> module = Optional.empty();

    @CommandLine.Option(
            names = "--configuration",
            paramLabel = "NAME",
            description = "which of the flake's configurations")
    private Optional<String> configuration = Optional.empty();

    @CommandLine.Option(names = "--host", paramLabel = "NAME", description = "the host name to judge for")
    private Optional<String> host = Optional.empty();

    @CommandLine.Option(
            names = "--saved",
            paramLabel = "FILE",
            description = "the snapshot that was saved before the rebuild")
    private Optional<Path> saved = Optional.empty();

    @CommandLine.Option(
            names = "--archive",
            paramLabel = "DIR",
            description = "where the node's folders were copied to")
    private Optional<Path> archive = Optional.empty();

    @CommandLine.Option(names = "--restart", description = "forget what was reached")
    private boolean restart;

    @CommandLine.Option(
            names = "--node",
            paramLabel = "NAME",
            description = "whose rebuild it is, where several are under way (default: what the kubelet is called)")
    private Optional<String> name = Optional.empty();

    @Override
    public Report run(Session session) {
        Instant time = session.clock().instant();
        Machine machine = node.machine();
        NodeFacts now = NodeFacts.of(machine);
        RebuildState state = RebuildState.of(
                session.state().path().resolve("rebuild"), name.map(Set::of).orElseGet(now::nodeNames));
        if (restart) {
            state.restart();
        }
        keep(state, machine, now, time);
        NodeFacts before = state.hasFacts() ? NodeFacts.of(SavedFacts.open(state.facts())) : now;
        Optional<Planned> planned = module.map(file -> NixCheck.read(
                new NixCheck.Subject(NixFiles.at(file), configuration.orElse(""), host.orElse(""), true)));
        Optional<ClusterFacts> cluster = ClusterSource.of(session);
        RebuildView view = new RebuildView(
                before,
                now,
                planned,
                cluster,
                cluster.map(_ -> workloads(session, before)),
                cluster.isPresent() && session.isLive(),
                saved,
                archive,
                () -> readiness(session, now, before),
                time);
        return report(Rebuild.advance(view, state));
    }

    private static Workloads workloads(Session session, NodeFacts before) {
        String kubelet =
                before.flags(Component.KUBELET).get("hostname-override").orElse("");
        return Workloads.read(
                session.keyspace(),
                session.codec()::document,
                session.registry().prefix(),
                kubelet);
    }

    /// The apiserver that the operator names, else the node's own, with a certificate of the node.
    private Readiness readiness(Session session, NodeFacts now, NodeFacts before) {
        Optional<ApiReading> named = session.api();
        if (named.isPresent()) {
            return Readiness.of(named.get());
        }
        Optional<ApiAccess> own = node.isSaved() ? Optional.empty() : Readiness.own(now, before, node.writableRoot());
        if (own.isEmpty()) {
            return Readiness.unasked("no kubeconfig is named, and no certificate of the node can be read here");
        }
        try (KubeApi api = KubeApi.open(own.get())) {
            return Readiness.of(api);
        }
    }

    /// The flags that RKE1 gave are gone with its containers: they are kept as long as they can be seen.
    private static void keep(RebuildState state, Machine machine, NodeFacts now, Instant time) {
        if (state.hasFacts() || now.old().isEmpty()) {
            return;
        }
        FactsRecorder recorder = new FactsRecorder(machine);
        NodeFacts facts = NodeFacts.of(recorder);
        // The checks are run for what they ask: that is what the folder must answer later.
        Preflight.of(facts, Optional.of(Planned.ofUnits(facts)), Optional.empty(), List.of(), time);
        recorder.save(state.facts(), time);
    }

    private static Report report(List<Rebuild.Line> lines) {
        List<Content.Passage> passages = new ArrayList<>();
        int number = 0;
        for (Rebuild.Line line : lines) {
            passages.add(passage(++number, line));
        }
        long open = lines.stream()
                .filter(l -> l.state() == Rebuild.State.NEXT || l.state() == Rebuild.State.LATER)
                .count();
        String summary = open == 0
                ? "The node is rebuilt: every stage is reached.\n"
                : "%d of %d stages are reached; what is next is named above. Run the command again afterwards.%n"
                        .formatted(lines.size() - open, lines.size());
        return Report.of(new Content.Parts(List.of(
                        new Content.Part("", "stages", new Content.Passages(passages)),
                        new Content.Part("", "summary", new Content.Prose(summary)))))
                .exit(open == 0 ? ExitCode.OK : ExitCode.FINDINGS);
    }

    private static Content.Passage passage(int number, Rebuild.Line line) {
        List<String> details = new ArrayList<>();
        details.add((line.state() == Rebuild.State.LATER ? "goal:   " : "found:  ") + line.evidence());
        if (!line.todo().isEmpty()) {
            details.add("do:     " + line.todo());
        }
        if (line.state() != Rebuild.State.DONE) {
            details.add("back:   " + line.back());
        }
        SequencedMap<String, Document> fields = new LinkedHashMap<>();
        fields.put("stage", new Document.Text(line.stage().title()));
        fields.put("state", new Document.Text(line.state().word()));
        fields.put("evidence", new Document.Text(line.evidence()));
        fields.put("todo", new Document.Text(line.todo()));
        fields.put("rollback", new Document.Text(line.back()));
        return new Content.Passage(
                "%2d  %-8s %s"
                        .formatted(number, line.state().word(), line.stage().title()),
                details,
                line.stage().title(),
                new Document.Mapping(fields));
    }
}

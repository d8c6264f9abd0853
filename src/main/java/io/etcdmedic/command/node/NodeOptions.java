package io.etcdmedic.command.node;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.finding.Finding;
import io.etcdmedic.host.IoReason;
import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.host.Machine;
import io.etcdmedic.node.InspectCheck;
import io.etcdmedic.node.facts.AnswerFromFile;
import io.etcdmedic.node.facts.DockerContainers;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.facts.SavedFacts;
import io.etcdmedic.render.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/// Which node is judged: this machine, the tree of another one, or facts that were saved.
public final class NodeOptions {
    /// Commands of a cure that change the node's files, and so must be told which node.
    private static final Pattern CHANGES_FILES = Pattern.compile("medic node (certs fix|cni restore)(?! --snippet)");

    @Option(names = "--root", paramLabel = "DIR", description = "the node's files lie below DIR (default: /)")
    private Optional<Path> root = Optional.empty();

    @Option(
            names = "--facts",
            paramLabel = "DIR",
            description = "judge the facts that node inspect --save left, not this machine")
    private Optional<Path> facts = Optional.empty();

    @Option(
            names = "--docker-inspect",
            paramLabel = "FILE",
            description = "what docker inspect said of RKE1's containers, kept from before")
    private Optional<Path> dockerInspect = Optional.empty();

    /// @throws Failure.Usage when both a tree and saved facts are named
    /// @throws Failure.Unreachable when what is named is not there
    public Machine machine() {
        if (root.isPresent() && facts.isPresent()) {
            throw new Failure.Usage(Problem.in("choosing a node")
                    .found("both --root and --facts are given")
                    .expected("one of them"));
        }
        Machine machine =
                facts.<Machine>map(SavedFacts::open).orElseGet(() -> LiveMachine.at(root.orElse(Path.of("/"))));
        return dockerInspect
                .<Machine>map(file -> AnswerFromFile.of(machine, DockerContainers.question(), file))
                .orElse(machine);
    }

    public NodeFacts facts() {
        return NodeFacts.of(machine());
    }

    /// The folder below which files are changed, free of links.
    ///
    /// @throws Failure.Refused for saved facts, which are only judged
    public Path writableRoot() {
        if (facts.isPresent()) {
            throw new Failure.Refused(Problem.in("changing the node")
                    .found("--facts names what was saved of it")
                    .expected("this machine, or --root DIR"));
        }
        Path folder = root.orElse(Path.of("/"));
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            throw new Failure.Unreachable(
                            Problem.in("looking at the machine below " + folder).found(IoReason.of(e)))
                    .because(e);
        }
    }

    /// @throws Failure.Refused when another machine is judged, on which no program can be run
    public void requireThisMachine(String operation) {
        if (writableRoot().getNameCount() != 0) {
            throw new Failure.Refused(Problem.in(operation)
                    .found("--root names a machine that does not run")
                    .expected("this machine"));
        }
    }

    /// Whether facts that were saved are judged, and no machine.
    boolean isSaved() {
        return facts.isPresent();
    }

    /// Whether the machine that is judged is the one we run on.
    public boolean isThisMachine() {
        return facts.isEmpty()
                && root.map(folder -> folder.toAbsolutePath().normalize().getNameCount() == 0)
                        .orElse(true);
    }

    /// A report of `findings`, and of what could not be judged because the facts were saved without it.
    Report report(NodeFacts judged, List<Finding> findings) {
        List<Finding> all = new ArrayList<>(findings);
        if (judged.machine() instanceof SavedFacts saved && !saved.gaps().isEmpty()) {
            all.add(Finding.unknown("facts/gaps", saved.name())
                    .evidence("%d questions were not asked when they were saved: %s"
                            .formatted(
                                    saved.gaps().size(),
                                    String.join(
                                            ", ", saved.gaps().stream().limit(5).toList())))
                    .consequence("They are answered as if nothing were there.")
                    .cure("save them anew on the node: medic node inspect --save DIR"));
        }
        InspectCheck.denied(judged.machine()).ifPresent(all::add);
        return FindingsReport.of(judged.machine().name(), here(all));
    }

    /// The same findings, their cures aimed at the tree that was judged.
    List<Finding> here(List<Finding> findings) {
        return findings.stream().map(this::cureHere).toList();
    }

    private Finding cureHere(Finding finding) {
        if (root.isEmpty() || isThisMachine()) {
            return finding;
        }
        return finding.cure(CHANGES_FILES
                .matcher(finding.cure())
                .replaceAll(match -> Matcher.quoteReplacement(match.group() + " --root " + root.get())));
    }
}

package io.etcdmedic.command.node;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.host.Machine;
import io.etcdmedic.node.facts.AnswerFromFile;
import io.etcdmedic.node.facts.DockerContainers;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.facts.SavedFacts;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Which node is judged: this machine, the tree of another one, or facts that were saved.
public final class NodeOptions {
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

    /// Whether the machine that is judged is the one we run on, which alone has processes, tools and a clock of ours.
    public boolean isThisMachine() {
        return facts.isEmpty()
                && root.map(r -> r.toAbsolutePath().normalize().getNameCount() == 0)
                        .orElse(true);
    }

    /// The folder below which files are changed; empty for saved facts, which are only judged.
    public Optional<Path> root() {
        return facts.isPresent() ? Optional.empty() : Optional.of(root.orElse(Path.of("/")));
    }
}

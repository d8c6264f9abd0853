package io.etcdmedic.node.journey;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Escape;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.DurableFile;
import io.etcdmedic.host.IoReason;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.facts.SavedFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// How far a rebuild has come: one line for each stage that was reached, written durably before it is told.
///
/// Shape: `STAGE`, time, evidence, separated by tabs, escaped. The facts of before the switch lie beside it.
public final class RebuildState {
    private static final String FILE = "rebuild.tsv";
    private final Path folder;
    private final Map<Stage, Done> done = new EnumMap<>(Stage.class);

    /// @param at when it was verified
    public record Done(Instant at, String evidence) {}

    private RebuildState(Path folder) {
        this.folder = folder;
    }

    /// The rebuild of one node among those under way: what one node reached must not count for another.
    ///
    /// @param folder the state folder's own
    /// @param names what the node is called, as far as it says so itself
    /// @throws Failure.Usage when it cannot be told which rebuild is meant
    public static RebuildState of(Path folder, Set<String> names) {
        List<String> known = underWay(folder);
        List<String> own = known.stream()
                .filter(child -> isOf(folder.resolve(child), names))
                .toList();
        if (own.size() == 1) {
            return open(folder.resolve(own.getFirst()));
        }
        if (own.size() > 1 || names.isEmpty() && known.size() != 1) {
            throw new Failure.Usage(Problem.in("looking for the rebuild of this node")
                    .found(
                            names.isEmpty()
                                    ? "nothing says what the node is called, and %d rebuilds are under way"
                                            .formatted(known.size())
                                    : "several are under way: " + String.join(", ", own))
                    .hint("name it: --node NAME"));
        }
        return open(folder.resolve(
                names.isEmpty() ? known.getFirst() : fileName(names.iterator().next())));
    }

    /// By its name, or by a name that the node had when its facts were kept: between the two systems the kubelet's
    /// is gone.
    private static boolean isOf(Path folder, Set<String> names) {
        RebuildState state = new RebuildState(folder);
        return names.stream().map(RebuildState::fileName).anyMatch(folder::endsWith)
                || state.hasFacts()
                        && NodeFacts.of(SavedFacts.open(state.facts())).nodeNames().stream()
                                .anyMatch(names::contains);
    }

    private static List<String> underWay(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(Files::isDirectory)
                    .map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new Failure.Unreachable(Problem.in("reading " + folder).found(IoReason.of(e))).because(e);
        }
    }

    /// A name is a host's or an address; anything else in it is no part of a path.
    private static String fileName(String name) {
        return name.replaceAll("[^A-Za-z0-9.:_-]", "_").replaceAll("^\\.+", "_");
    }

    /// @param folder the state folder's own; made when something is written
    /// @throws Failure.Corrupt when a line cannot be read: what was reached must not be guessed
    public static RebuildState open(Path folder) {
        RebuildState state = new RebuildState(folder);
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return state;
        }
        int number = 0;
        try {
            for (String line : Files.readAllLines(file)) {
                number++;
                String[] field = line.split("\t", -1);
                state.done.put(
                        Stage.valueOf(field[0]),
                        new Done(Instant.parse(field[1]), Escape.parse(field[2]).toUtf8()));
            }
        } catch (IOException e) {
            throw new Failure.Unreachable(Problem.in("reading " + file).found(IoReason.of(e))).because(e);
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException | DateTimeParseException e) {
            throw new Failure.Corrupt(Problem.in("reading line %d of %s".formatted(number, file))
                            .found(String.valueOf(e.getMessage()))
                            .hint("look at it; or begin again with --restart"))
                    .because(e);
        }
        return state;
    }

    public Optional<Done> done(Stage stage) {
        return Optional.ofNullable(done.get(stage));
    }

    /// Where the facts of before the switch are kept.
    public Path facts() {
        return folder.resolve("facts");
    }

    public boolean hasFacts() {
        return Files.exists(facts().resolve("medic-facts"));
    }

    /// Writes it down; a stage is never taken back but by [#restart].
    public void reached(Stage stage, Instant now, String evidence) {
        done.put(stage, new Done(now, evidence));
        List<String> lines = new ArrayList<>();
        done.forEach((s, d) -> lines.add(s.name() + "\t" + d.at() + "\t" + Escape.printable(Bytes.utf8(d.evidence()))));
        DurableFile.folder(folder);
        DurableFile.write(folder.resolve(FILE), Bytes.utf8(String.join("\n", lines) + "\n"));
    }

    /// Forgets what was reached; the kept facts stay.
    public void restart() {
        done.clear();
        try {
            Files.deleteIfExists(folder.resolve(FILE));
        } catch (IOException e) {
            throw new Failure.Unreachable(
                            Problem.in("forgetting " + folder.resolve(FILE)).found(IoReason.of(e)))
                    .because(e);
        }
    }
}

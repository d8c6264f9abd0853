package io.etcdmedic.shell;

import io.etcdmedic.apiserver.PlayedApi;
import io.etcdmedic.apiserver.PlayedCluster;
import io.etcdmedic.apiserver.PlayedKeyspace;
import io.etcdmedic.codec.Codec;
import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.SharedOptions;
import io.etcdmedic.command.Surroundings;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Overlay;
import io.etcdmedic.kubernetes.network.Cidr;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import io.etcdmedic.shell.terminal.Conversation;
import io.etcdmedic.snapshot.SnapshotFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;

/// `demo`: the embedded database of a broken cluster, to look at and to mend; no server, no network.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic demo                             a prompt; type tour, or help",
            "  medic demo <commands                   the commands of a file",
            "  medic demo </dev/null                  the tour without stops",
            "  medic demo --keep snap.db              leave the database file for your own tries",
            "Database, journal and archives lie in a folder of memory (/dev/shm; where there is none, the temporary",
            "folder) that goes with the demo. One that was killed leaves it there until the next demo removes it."
        })
public final class Demo implements Command {
    /// `--service-cluster-ip-range` of the kube-apiserver that is played.
    static final String RANGE = "10.43.0.0/16";

    private static final String WELCOME = """
            The etcd of a broken cluster, in memory: nothing that you do here stays.
            tour tells its story, help lists the commands, Ctrl-D leaves.
            """;

    @CommandLine.Option(names = "--keep", paramLabel = "FILE", description = "write the database to this new file")
    private Optional<Path> keep = Optional.empty();

    @Override
    public Report run(Session session) {
        PassingFolder passing = PassingFolder.make("medic-demo-");
        session.atEnd(passing::close);
        Path folder = passing.path();
        Path database = copyTo(keep.orElseGet(() -> folder.resolve("servicecidr-broken.db")));
        Path state = folder.resolve("state");
        SharedOptions options = session.options().over(new SharedOptions()).withState(state);
        Interpreter interpreter = new Interpreter(
                session.surroundings(),
                options,
                (around, named) -> named.namesTarget() ? new Session(around, named) : played(around, named, database),
                Map.of());
        session.atEnd(interpreter::close);
        interpreter.offer(Tour.row(interpreter));
        if (session.prompt().isThere() && session.console().terminal()) {
            ExitCode code = new Conversation(interpreter, () -> state).hold(WELCOME);
            return Report.of(new Content.Prose("")).exit(code);
        }
        ExitCode worst = new ScriptRun(interpreter, Optional.empty(), true)
                .run(commandsOrTour(new Script("stdin", session.console().in()))::next);
        return Report.of(new Content.Prose("")).exit(worst);
    }

    /// The database with a cluster played over it, whose kube-apiserver runs with [#RANGE].
    private static Session played(Surroundings around, SharedOptions options, Path database) {
        Overlay overlay = new Overlay(SnapshotFile.open(database));
        PlayedCluster cluster = new PlayedCluster(
                overlay,
                Codec.plain()::document,
                "/registry",
                Cidr.parseAll(RANGE),
                around.clock(),
                new SecureRandom());
        return Session.played(around, options, new PlayedKeyspace(cluster), new PlayedApi(cluster));
    }

    private interface Lines {
        Optional<Script.Line> next();
    }

    /// The lines of `input`; the tour when there is none.
    private static Lines commandsOrTour(Script input) {
        Optional<Script.Line> first = input.next();
        var head = new java.util.ArrayDeque<Script.Line>();
        head.add(first.orElse(new Script.Line("demo", 1, "tour")));
        return () -> head.isEmpty() ? first.flatMap(_ -> input.next()) : Optional.of(head.removeFirst());
    }

    private static Path copyTo(Path file) {
        try (InputStream database = SnapshotFile.class.getResourceAsStream("servicecidr-broken.db")) {
            if (database == null) {
                throw new IllegalStateException("servicecidr-broken.db is not in the jar");
            }
            Files.copy(database, file);
            return file;
        } catch (IOException e) {
            throw unwritable("writing " + file, e);
        }
    }

    private static Failure unwritable(String operation, IOException cause) {
        return new Failure.Unreachable(Problem.in(operation).found(cause.toString())).because(cause);
    }
}

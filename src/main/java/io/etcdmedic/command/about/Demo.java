package io.etcdmedic.command.about;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import io.etcdmedic.snapshot.SnapshotFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// `demo`: real commands on the embedded database of a broken cluster; no server, no network.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {"  medic demo", "  medic demo --keep snap.db     leave the database file for your own tries"})
public final class Demo implements Command {
    private static final String INTRODUCTION = """
            This is the etcd database of a real cluster after an accident. Its apiserver ran once with
            --service-cluster-ip-range=10.0.0.0/24 and then again with 10.43.0.0/16. The default ServiceCIDR still says
            10.0.0.0/24 and the Service default/kubernetes still has 10.0.0.1, while every other Service lies in
            10.43.0.0/16. kubectl cannot mend that: a ServiceCIDR's ranges are immutable. Here is what medic sees.
            """;
    private static final String END = """
            The same on your own cluster's file:  medic --snapshot FILE COMMAND
            """;
    private static final List<List<String>> STEPS = List.of(
            List.of("status"),
            List.of("tree", "/registry/services/"),
            List.of("get", "servicecidr", "kubernetes", "-o", "meta"),
            List.of("history", "servicecidr", "kubernetes"),
            List.of("top", "--limit", "5"));

    @CommandLine.Option(names = "--keep", paramLabel = "FILE", description = "write the database to this new file")
    private Optional<Path> keep = Optional.empty();

    @Override
    public Report run(Session session) {
        Path database = keep.map(Demo::copyTo).orElseGet(() -> passing(session));
        List<Content.Part> parts = new ArrayList<>();
        parts.add(new Content.Part("", "introduction", new Content.Prose(INTRODUCTION)));
        for (List<String> words : STEPS) {
            String title = "$ medic " + String.join(" ", words);
            parts.add(new Content.Part(
                    title, words.getFirst(), session.ask(database, words).content()));
        }
        parts.add(new Content.Part("", "end", new Content.Prose(END)));
        return Report.of(new Content.Parts(parts));
    }

    /// A copy that is gone when the session ends.
    private static Path passing(Session session) {
        try {
            Path folder = Files.createTempDirectory("medic-demo");
            Path file = folder.resolve("servicecidr-broken.db");
            session.atEnd(() -> {
                Files.deleteIfExists(file);
                Files.deleteIfExists(folder);
            });
            return copyTo(file);
        } catch (IOException e) {
            throw unwritable("making a folder for the demo", e);
        }
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

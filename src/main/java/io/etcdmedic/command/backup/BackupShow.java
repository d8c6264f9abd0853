package io.etcdmedic.command.backup;

import io.etcdmedic.archive.ArchiveKeyspace;
import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.SharedOptions;
import io.etcdmedic.command.inspect.Get;
import io.etcdmedic.render.Report;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// `backup show FILE KEY…`: keys of an archive, as `get` shows them.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic backup show all.tar.gz svc/web -n shop -o yaml",
            "  medic backup show all.tar.gz svc/web -n shop -o raw > web.bin",
            "  medic get svc/web -n shop --snapshot all.tar.gz    every inspecting command reads archives, too"
        })
public final class BackupShow implements Command {
    @CommandLine.Parameters(index = "0", paramLabel = "FILE", description = "an archive")
    private Path file = Path.of("");

    @CommandLine.Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "KEY",
            description = "keys, or a resource and names")
    private List<String> words = new ArrayList<>();

    @CommandLine.Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description = "namespace (default: default)")
    private Optional<String> namespace = Optional.empty();

    @Override
    public Report run(Session session) {
        List<String> line = new ArrayList<>(words);
        namespace.ifPresent(name -> line.addAll(List.of("-n", name)));
        Get get = new Get();
        new CommandLine(get).parseArgs(line.toArray(String[]::new));
        SharedOptions options = session.options().withSnapshot(file);
        Session archive = Session.over(session.surroundings(), options, ArchiveKeyspace.open(file));
        session.atEnd(archive::close);
        return get.run(archive);
    }
}

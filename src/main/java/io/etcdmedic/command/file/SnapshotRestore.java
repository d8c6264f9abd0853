package io.etcdmedic.command.file;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.ProgressBar;
import io.etcdmedic.render.Report;
import io.etcdmedic.snapshot.SnapshotCheck;
import io.etcdmedic.snapshot.SnapshotFile;
import io.etcdmedic.snapshot.SnapshotKeyspace;
import java.nio.file.Path;
import picocli.CommandLine;

/// `snapshot restore FILE --print`: the commands that bring a cluster back from this file.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic snapshot restore snap.db --print",
            "Nothing is restored: the commands are for the hosts of the members. The file is verified first."
        })
public final class SnapshotRestore implements Command {
    @CommandLine.Parameters(paramLabel = "FILE", description = "a snapshot")
    private Path path = Path.of("");

    @CommandLine.Option(names = "--print", required = true, description = "print the commands")
    private boolean print;

    @CommandLine.Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "the new data directory (default: /var/lib/etcd-restored)")
    private Path dataDir = Path.of("/var/lib/etcd-restored");

    @Override
    public Report run(Session session) {
        SnapshotCheck check;
        try (ProgressBar bar = session.progress("verifying " + path, ProgressBar.Unit.BYTES)) {
            check = SnapshotCheck.of(path, bar);
        }
        if (!check.isSound()) {
            throw new Failure.Corrupt(Problem.in("planning a restore of " + path)
                    .found("the file is damaged")
                    .expected("a snapshot that verifies")
                    .hint("medic snapshot verify " + path));
        }
        boolean sealed = check.content() == SnapshotCheck.Content.VERIFIED;
        try (SnapshotKeyspace file = SnapshotFile.open(path)) {
            RestoreCommands commands =
                    new RestoreCommands(path, dataDir, sealed, file.facts().members());
            if (!print || commands.members().isEmpty()) {
                throw new Failure.Refused(Problem.in("planning a restore of " + path)
                        .found("the file names no member that votes and has started")
                        .hint("etcdutl snapshot restore --help"));
            }
            Report report = Report.of(new Content.Prose(commands.text(file.revision())));
            return sealed
                    ? report
                    : report.saying("medic: " + path + " is a copied database without a hash: nothing can prove its"
                            + " content, and etcdutl takes it with --skip-hash-check only; a file from"
                            + " `etcdctl snapshot save` is better");
        }
    }
}

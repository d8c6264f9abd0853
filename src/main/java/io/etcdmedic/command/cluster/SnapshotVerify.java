package io.etcdmedic.command.cluster;

import io.etcdmedic.bbolt.PageFault;
import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.render.ProgressBar;
import io.etcdmedic.render.Report;
import io.etcdmedic.snapshot.SnapshotCheck;
import io.etcdmedic.snapshot.StoredFault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/// `snapshot verify FILE`: whether a database file is whole; exit code 5 when it is not.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic snapshot verify snap.db            hash, pages and every stored change",
            "  medic snapshot verify snap.db -o json"
        })
public final class SnapshotVerify implements Command {
    @CommandLine.Parameters(paramLabel = "FILE", description = "an etcd database file")
    private Path path = Path.of("");

    @Override
    public Report run(Session session) {
        try (ProgressBar bar = session.progress("verifying " + path, ProgressBar.Unit.BYTES)) {
            return report(SnapshotCheck.of(path, bar));
        }
    }

    private Report report(SnapshotCheck check) {
        List<List<Document>> rows = new ArrayList<>();
        rows.add(Facts.row("file", path.toString()));
        rows.add(Facts.row("bytes", check.fileBytes()));
        rows.add(Facts.row("content", check.content().words()));
        rows.add(Facts.row(
                "sha256 computed", check.computed().map(Object::toString).orElse("not computed")));
        rows.add(Facts.row("sha256 stored", check.stored().map(Object::toString).orElse("")));
        rows.add(Facts.row("changes", check.changes()));
        rows.add(Facts.row("deletions among them", check.tombstones()));
        rows.add(Facts.row("newest revision", check.lastRevision()));
        rows.add(Facts.row("page faults", check.structure().faultCount()));
        rows.add(Facts.row("undecodable changes", check.entryFaultCount()));
        Report report = Report.of(Facts.properties(rows));
        if (check.strayBytes() > 0) {
            report = report.saying("medic: the file ends with " + check.strayBytes()
                    + " bytes that belong to no page; expected none, or the 32 of a sha256: it was cut, or written to");
        }
        for (PageFault fault : check.structure().faults()) {
            report = report.saying("medic: " + Facts.words(fault));
        }
        for (StoredFault fault : check.entryFaults()) {
            report = report.saying("medic: page " + fault.page() + ", offset " + fault.offset() + ": " + fault.found());
        }
        return report.exit(check.isSound() ? ExitCode.OK : ExitCode.CORRUPT);
    }
}

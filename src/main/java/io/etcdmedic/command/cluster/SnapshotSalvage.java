package io.etcdmedic.command.cluster;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.KeyCell;
import io.etcdmedic.render.ProgressBar;
import io.etcdmedic.render.Report;
import io.etcdmedic.snapshot.Salvage;
import io.etcdmedic.snapshot.SalvagedKeyspace;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;

/// `snapshot salvage FILE`: the newest change of each key that a damaged file still holds; exit code 5.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic snapshot salvage damaged.db             each key, how sure it is and where it lies",
            "  medic snapshot salvage damaged.db -o jsonl"
        })
public final class SnapshotSalvage implements Command {
    private static final List<Column> COLUMNS = List.of(
            Column.key("KEY", "key"),
            Column.of("REVISION", "revision"),
            Column.of("DELETED", "deleted"),
            Column.of("CERTAINTY", "certainty"),
            Column.of("PAGE", "page"),
            Column.of("OFFSET", "offset"));

    @CommandLine.Parameters(paramLabel = "FILE", description = "an etcd database file, damaged or not")
    private Path path = Path.of("");

    @Override
    public Report run(Session session) {
        try (ProgressBar bar = session.progress("salvaging " + path, ProgressBar.Unit.BYTES);
                SalvagedKeyspace salvaged = Salvage.of(path, bar)) {
            Report report = Report.of(new Content.Table(
                    COLUMNS, salvaged.found().stream().map(SnapshotSalvage::row).toList()));
            for (var fault : salvaged.faults()) {
                report = report.saying("medic: " + Facts.words(fault));
            }
            long undecodable = salvaged.tally().undecodable();
            if (undecodable > 0) {
                report = report.saying("medic: " + undecodable + " changes cannot be decoded");
            }
            return report.saying("medic: " + salvaged.tally().strayChanges() + " changes lie in "
                            + salvaged.tally().strayPages() + " pages that no tree reaches")
                    .exit(ExitCode.CORRUPT);
        }
    }

    private static List<Document> row(SalvagedKeyspace.Found found) {
        return List.of(
                KeyCell.of(found.key()),
                new Document.Whole(found.revision().number()),
                Document.Truth.of(found.deleted()),
                new Document.Text(found.certainty().words()),
                new Document.Whole(found.page()),
                new Document.Whole(found.offset()));
    }
}

package io.etcdmedic.command.cluster;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.render.ProgressBar;
import io.etcdmedic.render.Report;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/// `snapshot save FILE`: one member's database, hashed while it arrives.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic snapshot save snap.db             mode 0600; the name appears when the hash is right",
            "  medic snapshot save snap.db --endpoints https://10.0.0.2:2379     from this member"
        })
public final class SnapshotSave implements Command {
    @CommandLine.Parameters(paramLabel = "FILE", description = "a file that does not exist yet")
    private Path path = Path.of("");

    @Override
    public Report run(Session session) {
        try (ProgressBar bar = session.progress("saving " + path, ProgressBar.Unit.BYTES)) {
            io.etcdmedic.etcd.SnapshotSave saved = session.cluster().save(path, bar::at);
            List<List<Document>> rows = new ArrayList<>();
            rows.add(Facts.row("file", saved.file().toString()));
            rows.add(Facts.row("bytes", saved.bytes()));
            rows.add(Facts.row("sha256", saved.sha256().toString()));
            rows.add(Facts.row("revision", saved.revision()));
            rows.add(Facts.row("member", Long.toHexString(saved.member().memberId())));
            rows.add(Facts.row("source", saved.member().endpoint().toString()));
            return Report.of(Facts.properties(rows));
        }
    }
}

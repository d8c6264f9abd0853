package io.etcdmedic.command.backup;

import io.etcdmedic.archive.Archive;
import io.etcdmedic.archive.Manifest;
import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.change.FieldsReport;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.Document.Whole;
import io.etcdmedic.render.Format;
import io.etcdmedic.render.Report;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import picocli.CommandLine;

/// `backup verify FILE`: reads an archive from its first byte to its last.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {"  medic backup verify all.tar.gz    exit 5 when one byte of it was changed"})
public final class BackupVerify implements Command {
    @CommandLine.Parameters(paramLabel = "FILE", description = "an archive")
    private Path file = Path.of("");

    @Override
    public Report run(Session session) {
        Manifest manifest = Archive.open(file).manifest();
        SequencedMap<String, Document> fields = new LinkedHashMap<>();
        fields.put("archive", new Text(file.toString()));
        fields.put("state", new Text("whole"));
        fields.put("of", new Text(manifest.head().of()));
        if (!manifest.head().created().isEmpty()) {
            fields.put("created", new Text(manifest.head().created()));
        }
        fields.put("source", new Text(manifest.head().source()));
        fields.put("clusterId", new Text(manifest.head().clusterId()));
        fields.put("revision", new Whole(manifest.head().revision().number()));
        fields.put("keys", new Whole(manifest.keys()));
        fields.put("files", new Whole(manifest.files()));
        return FieldsReport.of(fields, session.format(Format.TABLE));
    }
}

package io.etcdmedic.command.backup;

import io.etcdmedic.archive.Archive;
import io.etcdmedic.archive.ArchiveLines;
import io.etcdmedic.archive.Manifest;
import io.etcdmedic.archive.Manifest.ArchivedFile;
import io.etcdmedic.archive.Manifest.ArchivedKey;
import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.Document.Whole;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.KeyCell;
import io.etcdmedic.render.Report;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import picocli.CommandLine;

/// `backup list FILE`: what an archive holds.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {"  medic backup list all.tar.gz", "  medic backup list all.tar.gz -o jsonl"})
public final class BackupList implements Command {
    private static final List<Column> COLUMNS = List.of(
            Column.key("KEY", "key"),
            Column.of("MODIFIED", "modRevision"),
            Column.of("CREATED", "createRevision"),
            Column.of("VERSION", "version"),
            Column.of("LEASE", "lease"),
            Column.bytes("SIZE", "valueBytes"),
            Column.of("SHA256", "sha256"));

    @CommandLine.Parameters(paramLabel = "FILE", description = "an archive")
    private Path file = Path.of("");

    @Override
    public Report run(Session session) {
        ArchiveLines lines = Archive.open(file).lines();
        session.atEnd(lines::close);
        return Report.of(new Content.Table(COLUMNS, rows(lines)));
    }

    private static Iterator<List<Document>> rows(ArchiveLines lines) {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(lines, Spliterator.ORDERED), false)
                .map(BackupList::row)
                .iterator();
    }

    private static List<Document> row(Manifest.Line line) {
        return switch (line) {
            case ArchivedKey key -> row(key);
            case ArchivedFile machineFile -> row(machineFile);
        };
    }

    private static List<Document> row(ArchivedKey key) {
        return List.of(
                KeyCell.of(key.key()),
                new Whole(key.modRevision().number()),
                new Whole(key.createRevision().number()),
                new Whole(key.version()),
                key.lease().isNone() ? Document.Nil.NULL : new Text(key.lease().hex()),
                new Whole(key.bytes()),
                new Text(key.sha256().hex()));
    }

    private static List<Document> row(ArchivedFile file) {
        return List.of(
                new Text("file " + file.path()),
                Document.Nil.NULL,
                Document.Nil.NULL,
                Document.Nil.NULL,
                Document.Nil.NULL,
                new Whole(file.bytes()),
                new Text(file.sha256().hex()));
    }
}

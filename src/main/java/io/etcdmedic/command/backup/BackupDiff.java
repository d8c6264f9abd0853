package io.etcdmedic.command.backup;

import io.etcdmedic.archive.Archive;
import io.etcdmedic.archive.ArchiveLines;
import io.etcdmedic.archive.Manifest;
import io.etcdmedic.archive.Manifest.ArchivedKey;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.Document.Whole;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.KeyCell;
import io.etcdmedic.render.Report;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import picocli.CommandLine;

/// `backup diff FILE`: which keys of an archive are gone from the source, or hold another value there.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic backup diff shop.tar.gz                       against the cluster; exit 1 when something differs",
            "  medic backup diff shop.tar.gz --snapshot snap.db",
            "  medic diff --help                                   compares whole sources, object by object"
        })
public final class BackupDiff implements Command {
    private static final List<Column> COLUMNS = List.of(
            Column.key("KEY", "key"),
            Column.of("NOW", "now"),
            Column.of("MODIFIED THEN", "modRevisionThen"),
            Column.of("MODIFIED NOW", "modRevisionNow"));

    @CommandLine.Parameters(paramLabel = "FILE", description = "an archive")
    private Path file = Path.of("");

    @Override
    public Report run(Session session) {
        ArchiveLines lines = Archive.open(file).lines();
        session.atEnd(lines::close);
        Keyspace keyspace = session.keyspace();
        Optional<Revision> now = Optional.of(keyspace.revision());
        Iterator<List<Document>> rows = StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(lines, Spliterator.ORDERED), false)
                .flatMap(line -> difference(line, key -> keyspace.get(key, now)).stream())
                .iterator();
        ExitCode exit = rows.hasNext() ? ExitCode.FINDINGS : ExitCode.OK;
        return Report.of(new Content.Table(COLUMNS, rows)).exit(exit);
    }

    /// What differs; nothing for a key with the same value, nor for a file of the machine.
    private static Optional<List<Document>> difference(Manifest.Line line, Function<Key, Optional<Entry>> now) {
        if (!(line instanceof ArchivedKey key)) {
            return Optional.empty();
        }
        Optional<Entry> present = now.apply(key.key());
        if (present.map(Entry::value).map(Sha256::of).equals(Optional.of(key.sha256()))) {
            return Optional.empty();
        }
        return Optional.of(List.of(
                KeyCell.of(key.key()),
                new Text(present.isPresent() ? "another value" : "gone"),
                new Whole(key.modRevision().number()),
                present.<Document>map(e -> new Whole(e.modRevision().number())).orElse(Document.Nil.NULL)));
    }
}

package io.etcdmedic.command.inspect;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import io.etcdmedic.snapshot.SnapshotFile;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// `diff`: the keys in which two revisions, or two sources, differ.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic diff --snapshot snap.db --from 1200 --to 1300",
            "  medic diff --snapshot snap.db --from 1200                  since then",
            "  medic diff --snapshot old.db --with new.db",
            "  medic diff --snapshot old.db --with new.db --prefix /registry/services/",
            "Exit code 1 when anything differs."
        })
public final class Diff implements Command {
    private static final List<Column> COLUMNS = List.of(
            Column.of("CHANGE", "change"),
            Column.of("REVISION BEFORE", "revisionBefore"),
            Column.of("REVISION AFTER", "revisionAfter"),
            Column.bytes("SIZE BEFORE", "bytesBefore"),
            Column.bytes("SIZE AFTER", "bytesAfter"),
            Column.of("KEY", "key"));

    @CommandLine.Option(names = "--with", paramLabel = "FILE", description = "the database file that comes after")
    private Optional<Path> with = Optional.empty();

    @CommandLine.Option(names = "--from", paramLabel = "N", description = "the revision before")
    private Optional<Long> from = Optional.empty();

    @CommandLine.Option(names = "--to", paramLabel = "N", description = "the revision after (default: the newest)")
    private Optional<Long> to = Optional.empty();

    @CommandLine.Option(names = "--prefix", paramLabel = "PREFIX", description = "only keys that begin so")
    private Optional<String> prefix = Optional.empty();

    @Override
    public Report run(Session session) {
        if (with.isEmpty() && from.isEmpty()) {
            throw new Failure.Usage(Problem.in("reading the command line")
                    .found("nothing to compare with")
                    .expected("--from N, or --with FILE")
                    .hint("medic diff --help"));
        }
        KeyRange range = Ranges.of(session, prefix, true);
        Keyspace before = session.keyspace();
        Keyspace after = with.<Keyspace>map(SnapshotFile::open).orElse(before);
        if (with.isPresent()) {
            session.atEnd(after::close);
        }
        Differing differing = new Differing(scan(before, range, from), scan(after, range, to));
        Report report = Report.of(new Content.Table(COLUMNS, rows(differing)));
        return differing.hasNext() ? report.exit(ExitCode.FINDINGS) : report;
    }

    private static Entries scan(Keyspace keyspace, KeyRange range, Optional<Long> revision) {
        return keyspace.scan(range, new Scan(revision.map(Revision::of), Scan.Content.VALUES));
    }

    private static Iterator<List<Document>> rows(Differing differing) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return differing.hasNext();
            }

            @Override
            public List<Document> next() {
                return row(differing.next());
            }
        };
    }

    private static List<Document> row(Differing.Pair pair) {
        String change = pair.before().isEmpty() ? "added" : pair.after().isEmpty() ? "removed" : "changed";
        Entry either = pair.after().or(pair::before).orElseThrow();
        return List.of(
                Shown.text(change),
                revision(pair.before()),
                revision(pair.after()),
                size(pair.before()),
                size(pair.after()),
                Shown.text(either.key().display()));
    }

    private static Document revision(Optional<Entry> entry) {
        return entry.map(e -> Shown.number(e.modRevision().number())).orElse(Document.Nil.NULL);
    }

    private static Document size(Optional<Entry> entry) {
        return entry.map(e -> Shown.number(e.value().length())).orElse(Document.Nil.NULL);
    }
}

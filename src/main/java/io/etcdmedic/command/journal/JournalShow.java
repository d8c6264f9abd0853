package io.etcdmedic.command.journal;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.Document.Whole;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import io.etcdmedic.repair.Words;
import io.etcdmedic.repair.journal.Event;
import io.etcdmedic.repair.journal.JournalFile;
import io.etcdmedic.repair.journal.KeyState;
import io.etcdmedic.repair.journal.Progress;
import io.etcdmedic.repair.journal.Record;
import io.etcdmedic.repair.state.State;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;

/// `journal show ID`: everything that the journal holds about one change.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {"  medic journal show 6d07d1a5", "  medic journal show 6d07d1a5 -o json"})
public final class JournalShow implements Command {
    private static final List<Column> COLUMNS = List.of(
            Column.of("TIME", "time"),
            Column.of("EVENT", "event"),
            Column.of("STEP", "step"),
            Column.of("REVISION", "revision"),
            Column.of("WHAT", "what"));

    @CommandLine.Parameters(paramLabel = "ID", description = "the entry's id, or how it begins")
    private String id = "";

    @Override
    public Report run(Session session) {
        State state = State.read(session.state());
        Progress entry = state.entry(id);
        List<List<Document>> rows = new ArrayList<>();
        for (JournalFile.Line line : state.journal().lines()) {
            if (line.record().entry().equals(entry.entry())) {
                rows.add(row(line));
            }
        }
        return waiting(entry, Report.of(new Content.Table(COLUMNS, rows)));
    }

    private static Report waiting(Progress entry, Report report) {
        Record newest = entry.records().getLast();
        if (newest.event() != Event.WAITING) {
            return report;
        }
        return report.saying("medic: not whole yet: " + newest.fact("why").orElse(""))
                .saying("medic: to look again: medic journal resume "
                        + entry.entry().substring(0, 8));
    }

    private static List<Document> row(JournalFile.Line line) {
        Record record = line.record();
        String facts = record.facts().entrySet().stream()
                .filter(fact -> !fact.getValue().isEmpty())
                .map(fact -> fact.getKey() + "=" + fact.getValue())
                .collect(Collectors.joining(" "));
        String states = record.states().stream().map(JournalShow::words).collect(Collectors.joining("; "));
        return List.of(
                new Text(line.time()),
                new Text(record.event().name()),
                record.step() == Record.WHOLE_PLAN ? Document.Nil.NULL : new Whole(record.step() + 1L),
                record.revision() == 0 ? Document.Nil.NULL : new Whole(record.revision()),
                new Text(facts.isEmpty() || states.isEmpty() ? facts + states : facts + "; " + states));
    }

    private static String words(KeyState state) {
        return state.key().display() + " " + Words.of(state.expectation());
    }
}

package io.etcdmedic.command.journal;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import io.etcdmedic.repair.journal.JournalFile;
import io.etcdmedic.repair.journal.Progress;
import io.etcdmedic.repair.journal.Record;
import io.etcdmedic.repair.state.State;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// `journal list`: every change that was begun, newest first.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {"  medic journal list", "  medic journal list -o json"})
public final class JournalList implements Command {
    private static final List<Column> COLUMNS = List.of(
            Column.of("ID", "id"),
            Column.of("TIME", "time"),
            Column.of("OUTCOME", "outcome"),
            Column.of("UNDO", "undo"),
            Column.of("TITLE", "title"));

    @Override
    public Report run(Session session) {
        State state = State.read(session.state());
        Report report = Report.of(new Content.Table(
                COLUMNS,
                state.entries().reversed().stream().map(e -> row(state, e)).toList()));
        return trouble(state.journal())
                .map(text -> report.saying("medic: " + text).exit(ExitCode.CORRUPT))
                .orElse(report);
    }

    private static List<Document> row(State state, Progress entry) {
        Optional<Record> begin = State.begin(entry);
        return List.of(
                new Text(entry.entry().substring(0, 8)),
                new Text(state.time(entry)),
                new Text(entry.outcome()),
                new Text(undo(state, entry)),
                new Text(begin.flatMap(r -> r.fact("title")).orElse("")));
    }

    private static String undo(State state, Progress entry) {
        Optional<Progress> by = state.undoneBy(entry);
        if (by.isPresent()) {
            return "undone by " + by.get().entry().substring(0, 8);
        }
        return state.isUndoable(entry) ? "possible" : "-";
    }

    static Optional<String> trouble(JournalFile journal) {
        return journal.broken().isEmpty()
                ? Optional.empty()
                : Optional.of("the journal's chain is broken at " + journal.broken()
                        + "; what stands before it is shown, and nothing more is written to it");
    }
}

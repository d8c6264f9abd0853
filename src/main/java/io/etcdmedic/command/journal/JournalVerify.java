package io.etcdmedic.command.journal;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import io.etcdmedic.repair.Fences;
import io.etcdmedic.repair.Vault;
import io.etcdmedic.repair.journal.JournalFile;
import io.etcdmedic.repair.journal.Progress;
import io.etcdmedic.repair.state.State;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/// `journal verify`: whether journal, plans and archives are as they were written, and which fences lie in etcd.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic journal verify",
            "  medic journal verify -o json    exit 5 when something was changed",
            "It also lists the fence keys that killed runs left in etcd, and says which are still needed."
        })
public final class JournalVerify implements Command {
    private static final List<Column> COLUMNS =
            List.of(Column.of("WHAT", "what"), Column.of("STATE", "state"), Column.of("DETAIL", "detail"));

    @Override
    public Report run(Session session) {
        State state = State.read(session.state());
        List<List<Document>> rows = new ArrayList<>();
        JournalFile journal = state.journal();
        rows.add(row(
                "journal " + journal.path(),
                journal.broken().isEmpty(),
                journal.broken().isEmpty()
                        ? journal.lines().size() + " lines" + tail(journal) + ", head " + journal.head()
                        : journal.broken()));
        for (Progress entry : state.entries()) {
            rows.add(check("plan of " + entry.entry().substring(0, 8), () -> state.plan(entry)));
            for (Vault.Kept kept : State.archives(entry)) {
                rows.add(check("archive " + kept.file(), () -> state.vault().verify(kept)));
            }
        }
        rows.addAll(fences(session, state));
        boolean whole = rows.stream().noneMatch(row -> row.get(1).equals(new Text("BROKEN")));
        return Report.of(new Content.Table(COLUMNS, rows)).exit(whole ? ExitCode.OK : ExitCode.CORRUPT);
    }

    /// What lies in etcd of runs that were killed. The journal is as good without: an etcd that is away is no fault.
    private static List<List<Document>> fences(Session session, State state) {
        try {
            return Fences.in(session.keyspace(), state.entries()).stream()
                    .map(JournalVerify::fence)
                    .toList();
        } catch (Failure away) {
            return List.of(List.of(
                    new Text("fences in etcd"),
                    new Text("not looked at"),
                    new Text(away.problem().message())));
        }
    }

    private static List<Document> fence(Fences.Left left) {
        String entry = left.journalEntry().map(id -> id.substring(0, 8)).orElse("");
        String what = switch (left.use()) {
            case NONE -> "nothing of entry " + entry + " hangs on it: medic journal prune --fences removes it";
            case DECIDES -> "it decides what became of entry " + entry + ": medic journal resume " + entry;
            case ELSEWHERE ->
                "of another state folder"
                        + (entry.isEmpty() ? ", where it was cancelled" : ", entry " + entry)
                        + ": medic journal resume there; until that is done it must stay";
        };
        return List.of(
                new Text("fence " + left.key().display()),
                new Text(left.use() == Fences.Use.NONE ? "left over" : "needed"),
                new Text(what));
    }

    private static String tail(JournalFile journal) {
        return switch (journal.tail()) {
            case NONE -> "";
            case UNENDED -> ", the last without its line feed";
            case TORN -> ", and a line that was cut off (it is taken away when the journal is opened)";
        };
    }

    private static List<Document> check(String what, Runnable look) {
        try {
            look.run();
            return row(what, true, "");
        } catch (Failure broken) {
            return row(what, false, broken.problem().message());
        }
    }

    private static List<Document> row(String what, boolean whole, String detail) {
        return List.of(new Text(what), new Text(whole ? "whole" : "BROKEN"), new Text(detail));
    }
}

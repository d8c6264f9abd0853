package io.etcdmedic.command.journal;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.change.Change;
import io.etcdmedic.command.change.RunOptions;
import io.etcdmedic.command.change.Sites;
import io.etcdmedic.render.Report;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.state.State;
import picocli.CommandLine;

/// `journal abandon ID`: settles what is open, sends nothing more and closes the entry.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic journal abandon 6d07d1a5",
            "  medic undo 6d07d1a5                then takes back what was applied"
        })
public final class JournalAbandon implements Command {
    @CommandLine.Parameters(paramLabel = "ID", description = "the entry's id, or how it begins")
    private String id = "";

    @Override
    public Report run(Session session) {
        State state = State.read(session.state());
        Plan plan = state.plan(state.entry(id));
        return new Change(session, new RunOptions(), Sites.of(session, plan)).abandoned(plan);
    }
}

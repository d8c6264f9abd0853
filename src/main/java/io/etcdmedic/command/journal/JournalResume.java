package io.etcdmedic.command.journal;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.change.Change;
import io.etcdmedic.command.change.RunOptions;
import io.etcdmedic.command.change.Sites;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.render.Report;
import io.etcdmedic.repair.journal.Progress;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.state.State;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// `journal resume [ID]`: settles what a run that died left open, and goes on with its plan.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic journal resume              the one entry that is open",
            "  medic journal resume 6d07d1a5     this one",
            "  medic journal abandon 6d07d1a5    settles it and sends nothing more"
        })
public final class JournalResume implements Command {
    @CommandLine.Parameters(arity = "0..1", paramLabel = "ID", description = "the entry's id, or how it begins")
    private Optional<String> id = Optional.empty();

    @CommandLine.Mixin
    private RunOptions options = new RunOptions();

    @Override
    public Report run(Session session) {
        State state = State.read(session.state());
        Progress entry = id.map(state::entry).orElseGet(() -> open(state));
        Plan plan = state.plan(entry);
        return new Change(session, options, Sites.of(session, plan)).resumed(plan);
    }

    static Progress open(State state) {
        List<Progress> open =
                state.entries().stream().filter(e -> !e.isClosed()).toList();
        Problem looking = Problem.in("looking for an open journal entry");
        if (open.isEmpty()) {
            throw new Failure.Absent(looking.found("there is none"));
        }
        if (open.size() > 1) {
            throw new Failure.Usage(looking.found(open.size() + " are open")
                    .hint("name one: "
                            + String.join(
                                    ", ",
                                    open.stream()
                                            .map(e -> e.entry().substring(0, 8))
                                            .toList())));
        }
        return open.getFirst();
    }
}

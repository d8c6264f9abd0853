package io.etcdmedic.command.journal;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.change.Change;
import io.etcdmedic.command.change.ChangeOptions;
import io.etcdmedic.command.change.Grounds;
import io.etcdmedic.command.change.Sites;
import io.etcdmedic.command.fix.Scenery;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.render.Report;
import io.etcdmedic.repair.journal.Progress;
import io.etcdmedic.repair.plan.Binding;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanDraft;
import io.etcdmedic.repair.plan.PlanId;
import io.etcdmedic.repair.state.State;
import io.etcdmedic.runbook.Runbooks;
import io.etcdmedic.runbook.Scene;
import java.security.SecureRandom;
import java.util.Optional;
import picocli.CommandLine;

/// `undo ID`: takes a change back, if the world is still as that change left it.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic journal list               the ids",
            "  medic undo 6d07d1a5 --dry-run    what it would bring back",
            "  medic undo 6d07d1a5"
        })
public final class Undo implements Command {
    @CommandLine.Parameters(paramLabel = "ID", description = "the journal entry's id, or how it begins")
    private String id = "";

    @CommandLine.Option(
            names = "--without-lease",
            description = "keys that a lease held come back without it, and stay for ever")
    private boolean withoutLease;

    @CommandLine.Mixin
    private ChangeOptions options = new ChangeOptions();

    @Override
    public Report run(Session session) {
        State state = State.read(session.state());
        Progress entry = state.entry(id);
        Optional<Progress> undone = state.undoneBy(entry);
        if (undone.isPresent() && !undone.get().isClosed()) {
            Plan begun = state.plan(undone.get());
            return new Change(session, options.run(), Sites.of(session, begun)).resumed(begun);
        }
        if (undone.isPresent()) {
            throw new Failure.Refused(Problem.in("undoing " + entry.entry().substring(0, 8))
                    .found("it was taken back already, by "
                            + undone.get().entry().substring(0, 8))
                    .hint("medic undo " + undone.get().entry().substring(0, 8) + " takes that back again"));
        }
        Plan done = state.plan(entry);
        Binding now = isOfHost(done) ? done.binding() : new Grounds(session).binding();
        PlanDraft draft = io.etcdmedic.repair.Undo.of(done, entry, state.vault(), now, withoutLease);
        if (session.isLive() && !done.undo().thenDo().isEmpty()) {
            Scene scene = new Scenery(session, session.codec()::document, Optional.empty()).live();
            Runbooks.find(origin(state, done).runbook()).ifPresent(runbook -> runbook.undone(scene, draft));
        }
        Plan plan =
                draft.build(PlanId.random(new SecureRandom()), session.clock().instant());
        return new Change(session, options, Sites.of(session, done)).unlessMoved(plan);
    }

    /// What stands at the beginning where an undo is taken back again.
    private static Plan origin(State state, Plan done) {
        Plan plan = done;
        while (plan.undoes().isPresent()) {
            plan = state.plan(state.entry(plan.undoes().get()));
        }
        return plan;
    }

    private static boolean isOfHost(Plan plan) {
        return plan.steps().stream().allMatch(io.etcdmedic.repair.plan.HostChange.class::isInstance);
    }
}

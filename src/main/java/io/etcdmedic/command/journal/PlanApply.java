package io.etcdmedic.command.journal;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.change.Change;
import io.etcdmedic.command.change.RunOptions;
import io.etcdmedic.command.change.Sites;
import io.etcdmedic.render.Report;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.state.PlanFile;
import io.etcdmedic.repair.state.State;
import java.nio.file.Path;
import picocli.CommandLine;

/// `plan apply FILE --approve HEX`: runs a plan that somebody read and approved; nothing is asked.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  hex=$(medic delete svc/web -n shop --plan change.plan)",
            "  medic plan show change.plan",
            "  medic plan apply change.plan --approve $hex"
        })
public final class PlanApply implements Command {
    @CommandLine.Parameters(paramLabel = "FILE", description = "what --plan wrote")
    private Path file = Path.of("");

    @CommandLine.Option(
            names = "--approve",
            required = true,
            paramLabel = "HEX",
            description = "the SHA-256 of FILE, which --plan printed")
    private String approved = "";

    @CommandLine.Mixin
    private RunOptions options = new RunOptions();

    @Override
    public Report run(Session session) {
        Plan plan = PlanFile.read(file).approved(approved, file).plan();
        PlanFile.requirePrivateValues(file, plan);
        plan.undoes().ifPresent(State.read(session.state())::requireArchives);
        return new Change(session, options, Sites.of(session, plan)).approved(plan);
    }
}

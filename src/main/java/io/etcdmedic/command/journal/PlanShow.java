package io.etcdmedic.command.journal;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.change.ByHand;
import io.etcdmedic.command.change.PlanView;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.state.PlanFile;
import java.nio.file.Path;
import picocli.CommandLine;

/// `plan show FILE`: what a plan file would do.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic plan show change.plan               what it found, does, checks, and how it is taken back",
            "  medic plan show change.plan --commands    the same by hand, with kubectl and etcdctl",
            "  medic plan show change.plan -o json"
        })
public final class PlanShow implements Command {
    @CommandLine.Parameters(paramLabel = "FILE", description = "what --plan wrote")
    private Path file = Path.of("");

    @CommandLine.Option(names = "--commands", description = "the lines that do the same by hand, without the guards")
    private boolean commands;

    @Override
    public Report run(Session session) {
        PlanFile read = PlanFile.read(file);
        Plan plan = read.plan();
        if (commands) {
            return Report.of(new Content.Prose(ByHand.lines(plan, PlanFile.values(file))));
        }
        return PlanView.shown(plan)
                .saying("medic: plan " + plan.id() + ", made " + plan.created() + " for cluster "
                        + plan.binding().clusterId())
                .saying("medic: to run it: medic plan apply " + file + " --approve " + read.sha256());
    }
}

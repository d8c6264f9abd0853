package io.etcdmedic.command.write;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.change.Change;
import io.etcdmedic.command.change.ChangeOptions;
import io.etcdmedic.command.change.Grounds;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.render.Report;
import io.etcdmedic.repair.plan.Binding;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.PlanId;
import io.etcdmedic.runbook.keys.Deletion;
import java.security.SecureRandom;
import java.util.List;
import picocli.CommandLine;

/// `delete KEY…`: deletes keys in etcd, archived first, each compared with what was seen.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic delete svc/web -n shop --dry-run              what would be done",
            "  medic delete servicecidr kubernetes                 asks for the plan's short id",
            "  medic delete pods -n shop -l 'app in (web,api),!keep'   asks for the cluster's name and the number",
            "  medic delete --prefix /registry/events/shop/ --max-objects 5000",
            "  medic delete svc/web -n shop --plan web.plan        for scripts, see medic plan apply --help",
            "  medic undo ID                                       brings it back, byte for byte"
        })
public final class Delete implements Command {
    @CommandLine.Mixin
    private Targets targets = new Targets();

    @CommandLine.Option(
            names = "--max-objects",
            paramLabel = "N",
            description = "refuse to delete more than N (default: 100)")
    private int objectsMax = 100;

    @CommandLine.Mixin
    private ChangeOptions options = new ChangeOptions();

    @Override
    public Report run(Session session) {
        Grounds grounds = new Grounds(session);
        Binding now = grounds.binding();
        List<Entry> seen = targets.in(session.keyspace(), session, now.floor());
        if (seen.size() > objectsMax) {
            throw new Failure.Refused(Problem.in("planning the deletion")
                    .found(seen.size() + " keys")
                    .expected("at most " + objectsMax)
                    .hint("if you mean them all: --max-objects " + seen.size()));
        }
        Plan plan = new Deletion(session.registry(), grounds.decoder())
                .of(seen, now)
                .build(PlanId.random(new SecureRandom()), session.clock().instant());
        return new Change(session, options, grounds.site()).of(plan);
    }
}

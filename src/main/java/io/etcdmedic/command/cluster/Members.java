package io.etcdmedic.command.cluster;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.render.Report;
import picocli.CommandLine;

/// `members`: the members of the cluster.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {"  medic members", "  medic members --snapshot snap.db", "  medic members --snapshot snap.db -o json"
        })
public final class Members implements Command {
    @Override
    public boolean isQuick() {
        return true;
    }

    @Override
    public Report run(Session session) {
        return Report.of(
                session.isLive()
                        ? Facts.members(session.cluster().members())
                        : Facts.members(Facts.file(session).facts()));
    }
}

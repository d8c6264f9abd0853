package io.etcdmedic.command.cluster;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.etcd.Alarm;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.render.Report;
import io.etcdmedic.snapshot.SnapshotFacts;
import java.util.List;
import picocli.CommandLine;

/// `alarms`: alarms that are raised; exit code 1 when there is one.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic alarms                             exits with 1 when one is raised",
            "  medic alarms --snapshot snap.db"
        })
public final class Alarms implements Command {
    @Override
    public boolean isQuick() {
        return true;
    }

    @Override
    public Report run(Session session) {
        if (session.isLive()) {
            List<Alarm> alarms = session.cluster().alarms();
            return Report.of(Facts.alarms(alarms)).exit(alarms.isEmpty() ? ExitCode.OK : ExitCode.FINDINGS);
        }
        SnapshotFacts facts = Facts.file(session).facts();
        return Report.of(Facts.alarms(facts)).exit(facts.alarms().isEmpty() ? ExitCode.OK : ExitCode.FINDINGS);
    }
}

package io.etcdmedic.command.cluster;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import io.etcdmedic.snapshot.SnapshotFacts;
import io.etcdmedic.snapshot.SnapshotFile;
import io.etcdmedic.snapshot.SnapshotKeyspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import picocli.CommandLine;

/// `snapshot info FILE`: what a database file says about itself.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {"  medic snapshot info snap.db", "  medic snapshot info /var/lib/etcd/member/snap/db -o json"})
public final class SnapshotInfo implements Command {
    @CommandLine.Parameters(paramLabel = "FILE", description = "an etcd database file")
    private Path path = Path.of("");

    @Override
    public Report run(Session session) {
        try (SnapshotKeyspace file = SnapshotFile.open(path)) {
            SnapshotFacts facts = file.facts();
            Content.Parts parts = new Content.Parts(List.of(
                    new Content.Part("", "properties", Facts.properties(properties(file, facts))),
                    new Content.Part("Members", "members", Facts.members(facts)),
                    new Content.Part("Alarms", "alarms", Facts.alarms(facts))));
            Report report = Report.of(parts);
            for (String fault : facts.faults()) {
                report = report.saying("medic: " + fault).exit(ExitCode.CORRUPT);
            }
            return report;
        }
    }

    private static List<List<Document>> properties(SnapshotKeyspace file, SnapshotFacts facts) {
        List<List<Document>> rows = new ArrayList<>();
        rows.add(Facts.row("file", file.source().name()));
        rows.add(Facts.row("revision", file.revision().number()));
        rows.add(Facts.row("oldest revision", file.oldest().number()));
        rows.add(Facts.row("cluster version", facts.clusterVersion()));
        rows.add(Facts.row("storage version", facts.storageVersion()));
        rows.add(Facts.row("consistent index", number(facts.consistentIndex())));
        rows.add(Facts.row("raft term", number(facts.term())));
        rows.add(Facts.row("authentication", facts.authEnabled() ? "on" : "off"));
        rows.add(Facts.row("users", facts.authUsers()));
        rows.add(Facts.row("leases", facts.leases().size()));
        rows.add(Facts.row("removed members", facts.removedMembers().size()));
        rows.add(Facts.row("buckets", String.join(" ", facts.buckets())));
        return rows;
    }

    private static String number(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()) : "";
    }
}

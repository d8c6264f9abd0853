package io.etcdmedic.command.cluster;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.render.Report;
import io.etcdmedic.snapshot.SnapshotFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// `status`: what the source is and how it is.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {"  medic status --snapshot snap.db", "  medic status --snapshot snap.db -o json"})
public final class Status implements Command {
    @Override
    public Report run(Session session) {
        Keyspace keyspace = session.keyspace();
        List<List<Document>> rows = new ArrayList<>();
        rows.add(Facts.row("source", keyspace.source().toString()));
        rows.add(Facts.row("revision", keyspace.revision().number()));
        rows.add(Facts.row("oldest revision", keyspace.oldest().number()));
        rows.add(Facts.row("keys", keyspace.count(KeyRange.all(), Optional.empty())));
        rows.add(Facts.row("registry prefix", session.registry().prefix()));
        session.file().ifPresent(file -> {
            SnapshotFacts facts = file.facts();
            rows.add(Facts.row("cluster version", facts.clusterVersion()));
            rows.add(Facts.row("members", facts.members().size()));
            rows.add(Facts.row("leases", facts.leases().size()));
            rows.add(Facts.row("alarms", facts.alarms().size()));
            rows.add(Facts.row("undecodable changes", file.faults().size()));
        });
        return Report.of(Facts.properties(rows));
    }
}

package io.etcdmedic.command.cluster;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.etcd.EtcdCluster;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.render.Report;
import io.etcdmedic.repair.ClusterReview;
import io.etcdmedic.repair.LiveCluster;
import io.etcdmedic.repair.World;
import io.etcdmedic.snapshot.SnapshotFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// `status`: what the source is and how it is.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic status                            each member, alarms, hashes; exits with 1 when all is not well",
            "  medic status -o json",
            "  medic status --snapshot snap.db"
        })
public final class Status implements Command {
    @Override
    public boolean isQuick() {
        return true;
    }

    @Override
    public Report run(Session session) {
        return session.isLive() ? live(session) : file(session);
    }

    private static Report live(Session session) {
        EtcdCluster cluster = session.cluster();
        ClusterReview review = new LiveCluster(cluster, World.Pause.REAL).review();
        return new LiveFacts(cluster, review, session.clock().instant())
                .report(review.newest().map(_ -> session.registry().prefix()));
    }

    private static Report file(Session session) {
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

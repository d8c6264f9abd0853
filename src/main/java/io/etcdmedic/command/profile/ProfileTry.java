package io.etcdmedic.command.profile;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.etcd.EtcdCluster;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.util.List;
import picocli.CommandLine;

/// `profile test NAME`: connects, and holds the profile to the cluster that answers.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {"  medic profile test prod"})
public final class ProfileTry implements Command {
    private static final List<Column> COLUMNS = List.of(
            Column.of("PROFILE", "profile"),
            Column.of("SOURCE", "source"),
            Column.of("CLUSTER", "clusterId"),
            Column.of("VERSION", "version"),
            Column.of("REVISION", "revision"));

    @CommandLine.Parameters(paramLabel = "NAME", description = "a saved connection")
    private String name = "";

    @Override
    public Report run(Session session) {
        EtcdCluster cluster = session.cluster(name);
        List<Document> row = List.of(
                new Document.Text(name),
                new Document.Text(cluster.source().toString()),
                new Document.Text(cluster.clusterId()),
                new Document.Text(cluster.version()),
                new Document.Whole(cluster.keyspace().revision().number()));
        return Report.of(new Content.Table(COLUMNS, List.of(row)));
    }
}

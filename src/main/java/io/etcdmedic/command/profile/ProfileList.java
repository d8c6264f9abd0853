package io.etcdmedic.command.profile;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.connect.Profile;
import io.etcdmedic.command.connect.Profiles;
import io.etcdmedic.document.Document;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.util.List;
import picocli.CommandLine;

/// `profile list`: the connections that were saved.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {"  medic profile list", "  medic profile list -o name"})
public final class ProfileList implements Command {
    private static final List<Column> COLUMNS = List.of(
            Column.of("NAME", "name"),
            Column.of("ENDPOINTS", "endpoints"),
            Column.of("CLUSTER", "clusterId"),
            Column.of("READ ONLY", "readOnly"));

    @Override
    public Report run(Session session) {
        List<Profile> all = Profiles.of(session.environment()).all();
        return Report.of(
                new Content.Table(COLUMNS, all.stream().map(ProfileList::row).toList()));
    }

    private static List<Document> row(Profile profile) {
        return List.of(
                new Document.Text(profile.name()),
                new Document.Text(profile.option("endpoints").orElse("found out")),
                profile.clusterId().isEmpty() ? Document.Nil.NULL : new Document.Text(profile.clusterId()),
                Document.Truth.of(profile.option(Profile.READ_ONLY).isPresent()));
    }
}

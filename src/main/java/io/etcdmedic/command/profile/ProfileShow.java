package io.etcdmedic.command.profile;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.connect.Profile;
import io.etcdmedic.command.connect.Profiles;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import io.etcdmedic.render.Yaml;
import java.util.List;
import picocli.CommandLine;

/// `profile show NAME`: one saved connection, as it is in the file.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {"  medic profile show prod"})
public final class ProfileShow implements Command {
    @CommandLine.Parameters(paramLabel = "NAME", description = "a saved connection")
    private String name = "";

    @Override
    public Report run(Session session) {
        Profile profile = Profiles.of(session.environment()).named(name);
        Bytes text = Bytes.utf8(Yaml.of(profile.document()).stripTrailing());
        return Report.of(new Content.Items(List.of(new Content.Item(text, profile.document())), true));
    }
}

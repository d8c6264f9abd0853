package io.etcdmedic.command.profile;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.connect.Profiles;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import picocli.CommandLine;

/// `profile remove NAME`: forgets a saved connection.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {"  medic profile remove prod"})
public final class ProfileRemove implements Command {
    @CommandLine.Parameters(paramLabel = "NAME", description = "a saved connection")
    private String name = "";

    @Override
    public Report run(Session session) {
        Profiles.of(session.environment()).remove(name);
        return Report.of(new Content.Prose("removed the profile " + name + "\n"));
    }
}

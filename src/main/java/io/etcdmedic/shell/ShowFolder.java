package io.etcdmedic.shell;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Place;
import io.etcdmedic.command.Session;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import picocli.CommandLine;

/// `pwd`: the current folder.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {"  pwd"})
record ShowFolder(Interpreter interpreter) implements Command {
    @Override
    public Report run(Session session) {
        return Report.of(new Content.Prose(interpreter.place().orElse(Place.ROOT) + "\n"));
    }
}

package io.etcdmedic.shell;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import picocli.CommandLine;

/// `exit`: leaves the shell, or ends a script here.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {"  exit      as Ctrl-D does"})
record Exit(Interpreter interpreter) implements Command {
    @Override
    public Report run(Session session) {
        interpreter.end();
        return Report.of(new Content.Prose(""));
    }
}

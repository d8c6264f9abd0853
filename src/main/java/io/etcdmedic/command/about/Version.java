package io.etcdmedic.command.about;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import picocli.CommandLine;

/// `version`: what a bug report needs.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {"  medic version", "  medic --version           the number alone"})
public final class Version implements Command {
    /// The project's version in pom.xml.
    public static final String NUMBER = "0.1.0";

    @Override
    public Report run(Session session) {
        return Report.of(new Content.Prose("medic " + NUMBER + "\njava " + Runtime.version() + " ("
                + System.getProperty("java.vm.name") + ")\nsystem " + System.getProperty("os.name") + " "
                + System.getProperty("os.version") + " " + System.getProperty("os.arch") + "\n"));
    }
}

package io.etcdmedic.command.about;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.io.File;
import java.util.Arrays;
import java.util.List;
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
        StringBuilder text = new StringBuilder("medic " + NUMBER + "\n");
        line(text, "java", Runtime.version() + " (" + property("java.vm.name") + ", " + property("java.vendor") + ")");
        line(text, "system", property("os.name") + " " + property("os.version") + " " + property("os.arch"));
        line(
                text,
                "terminal",
                session.environment().getOrDefault("TERM", "none")
                        + (session.console().terminal() ? "" : ", output is no terminal"));
        line(text, "encoding", property("native.encoding") + ", locale " + java.util.Locale.getDefault());
        line(text, "memory", Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB at most");
        libraries().forEach(library -> line(text, "library", library));
        return Report.of(new Content.Prose(text.toString()));
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name).append(' ').append(value).append('\n');
    }

    private static String property(String name) {
        return System.getProperty(name, "unknown");
    }

    /// The libraries that answers depend on, as their files are called.
    private static List<String> libraries() {
        return Arrays.stream(property("java.class.path").split(File.pathSeparator, -1))
                .map(path -> path.substring(path.lastIndexOf('/') + 1))
                .filter(name -> name.matches(
                        "(jetcd-core|grpc-netty|netty-handler|protobuf-java|client-java-api|client-java|picocli|jline"
                                + "|jackson-core|snakeyaml-engine)-[0-9].*\\.jar"))
                .map(name -> name.substring(0, name.length() - ".jar".length()))
                .sorted()
                .toList();
    }
}

package io.etcdmedic.shell;

import io.etcdmedic.command.Catalog;
import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine;

/// `tour`: the demo's story, told with real commands; it waits after each where somebody sits at the terminal.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {"  tour"})
final class Tour implements Command {
    private static final String INTRODUCTION = """
            This is the etcd database of a real cluster after an accident. Its apiserver ran once with
            --service-cluster-ip-range=10.0.0.0/24 and then again with 10.43.0.0/16. The default ServiceCIDR still says
            10.0.0.0/24 and the Service default/kubernetes still has 10.0.0.1, while every other Service lies in
            10.43.0.0/16. kubectl cannot mend that: a ServiceCIDR's ranges are immutable. Here is what medic sees.
            """;
    private static final List<Stop> STOPS = List.of(
            new Stop("Which database this is, and how it is.", "status"),
            new Stop("What lies below the Services' folder.", "tree /registry/services/"),
            new Stop("The default ServiceCIDR, as etcd knows it.", "get servicecidr kubernetes -o meta"),
            new Stop("Every change of it that the database still holds.", "history servicecidr kubernetes"),
            new Stop("What is largest in here.", "top --limit 5"));
    private static final String END = "The same on your own cluster's file:  medic --snapshot FILE COMMAND";

    private final Interpreter interpreter;

    private Tour(Interpreter interpreter) {
        this.interpreter = interpreter;
    }

    static Catalog.Row row(Interpreter interpreter) {
        return new Catalog.Row("shell", "tour", "", "the story of this cluster", () -> new Tour(interpreter));
    }

    /// @param line the command that shows it
    private record Stop(String words, String line) {}

    @Override
    public Report run(Session session) {
        PrintStream out = session.console().out();
        ExitCode worst = ExitCode.OK;
        out.print(INTRODUCTION);
        for (Stop stop : STOPS) {
            if (session.prompt().isThere()
                    && session.prompt().ask("Enter: go on ").isEmpty()) {
                return Report.of(new Content.Prose("")).exit(worst);
            }
            out.print("\n# " + stop.words() + "\n" + session.console().bold("$ medic " + stop.line()) + "\n");
            ExitCode code =
                    interpreter.run(stop.line(), "", session.surroundings()).code();
            worst = code.status() > worst.status() ? code : worst;
        }
        return Report.of(new Content.Prose("\n" + END + "\n")).exit(worst);
    }
}

package io.etcdmedic.shell;

import io.etcdmedic.bytes.Escape;
import io.etcdmedic.command.Catalog;
import io.etcdmedic.command.Command;
import io.etcdmedic.command.Prompt;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.Surroundings;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.render.Console;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Outlet;
import io.etcdmedic.render.Report;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/// `tour`: the demo's story, told with real commands; it waits after each where somebody sits at the terminal.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {"  tour"})
final class Tour implements Command {
    private static final String INTRODUCTION = """
            This is the etcd of a real cluster after an accident, in memory. Its apiserver ran once with
            --service-cluster-ip-range=10.0.0.0/24 and then again with 10.43.0.0/16. The default ServiceCIDR still says
            10.0.0.0/24 and the Service default/kubernetes still has 10.0.0.1, while every other Service lies in
            10.43.0.0/16. kubectl cannot mend that: a ServiceCIDR's ranges are immutable. Here is what medic does.
            """;
    private static final String OUTSIDE = "find services --where \"object.spec.type != 'ExternalName'"
            + " && object.spec.clusterIP != 'None' && !cidr('10.0.0.0/24').containsIP(object.spec.clusterIP)\"";
    private static final String END = """

            Nothing of this was written anywhere. The same on a cluster of yours:
              medic fix servicecidr --dry-run --endpoints URL --cacert FILE --cert FILE --key FILE
            """;
    private static final Pattern DEMANDED = Pattern.compile("\\(([^()]+)\\) to go on");

    private final Interpreter interpreter;

    private Tour(Interpreter interpreter) {
        this.interpreter = interpreter;
    }

    static Catalog.Row row(Interpreter interpreter) {
        return new Catalog.Row("shell", "tour", "", "the story of this cluster", () -> new Tour(interpreter));
    }

    /// @param line the command that shows it
    private record Stop(String words, String line) {}

    private List<Stop> before() {
        boolean finds = interpreter.catalog().find(List.of("find")).isPresent();
        return List.of(
                new Stop("Which cluster this is, and how it is.", "status"),
                new Stop("What lies below the Services' folder.", "tree /registry/services/"),
                new Stop("The range that the cluster believes in.", "get servicecidr kubernetes"),
                new Stop("The Services, and which of them lie outside it.", finds ? OUTSIDE : "get services -A"),
                new Stop(
                        "The repair: planned, shown, confirmed, and every step checked.",
                        "fix servicecidr --cidr " + Demo.RANGE),
                new Stop("The range now.", "get servicecidr kubernetes"));
    }

    @Override
    public Report run(Session session) {
        session.console().out().print(INTRODUCTION);
        long start = session.keyspace().revision().number();
        ExitCode worst = ExitCode.OK;
        for (Stop stop : before()) {
            if (!goesOn(session)) {
                return Report.of(new Content.Prose("")).exit(worst);
            }
            worst = worse(worst, show(session, stop));
        }
        String changes = "diff --from " + start + " --changes --prefix /registry/servicecidrs/";
        if (goesOn(session)) {
            // That something differs is what it is to show.
            ExitCode code = show(session, new Stop("What changed in it.", changes));
            worst = code == ExitCode.FINDINGS ? worst : worse(worst, code);
        }
        Optional<String> done = newestChange(session);
        if (done.isPresent() && goesOn(session)) {
            // Applied, and its last word is that the apiservers must be restarted: the story is told all the same.
            ExitCode code = show(session, new Stop("And taken back.", "undo " + done.get()));
            worst = code == ExitCode.NOT_VERIFIED ? worst : worse(worst, code);
            worst = worse(worst, show(session, new Stop("As it was.", "get servicecidr kubernetes")));
        }
        return Report.of(new Content.Prose(END)).exit(worst);
    }

    private static boolean goesOn(Session session) {
        return !session.prompt().isThere()
                || session.prompt().ask("Enter goes on, Ctrl-C ends the tour ").isPresent();
    }

    private static ExitCode worse(ExitCode one, ExitCode other) {
        return other.status() > one.status() ? other : one;
    }

    private ExitCode show(Session session, Stop stop) {
        Console console = session.console();
        console.out().print("\n# " + stop.words() + "\n" + console.bold("$ medic " + stop.line()) + "\n");
        console.out().flush();
        Surroundings around = session.surroundings();
        Prompt prompt = session.prompt().isThere() ? session.prompt() : playing(console);
        return interpreter
                .run(
                        stop.line(),
                        "",
                        new Surroundings(console, around.clock(), around.environment(), prompt, around.stop()))
                .code();
    }

    /// Where nobody sits at the terminal the tour types what the question demands; the cluster is in memory.
    private static Prompt playing(Console console) {
        return question -> {
            Matcher demanded = DEMANDED.matcher(question);
            Optional<String> answer = demanded.find() ? Optional.of(demanded.group(1)) : Optional.empty();
            console.err().println(Escape.multiline(question + answer.orElse("")));
            return answer;
        };
    }

    /// The id of the change that the journal names last.
    private Optional<String> newestChange(Session session) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Console quiet = new Console(
                session.console().in(),
                new Outlet(out),
                new PrintStream(java.io.OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                false,
                false,
                false);
        Interpreter.Ended listed = interpreter.run(
                "journal list -o name", "", session.surroundings().with(quiet));
        List<String> ids = out.toString(StandardCharsets.UTF_8).lines().toList();
        return listed.failed() || ids.isEmpty() ? Optional.empty() : Optional.of(ids.getFirst());
    }
}

package io.etcdmedic.shell;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;

/// `run [FILE]`: command lines from a file or from standard input, in one process.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic run incident.medic --snapshot snap.db",
            "  medic run check.medic --set NS=shop --keep-going      in it: get pods -n $NS",
            "  medic run --transcript incident.log <commands         from standard input",
            "One command a line, as at the shell's prompt; # begins a comment, a backslash joins lines. Every line of a",
            "file is looked at before the first one runs. A line fails when it cannot do what it says; findings and",
            "differences are answers. The exit code is that of the worst line."
        })
final class RunScript implements Command {
    private final Optional<Interpreter> interpreter;

    @CommandLine.Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "the script; without one, or -, standard input")
    private Optional<String> file = Optional.empty();

    @CommandLine.Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "what $NAME stands for; may be repeated")
    private Map<String, String> variables = new LinkedHashMap<>();

    @CommandLine.Option(names = "--keep-going", description = "go on after a line that fails")
    private boolean keepGoing;

    @CommandLine.Option(
            names = "--transcript",
            paramLabel = "FILE",
            description = "write lines and answers down too, without secrets; mode 0600")
    private Optional<Path> transcript = Optional.empty();

    /// `run` as a command line of its own.
    RunScript() {
        this.interpreter = Optional.empty();
    }

    /// `run` as a line in `interpreter`, whose source the script's lines use.
    RunScript(Interpreter interpreter) {
        this.interpreter = Optional.of(interpreter);
    }

    @Override
    public Report run(Session session) {
        Optional<Transcript> kept = transcript.map(path -> Transcript.begin(path, session.clock()));
        kept.ifPresent(written -> session.atEnd(written::close));
        Interpreter lines = interpreter.filter(_ -> variables.isEmpty()).orElseGet(() -> own(session));
        ScriptRun run = new ScriptRun(lines, kept, keepGoing);
        boolean stdin = file.isEmpty() || file.get().equals("-");
        ExitCode worst = stdin ? run.run(input(session)::next) : run.file(lines(Path.of(file.get())));
        return Report.of(new Content.Prose("")).exit(worst);
    }

    private Interpreter own(Session session) {
        Interpreter own = new Interpreter(session.surroundings(), session.options(), Session::new, variables);
        session.atEnd(own::close);
        return own;
    }

    private Script input(Session session) {
        if (session.prompt().isThere() && file.isEmpty()) {
            throw new Failure.Usage(Problem.in("reading a script")
                    .found("none is named, and standard input is a terminal")
                    .hint("medic run FILE, or medic shell to type commands"));
        }
        return new Script("stdin", session.console().in());
    }

    private static List<Script.Line> lines(Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            return new Script(path.toString(), in).rest();
        } catch (NoSuchFileException e) {
            throw new Failure.Unreachable(
                            Problem.in("reading the script " + path).found("there is no such file"))
                    .because(e);
        } catch (IOException e) {
            throw new Failure.Unreachable(Problem.in("reading the script " + path)
                            .found(Files.isDirectory(path) ? "it is a folder" : String.valueOf(e.getMessage())))
                    .because(e);
        }
    }
}

package io.etcdmedic.shell.terminal;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import io.etcdmedic.shell.Interpreter;
import java.util.Map;
import picocli.CommandLine;

/// `shell`: a prompt at which every command can be typed, over one open source.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic shell --snapshot snap.db",
            "  medic shell --endpoints https://10.0.0.1:2379 --cacert ca.crt --cert c.crt --key c.key --read-only",
            "At the prompt: Tab completes commands, options, kinds, names and keys; Ctrl-R searches the history; Ctrl-C",
            "stops a running command; Ctrl-X Ctrl-E opens $EDITOR on the line; Ctrl-D leaves. `cd shop/svc` goes to a",
            "folder, `use FILE` to another source; `COMMAND | PROGRAM` and `COMMAND > FILE` send the answer elsewhere."
        })
public final class Shell implements Command {
    @Override
    public Report run(Session session) {
        if (!session.prompt().isThere() || !session.console().terminal()) {
            throw new Failure.Usage(Problem.in("opening a shell")
                    .found("standard input or output is no terminal")
                    .hint("medic run FILE, or medic run <FILE, runs a script"));
        }
        Interpreter interpreter = new Interpreter(session.surroundings(), session.options(), Session::new, Map.of());
        session.atEnd(interpreter::close);
        ExitCode code = new Conversation(interpreter, () -> session.state().path()).hold("");
        return Report.of(new Content.Prose("")).exit(code);
    }
}

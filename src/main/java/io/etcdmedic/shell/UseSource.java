package io.etcdmedic.shell;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.SharedOptions;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;

/// `use`: leaves the source for another one, named by the shared options or by one word.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  use prod                                   a profile",
            "  use /backup/snap.db                        a database file",
            "  use https://10.0.0.1:2379 --cacert ca.crt --cert c.crt --key c.key",
            "  use --snapshot snap.db --encryption-config enc.yaml",
            "  use                                        what is looked at now"
        })
final class UseSource implements Command {
    private final Interpreter interpreter;

    @CommandLine.Parameters(
            arity = "0..1",
            paramLabel = "SOURCE",
            description = "a profile's name, a file (with a slash or a dot in its name), or URLs with commas between")
    private Optional<String> source = Optional.empty();

    UseSource(Interpreter interpreter) {
        this.interpreter = interpreter;
    }

    @Override
    public Report run(Session session) {
        // That the source before was read-only says nothing of this one; that the shell is, does.
        boolean readOnly = session.typed().state().readOnly() || interpreter.isReadOnly();
        if (source.isPresent()) {
            SharedOptions others =
                    session.typed().over(interpreter.opened().options().withoutSource());
            interpreter.use(named(others.withReadOnly(readOnly), source.get()));
        } else if (!session.usesSharedSource()) {
            interpreter.use(session.options().withReadOnly(readOnly));
        }
        return Report.of(new Content.Prose(interpreter.opened().keyspace().source() + "\n"));
    }

    private static SharedOptions named(SharedOptions others, String word) {
        if (word.contains("://")) {
            return others.withEndpoints(word);
        }
        return word.contains("/") || word.contains(".") ? others.withSnapshot(Path.of(word)) : others.withProfile(word);
    }
}

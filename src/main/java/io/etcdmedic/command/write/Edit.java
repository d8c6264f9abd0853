package io.etcdmedic.command.write;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.change.ChangeOptions;
import io.etcdmedic.command.change.PlanView;
import io.etcdmedic.document.Document;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.Editor;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.render.Report;
import io.etcdmedic.render.Yaml;
import io.etcdmedic.runbook.keys.Edited;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// `edit KEY`: the object as YAML in the operator's editor; what it becomes is stored as it was stored.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic edit svc/web -n shop                 $EDITOR, the differences, a question",
            "  medic edit secret/db -n shop --show-secrets --encryption-config encryption.yaml",
            "  medic edit svc/web -n shop --plan p        writes down what you edited"
        })
public final class Edit implements Command {
    @CommandLine.Parameters(arity = "1..*", paramLabel = "KEY", description = "one key, or a resource and a name")
    private List<String> words = new ArrayList<>();

    @CommandLine.Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description = "namespace (default: default)")
    private Optional<String> namespace = Optional.empty();

    @CommandLine.Mixin
    private ChangeOptions options = new ChangeOptions();

    @Override
    public Report run(Session session) {
        Key key = Put.one(session, namespace, words);
        Storing storing = new Storing(session, "edit", key, options);
        Entry seen = present(session, key);
        Document before = session.codec().document(seen);
        if (storing.hides(before)) {
            throw new Failure.Refused(Problem.in("editing " + key.display())
                    .found("a Secret, whose values an editor shows")
                    .hint("--show-secrets, if nobody looks over your shoulder"));
        }
        try (Editor editor = Editor.open("object.yaml", Bytes.utf8(Yaml.of(before)), session.environment())) {
            Bytes text = editor.edit();
            try {
                Edited edited = new Edited(Optional.of(before), Storing.read(text, "what was edited"));
                return stored(session, storing, edited.check("what was edited"), seen);
            } catch (Failure wrong) {
                session.mention("what you edited is kept in " + editor.keep() + " (medic put --file takes it)");
                throw wrong;
            }
        }
    }

    private static Report stored(Session session, Storing storing, Edited edited, Entry seen) {
        if (edited.differences().isEmpty()) {
            return PlanView.unchanged();
        }
        Entry now = present(session, storing.key());
        if (now.equals(seen)) {
            return storing.document(edited, Optional.of(seen));
        }
        Edited merged = edited.onto(session.codec().document(now), storing.key().display());
        Optional<String> answer = session.prompt()
                .ask(
                        "Somebody changed it while you edited, elsewhere in the object. Type merge to put your changes on top: ");
        if (!answer.equals(Optional.of("merge"))) {
            throw new Failure.Stale(Problem.in("storing what was edited")
                    .found(storing.key().display() + " was changed meanwhile, at revision " + now.modRevision())
                    .hint("edit it again"));
        }
        return storing.document(merged, Optional.of(now));
    }

    private static Entry present(Session session, Key key) {
        return session.keyspace()
                .get(key)
                .orElseThrow(() -> new Failure.Absent(Problem.in("looking for " + key.display() + " in "
                                + session.keyspace().source())
                        .found("no such key")
                        .hint("medic put makes it")));
    }
}

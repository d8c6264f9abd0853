package io.etcdmedic.command.inspect;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.KeyWords;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Change;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// `history KEY`: every change of one key that the source still holds.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic history servicecidr kubernetes",
            "  medic history /registry/services/specs/default/kubernetes",
            "  medic get servicecidr kubernetes --revision 120 -o meta     one of them"
        })
public final class History implements Command {
    private static final List<Column> COLUMNS = List.of(
            Column.of("REVISION", "revision"),
            Column.of("CHANGE", "change"),
            Column.of("VERSION", "version"),
            Column.of("LEASE", "lease"),
            Column.bytes("SIZE", "valueBytes"));

    @CommandLine.Parameters(arity = "1..*", paramLabel = "KEY", description = "a key, or a resource and a name")
    private List<String> words = new ArrayList<>();

    @CommandLine.Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description = "namespace (default: the current folder's, or default)")
    private Optional<String> namespace = Optional.empty();

    @Override
    public Report run(Session session) {
        List<Key> keys = new KeyWords(session, namespace.orElseGet(session::namespace))
                .parse(words)
                .keys();
        if (keys.size() != 1) {
            throw new Failure.Usage(Problem.in("reading the command line")
                    .found(keys.size() + " keys")
                    .expected("one key, or a resource and a name"));
        }
        List<Change> changes = session.keyspace().history(keys.getFirst());
        if (changes.isEmpty()) {
            throw Ranges.absent(session, keys.getFirst(), "no revision of this key");
        }
        return Report.of(
                new Content.Table(COLUMNS, changes.stream().map(History::row).toList()));
    }

    private static List<Document> row(Change change) {
        Document revision = Shown.number(change.revision().number());
        return switch (change) {
            case Change.Delete _ ->
                List.of(revision, Shown.text("delete"), Document.Nil.NULL, Document.Nil.NULL, Document.Nil.NULL);
            case Change.Put put -> {
                List<Document> meta = Shown.meta(put.entry());
                String kind = put.entry().version() == 1 ? "create" : "put";
                yield List.of(revision, Shown.text(kind), meta.get(3), meta.get(4), meta.get(5));
            }
        };
    }
}

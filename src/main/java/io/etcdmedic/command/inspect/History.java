package io.etcdmedic.command.inspect;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.KeyWords;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Change;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Format;
import io.etcdmedic.render.Report;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import picocli.CommandLine;

/// `history KEY`: every change of one key that the source still holds.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic history servicecidr kubernetes",
            "  medic history /registry/services/specs/default/kubernetes",
            "  medic history servicecidr kubernetes --changes              what each of them changed in the object",
            "  medic get servicecidr kubernetes --revision 986 -o yaml     one of them",
            "WHEN is the newest time that the change itself brought into the object; etcd keeps none."
        })
public final class History implements Command {
    private static final List<Column> COLUMNS = List.of(
            Column.of("REVISION", "revision"),
            Column.of("CHANGE", "change"),
            Column.of("VERSION", "version"),
            Column.of("LEASE", "lease"),
            Column.bytes("SIZE", "valueBytes"),
            Column.of("WHEN", "when"),
            Column.of("WHAT", "what"));
    private static final int PATHS_SHOWN = 3;

    @CommandLine.Parameters(arity = "1..*", paramLabel = "KEY", description = "a key, or a resource and a name")
    private List<String> words = new ArrayList<>();

    @CommandLine.Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description = "namespace (default: the current folder's, or default)")
    private Optional<String> namespace = Optional.empty();

    @CommandLine.Option(names = "--changes", description = "what each change changed, in full")
    private boolean inFull;

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
        List<Step> steps = steps(changes, Objects.shown(session));
        boolean data = session.format(Format.TABLE) != Format.TABLE && session.format(Format.TABLE) != Format.WIDE;
        if (inFull || data) {
            return Report.of(
                    new Content.Passages(steps.stream().map(Step::passage).toList()));
        }
        return Report.of(
                new Content.Table(COLUMNS, steps.stream().map(Step::row).toList()));
    }

    private static List<Step> steps(List<Change> changes, ObjectChange.Reader reader) {
        List<Step> steps = new ArrayList<>();
        Optional<Entry> before = Optional.empty();
        for (int i = 0; i < changes.size(); i++) {
            Change change = changes.get(i);
            Optional<Entry> after = change instanceof Change.Put put ? Optional.of(put.entry()) : Optional.empty();
            // What an older change was made from is compacted away, unless it made the key.
            boolean known = i > 0 || after.filter(e -> e.version() == 1).isPresent();
            Optional<ObjectChange> what = known && after.isPresent()
                    ? Optional.of(ObjectChange.between(before, after, reader))
                    : Optional.empty();
            steps.add(new Step(change, what));
            before = after;
        }
        return steps;
    }

    /// @param what empty when it is a deletion, or when what was before is compacted away
    private record Step(Change change, Optional<ObjectChange> what) {

        List<Document> row() {
            List<Document> cells = new ArrayList<>();
            cells.add(Shown.number(change.revision().number()));
            cells.add(Shown.text(kind()));
            switch (change) {
                case Change.Delete _ -> cells.addAll(List.of(Document.Nil.NULL, Document.Nil.NULL, Document.Nil.NULL));
                case Change.Put put -> cells.addAll(Shown.meta(put.entry()).subList(3, 6));
            }
            cells.add(when());
            cells.add(what.map(w -> w.summary(PATHS_SHOWN))
                    .filter(text -> !text.isEmpty())
                    .<Document>map(Shown::text)
                    .orElse(Document.Nil.NULL));
            return cells;
        }

        private String kind() {
            return switch (change) {
                case Change.Delete _ -> "delete";
                case Change.Put put -> put.entry().version() == 1 ? "create" : "put";
            };
        }

        private Document when() {
            return what.flatMap(ObjectChange::when).<Document>map(Shown::text).orElse(Document.Nil.NULL);
        }

        Content.Passage passage() {
            SequencedMap<String, Document> fields = new LinkedHashMap<>();
            List<Document> cells = row();
            for (int i = 0; i < COLUMNS.size() - 1; i++) {
                fields.put(COLUMNS.get(i).field(), cells.get(i));
            }
            what.flatMap(ObjectChange::trouble).ifPresent(why -> fields.put("undecodable", Shown.text(why)));
            what.ifPresent(w -> fields.put("changes", w.document()));
            String heading = change.revision() + " " + kind()
                    + what.flatMap(ObjectChange::when).map(at -> "  " + at).orElse("");
            return new Content.Passage(
                    heading,
                    what.map(ObjectChange::lines).orElse(List.of()),
                    change.revision().toString(),
                    new Document.Mapping(fields));
        }
    }
}

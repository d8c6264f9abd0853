package io.etcdmedic.shell;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.command.Command;
import io.etcdmedic.command.Place;
import io.etcdmedic.command.Session;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.kubernetes.Resource;
import io.etcdmedic.kubernetes.Resources;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// `cd [FOLDER]`: where `ls`, `get` and the others start from.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  cd /registry/services/specs/shop    then: ls, get web",
            "  cd shop/svc                         the Services of the namespace shop: the same folder",
            "  cd svc                              those of every namespace",
            "  cd ..                               one folder up",
            "  cd -                                back to where it was before",
            "  cd                                  the registry's own folder"
        })
final class ChangeFolder implements Command {
    private final Interpreter interpreter;

    @CommandLine.Parameters(
            arity = "0..1",
            paramLabel = "FOLDER",
            description = "a folder, KIND, NAMESPACE/KIND, or - for the one before")
    private Optional<String> folder = Optional.empty();

    ChangeFolder(Interpreter interpreter) {
        this.interpreter = interpreter;
    }

    @Override
    public Report run(Session session) {
        interpreter.move(folder.map(word -> find(session, word))
                .orElseGet(() -> Place.of(session.registry().prefix())));
        return Report.of(new Content.Prose(""));
    }

    /// The first of what `word` may mean below which there are keys: a folder, or kinds and a namespace.
    private Place find(Session session, String word) {
        if (word.equals("-")) {
            return interpreter.before();
        }
        Place here = interpreter.place().orElse(Place.ROOT);
        List<Place> meant = new ArrayList<>();
        meant.add(new Place(here.resolve(word)));
        meant.addAll(kinds(session, word));
        return meant.stream()
                .filter(place -> holdsKeys(session, place))
                .findFirst()
                .orElseThrow(() -> new Failure.Absent(Problem.in("going to " + meant.getFirst() + " in "
                                + session.keyspace().source())
                        .found("no key lies below it")
                        .hint("tree shows the folders")));
    }

    private static List<Place> kinds(Session session, String word) {
        String[] part = word.split("/", -1);
        if (part.length > 2) {
            return List.of();
        }
        List<Place> places = new ArrayList<>();
        Resources.builtIn().named(part[part.length - 1]).ifPresent(kind -> {
            if (part.length == 1 || kind.namespaced()) {
                places.add(folder(session, kind, part.length == 1 ? Optional.empty() : Optional.of(part[0])));
            }
        });
        if (part.length == 2) {
            Resources.builtIn()
                    .named(part[0])
                    .filter(Resource::namespaced)
                    .ifPresent(kind -> places.add(folder(session, kind, Optional.of(part[1]))));
        }
        return places;
    }

    private static Place folder(Session session, Resource kind, Optional<String> namespace) {
        return Place.of(session.registry().folderOf(kind, namespace));
    }

    private static boolean holdsKeys(Session session, Place place) {
        Bytes inside = place.inside();
        if (inside.isEmpty()) {
            return true;
        }
        try (Entries entries = session.keyspace().scan(KeyRange.prefix(new Key(inside)), Scan.keys())) {
            return entries.hasNext();
        }
    }
}

package io.etcdmedic.command.inspect;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.KeyWords;
import io.etcdmedic.command.Session;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.kubernetes.Resource;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Format;
import io.etcdmedic.render.Report;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import picocli.CommandLine;

/// `get KEY…`: keys by their own names or the way kubectl names objects.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic get servicecidr kubernetes                 an object as kubectl names and shows it",
            "  medic get svc/web -n shop -o hex                 its stored bytes",
            "  medic get /registry/minions/node-1 -o meta       what etcd knows about a key",
            "  medic get pods -A -l app=web -o wide             objects of a resource, in kubectl's table",
            "  medic get deploy,sts,svc -n shop                 one table each",
            "  medic get secrets --sort-by .metadata.creationTimestamp --encryption-config FILE",
            "  medic get --prefix /registry/ranges/             every key that begins so",
            "  medic get --range /registry/a /registry/c        from the first up to the second",
            "Without -o, objects by kubectl's names are shown in kubectl's table, keys with what etcd knows of them.",
            "Two keys are two keys; only --prefix and --range ask for more."
        })
public final class Get implements Command {
    @CommandLine.Mixin
    private Target target = new Target();

    @CommandLine.Option(names = "--range", description = "the keys from the first KEY up to, without, the second")
    private boolean range;

    @CommandLine.Option(names = "--revision", paramLabel = "N", description = "as it was at this revision")
    private Optional<Long> revision = Optional.empty();

    @CommandLine.Mixin
    private Choice choice = new Choice();

    @Override
    public boolean isQuick() {
        return true;
    }

    @Override
    public Report run(Session session) {
        List<Resource> several = several(session);
        if (!several.isEmpty()) {
            return several(session, several);
        }
        Optional<KeyRange> many = many(session);
        Values values = new Values(session);
        if (many.isPresent()) {
            Scan scan = new Scan(revision.map(Revision::of), Scan.Content.VALUES);
            var entries = session.keyspace().scan(many.get(), scan);
            Ranges.requireSome(session, many.get(), entries);
            Iterator<Entry> chosen = choice.of(session, new Listing<>(entries, e -> e));
            boolean some = chosen.hasNext();
            return table(session)
                    .map(resource ->
                            Report.of(new ObjectTable(session, resource, target.allNamespaces()).of(chosen, choice)))
                    .orElseGet(() -> shown(session, values, chosen, false))
                    .exit(some ? ExitCode.OK : ExitCode.FINDINGS)
                    .sayingAfterwards(choice::passedOver);
        }
        List<Key> keys = target.keyHex()
                ? target.words().stream().map(KeyWords::hex).toList()
                : target.reader(session).parse(target.words()).keys();
        return named(session, values, keys);
    }

    /// The resources of `deploy,sts,svc`; none for anything else.
    private List<Resource> several(Session session) {
        if (target.words().size() != 1 || !target.words().getFirst().matches("[A-Za-z.-]+(,[A-Za-z.-]+)+")) {
            return List.of();
        }
        KeyWords reader = target.reader(session);
        List<Optional<Resource>> found = Stream.of(target.words().getFirst().split(",", -1))
                .map(reader::resource)
                .toList();
        return found.stream().allMatch(Optional::isPresent)
                ? found.stream().flatMap(Optional::stream).distinct().toList()
                : List.of();
    }

    private Report several(Session session, List<Resource> resources) {
        List<KeyRange> ranges =
                resources.stream().map(r -> target.folder(session, r)).toList();
        Optional<Revision> at = revision.map(Revision::of)
                .or(() -> Optional.of(session.keyspace().revision()));
        Format format = session.format(Format.TABLE);
        if (format != Format.TABLE && format != Format.WIDE) {
            Iterator<Entry> chosen = choice.of(session, Ranges.entries(session.keyspace(), ranges, at));
            boolean some = chosen.hasNext();
            return shown(session, new Values(session), chosen, false).exit(some ? ExitCode.OK : ExitCode.FINDINGS);
        }
        List<Content.Part> parts = new ArrayList<>();
        for (int i = 0; i < resources.size(); i++) {
            Resource resource = resources.get(i);
            Iterator<Entry> chosen = choice.of(session, Ranges.entries(session.keyspace(), List.of(ranges.get(i)), at));
            if (chosen.hasNext()) {
                parts.add(new Content.Part(
                        "",
                        resource.plural(),
                        new ObjectTable(session, resource, target.allNamespaces()).of(chosen, choice)));
            }
        }
        return Report.of(new Content.Parts(parts))
                .exit(parts.isEmpty() ? ExitCode.FINDINGS : ExitCode.OK)
                .sayingAfterwards(choice::passedOver);
    }

    /// With `-o name` after kubectl's words, kubectl's names.
    private Report shown(Session session, Values values, Iterator<Entry> entries, boolean single) {
        boolean names = session.format(Format.TABLE) == Format.NAME && !range && target.namesObjects();
        return names
                ? Report.of(new Content.Items(new Matching<>(entries, e -> Optional.of(values.named(e))), single))
                : values.report(entries, single);
    }

    /// Every key is looked up before anything is shown; those that are absent are named, and decide the exit code.
    private Report named(Session session, Values values, List<Key> keys) {
        List<Entry> found = new ArrayList<>();
        List<Failure.Absent> absent = new ArrayList<>();
        for (Key key : keys) {
            session.keyspace()
                    .get(key, revision.map(Revision::of))
                    .ifPresentOrElse(found::add, () -> absent.add(Ranges.absent(session, key, "no such key")));
        }
        if (found.isEmpty()) {
            throw absent.getFirst();
        }
        Report report = table(session)
                .map(_ -> Report.of(tables(session, found)))
                .orElseGet(() -> shown(session, values, found.iterator(), keys.size() == 1));
        for (Failure.Absent missing : absent) {
            report = report.saying("medic: " + missing.problem().message()).exit(ExitCode.FINDINGS);
        }
        return report;
    }

    private Optional<Resource> table(Session session) {
        return range ? Optional.empty() : target.tabled(session);
    }

    /// One table for each resource, in the order of the words.
    private Content tables(Session session, List<Entry> found) {
        SequencedMap<Resource, List<Entry>> byResource = new LinkedHashMap<>();
        for (Entry entry : found) {
            session.registry()
                    .parse(entry.key().bytes())
                    .ifPresent(name -> byResource
                            .computeIfAbsent(name.resource(), _ -> new ArrayList<>())
                            .add(entry));
        }
        List<Content.Part> parts = new ArrayList<>();
        byResource.forEach((resource, entries) -> parts.add(new Content.Part(
                "", resource.plural(), new ObjectTable(session, resource, false).of(entries.iterator(), choice))));
        return parts.size() == 1 ? parts.getFirst().content() : new Content.Parts(parts);
    }

    private Optional<KeyRange> many(Session session) {
        Problem reading = Problem.in("reading the command line");
        if (target.all()) {
            return Optional.of(KeyRange.all());
        }
        if (target.prefix()) {
            requireWords(1, "--prefix");
            return Optional.of(
                    KeyRange.prefix(target.key(session, target.words().getFirst())));
        }
        if (range) {
            requireWords(2, "--range");
            return Optional.of(KeyRange.of(
                    target.key(session, target.words().get(0)),
                    target.key(session, target.words().get(1))));
        }
        if (target.words().isEmpty()) {
            throw new Failure.Usage(reading.found("no key")
                    .expected("a key, or a resource and a name")
                    .hint("medic get --help"));
        }
        if (target.keyHex()) {
            return Optional.empty();
        }
        KeyWords.Wanted wanted = target.reader(session).parse(target.words());
        return wanted.all().stream()
                .findFirst()
                .filter(_ -> wanted.keys().isEmpty())
                .map(resource -> target.folder(session, resource));
    }

    private void requireWords(int count, String option) {
        if (target.words().size() != count) {
            throw new Failure.Usage(Problem.in("reading the command line")
                    .found(target.words().size() + " keys")
                    .expected(count + (count == 1 ? " key" : " keys") + " with " + option));
        }
    }
}

package io.etcdmedic.command.inspect;

import io.etcdmedic.codec.Decoded;
import io.etcdmedic.command.Command;
import io.etcdmedic.command.KeyWords;
import io.etcdmedic.command.Place;
import io.etcdmedic.command.Session;
import io.etcdmedic.document.Document;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.kubernetes.ObjectName;
import io.etcdmedic.kubernetes.Resource;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Format;
import io.etcdmedic.render.KeyCell;
import io.etcdmedic.render.Report;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// `find [RESOURCE…]`: objects by what their keys and their contents say, one by one, whatever the size of the
/// source.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic find services --where '!cidr(\"10.43.0.0/16\").containsIP(object.spec.clusterIP)'",
            "  medic find pods -n shop -l app=web --where 'object.status.phase != \"Running\"'",
            "  medic find --where 'has(metadata.deletionTimestamp)'",
            "  medic find deployments --where 'object.?spec.?replicas.orValue(1) > 3' -o yaml",
            "  medic find secrets --where 'timestamp(metadata.creationTimestamp) < now - duration(\"8760h\")' -o name",
            "  medic find --name '*web*' --newer-than 900       changed since revision 900",
            "  medic find --undecodable                         values that nobody can read, and why",
            "  medic find configmaps --where 'size > 500000'    whose stored value has more bytes",
            "The condition is CEL, as in Kubernetes' validation rules, with ip(), cidr(), quantity(), semver(), url().",
            "Its variables: object, metadata, key, resource, name, modRevision, createRevision, version, size, now.",
            "An object that lacks a field that it asks for is no match; has(object.spec.x) asks whether one is there.",
            "Exit code 1 when nothing is found."
        })
public final class Find implements Command {
    private static final List<Column> OBJECTS = List.of(
            Column.of("RESOURCE", "resource"),
            Column.of("NAMESPACE", "namespace"),
            Column.key("NAME", "name"),
            Column.of("MODIFIED", "modRevision"),
            Column.bytes("SIZE", "valueBytes"));
    private static final List<Column> UNREADABLE = List.of(
            Column.key("KEY", "key"),
            Column.of("MODIFIED", "modRevision"),
            Column.bytes("SIZE", "valueBytes"),
            Column.of("WHY", "why"));

    @CommandLine.Parameters(
            arity = "0..*",
            paramLabel = "RESOURCE",
            description = "as in pods or deployments.apps (default: all, at the shell's prompt those in the folder)")
    private List<String> words = new ArrayList<>();

    @CommandLine.Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description = "only this namespace")
    private Optional<String> namespace = Optional.empty();

    @CommandLine.Option(
            names = {"-A", "--all-namespaces"},
            description = "every namespace, which is the default")
    private boolean allNamespaces;

    @CommandLine.Option(names = "--revision", paramLabel = "N", description = "as it was at this revision")
    private Optional<Long> revision = Optional.empty();

    @CommandLine.Mixin
    private Search search = new Search();

    @CommandLine.Mixin
    private Choice choice = new Choice();

    @Override
    public Report run(Session session) {
        if (allNamespaces && namespace.isPresent()) {
            throw new Failure.Usage(
                    Problem.in("reading the command line").found("-n and -A").expected("one of them"));
        }
        List<Resource> resources = resources(session);
        search.prepare(session, namespace);
        Iterator<Entry> entries =
                Ranges.entries(session.keyspace(), ranges(session, resources), revision.map(Revision::of));
        Iterator<Entry> found = choice.of(session, new Matching<>(entries, search::accepts));
        boolean some = found.hasNext();
        return report(session, resources, found)
                .exit(some ? ExitCode.OK : ExitCode.FINDINGS)
                .sayingAfterwards(this::talk);
    }

    private List<String> talk() {
        List<String> talk = new ArrayList<>(search.passedOver());
        talk.addAll(choice.passedOver());
        return talk;
    }

    private List<Resource> resources(Session session) {
        KeyWords reader = new KeyWords(session, namespace.orElse("default"));
        List<Resource> resources = new ArrayList<>();
        for (String word : words) {
            for (String one : word.split(",", -1)) {
                resources.add(reader.resource(one)
                        .filter(_ -> !one.contains("/"))
                        .orElseThrow(() -> new Failure.Usage(Problem.in("reading the command line")
                                .found("'" + one + "', which is no resource")
                                .expected("resources, as in pods, deployments.apps or widgets.example.com")
                                .hint("--name finds objects by their names"))));
            }
        }
        return List.copyOf(resources);
    }

    /// Disjoint, so that nothing is found twice.
    private List<KeyRange> ranges(Session session, List<Resource> resources) {
        if (resources.isEmpty()) {
            return List.of(KeyRange.prefix(everywhere(session)));
        }
        return resources.stream()
                .distinct()
                .map(r -> KeyRange.prefix(Key.of(session.registry().folderOf(r, namespace))))
                .toList();
    }

    /// What is below the current folder, or below the registry's prefix where a namespace says where to look.
    private Key everywhere(Session session) {
        return session.place()
                .filter(at -> !allNamespaces && namespace.isEmpty() && !at.equals(Place.ROOT))
                .map(at -> new Key(at.inside()))
                .orElseGet(() -> Key.of(session.registry().prefix() + "/"));
    }

    private Report report(Session session, List<Resource> resources, Iterator<Entry> found) {
        Format format = session.format(Format.TABLE);
        if (search.unreadable() && format != Format.NAME && format != Format.RAW && format != Format.HEX) {
            return Report.of(new Content.Table(
                    UNREADABLE, new Matching<>(found, e -> Optional.of(unreadable(session, e))), choice.headed()));
        }
        if (format != Format.TABLE && format != Format.WIDE) {
            return new Values(session).report(found, false);
        }
        if (resources.size() == 1) {
            return Report.of(new ObjectTable(session, resources.getFirst(), namespace.isEmpty()).of(found, choice));
        }
        return Report.of(new Content.Table(
                OBJECTS, new Matching<>(found, e -> Optional.of(object(session, e))), choice.headed()));
    }

    private static List<Document> object(Session session, Entry entry) {
        Optional<ObjectName> name = session.registry().parse(entry.key().bytes());
        return List.of(
                name.map(n -> Shown.text(n.resource().qualified())).orElse(Document.Nil.NULL),
                name.map(ObjectName::namespace)
                        .filter(n -> !n.isEmpty())
                        .map(Shown::text)
                        .orElse(Document.Nil.NULL),
                name.map(n -> Shown.text(n.name())).orElseGet(() -> KeyCell.of(entry.key())),
                Shown.number(entry.modRevision().number()),
                Shown.number(entry.value().length()));
    }

    private static List<Document> unreadable(Session session, Entry entry) {
        String why = switch (session.codec().read(entry.key(), entry.value())) {
            case Decoded.Object _ -> "";
            case Decoded.Encrypted encrypted -> encrypted.why().problem().found();
            case Decoded.Undecodable broken -> broken.why().problem().found();
        };
        return List.of(
                KeyCell.of(entry.key()),
                Shown.number(entry.modRevision().number()),
                Shown.number(entry.value().length()),
                Shown.text(why));
    }
}

package io.etcdmedic.command.inspect;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.KeyWords;
import io.etcdmedic.command.Session;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.render.Column;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine;

/// `watch [KEY]`: changes as they happen, each with what was there before.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic watch                             everything below the registry's prefix",
            "  medic watch svc -n shop                 every service of a namespace, in kubectl's table",
            "  medic watch pods -A -l app=web --output-watch-events",
            "  medic watch svc/web -n shop -o jsonl    one, with its value before and after",
            "  medic watch --prefix /registry/leases/ --from-revision 900 --count 10"
        })
public final class Watch implements Command {
    @CommandLine.Mixin
    private Target target = new Target();

    @CommandLine.Mixin
    private Selectors selectors = new Selectors();

    @CommandLine.Option(
            names = "--from-revision",
            paramLabel = "N",
            description = "begin with the changes of this revision (default: what comes)")
    private Optional<Long> fromRevision = Optional.empty();

    @CommandLine.Option(names = "--count", paramLabel = "N", description = "end after so many changes")
    private Optional<Long> count = Optional.empty();

    @CommandLine.Option(names = "--output-watch-events", description = "in the table: what happened, in a first column")
    private boolean typed;

    @CommandLine.Option(names = "--no-headers", description = "no heading above the table")
    private boolean noHeaders;

    @Override
    public Report run(Session session) {
        KeyRange range = range(session);
        OptionalLong changesMax = count.isPresent() ? OptionalLong.of(count.get()) : OptionalLong.empty();
        WatchFilter filter = WatchFilter.of(session, selectors);
        Optional<ObjectTable> table =
                target.tabled(session).map(resource -> new ObjectTable(session, resource, target.allNamespaces()));
        WatchEvents events = new WatchEvents(session, range, fromRevision.map(Revision::of));
        return Report.of(table.<Content>map(t -> new Content.Flow(
                        typed ? t.columns(Column.kubectl("EVENT", "event")) : t.columns(),
                        new WatchRows(session, events, filter, t, typed, changesMax),
                        !noHeaders))
                .orElseGet(() -> new Content.Feed(new WatchItems(session, events, filter, changesMax))));
    }

    private KeyRange range(Session session) {
        if (target.all()) {
            return KeyRange.all();
        }
        List<String> words = target.words();
        if (words.isEmpty()) {
            return KeyRange.prefix(Key.of(session.registry().prefix() + "/"));
        }
        if (target.prefix() || target.keyHex()) {
            requireOne(words.size());
            Key key = target.key(session, words.getFirst());
            return target.prefix() ? KeyRange.prefix(key) : KeyRange.single(key);
        }
        KeyWords.Wanted wanted = target.reader(session).parse(words);
        requireOne(wanted.keys().size() + wanted.all().size());
        return wanted.keys().stream()
                .findFirst()
                .map(KeyRange::single)
                .orElseGet(() -> target.folder(session, wanted.all().getFirst()));
    }

    private static void requireOne(int found) {
        if (found != 1) {
            throw new Failure.Usage(Problem.in("reading the command line")
                    .found(found + " keys")
                    .expected("one key, one resource, or --prefix KEY"));
        }
    }
}
